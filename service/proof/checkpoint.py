"""What a log signs of itself: its name, how many events it has, and the root of their tree
(c2sp.org/tlog-checkpoint).
"""

import base64
import binascii
import re
from typing import NamedTuple, Self

from service.proof.doubt import Doubt
from service.proof.note import Signer, Verifier
from service.proof.tree import HASH_BYTES

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class Checkpoint(NamedTuple):
    origin: str
    size: int
    root: bytes

    @classmethod
    def read(cls, text: str) -> Self:
        """From the text of a note. Raises Doubt."""
        lines = text.split("\n")
        try:
            origin, size, encoded = lines[:3]
            root = base64.b64decode(encoded, validate=True)
        except (ValueError, binascii.Error) as broken:
            raise Doubt("it is no checkpoint") from broken
        if not origin or _SIZE.fullmatch(size) is None or len(root) != HASH_BYTES:
            raise Doubt("it is no checkpoint")
        return cls(origin, int(size), root)

    @classmethod
    def signed(cls, note: bytes, verifier: Verifier) -> Self:
        """From a note that a key signed. Raises Doubt."""
        return cls.read(verifier.signed(note))

    def sign(self, signer: Signer) -> bytes:
        root = base64.b64encode(self.root).decode()
        return signer.sign(f"{self.origin}\n{self.size}\n{root}\n")


def origin_of(name: str, lane: int, lanes: int) -> str:
    """What the log of a lane goes by. A store of one lane is one log, and goes by its signer's
    name.
    """
    return name if lanes == 1 else f"{name}/{lane}"
