"""Signed notes and their keys, as C2SP has them (c2sp.org/signed-note), with Ed25519.

A note is lines of text, a blank line, and a line `— name base64(key id ‖ signature)` for each
signature. A verifier is written `name+keyid+base64(0x01 ‖ public key)`, and is all that it takes to
check what the signer signed; a signer is written `PRIVATE+KEY+name+keyid+base64(0x01 ‖ seed)`.
"""

import base64
import binascii
import re
from hashlib import sha256
from typing import NamedTuple, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from service.proof.doubt import Doubt

ED25519 = b"\x01"
PRIVATE = "PRIVATE+KEY+"
KEY_BYTES = 32
ID_BYTES = 4
_NAME = re.compile(r"[^\s+]{1,200}")
_SIGNATURE = re.compile(r"— (\S+) (\S+)")


class Verifier(NamedTuple):
    """Checks signatures of one key."""

    name: str
    key: bytes

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises ValueError."""
        name, key = _read_key(text.strip())
        if text.strip() != _written(name, key, key):
            raise ValueError("the key's id is not that of its name and its bytes")
        return cls(name, key)

    def __str__(self) -> str:
        return _written(self.name, self.key, self.key)

    @property
    def id(self) -> bytes:
        return _id_of(self.name, self.key)

    def signed(self, note: bytes) -> str:
        """The text of a note that this key signed. Raises Doubt."""
        text, signatures = _parts(note)
        for name, signature in signatures:
            if name == self.name and signature[:ID_BYTES] == self.id:
                try:
                    key = Ed25519PublicKey.from_public_bytes(self.key)
                    key.verify(signature[ID_BYTES:], text.encode())
                except InvalidSignature as other:
                    raise Doubt(f"the signature of {self.name} does not hold") from other
                return text
        raise Doubt(f"it is not signed by {self.name} with the key {self.id.hex()}")


class Signer:
    def __init__(self, name: str, seed: bytes) -> None:
        """Raises ValueError for a name with spaces or plus signs, and for a seed that is none."""
        if _NAME.fullmatch(name) is None:
            raise ValueError("a signer's name has 1 to 200 characters, no space and no plus sign")
        self._seed = seed
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = Verifier(name, self._key.public_key().public_bytes_raw())
        self._line = f"— {name} "

    @classmethod
    def new(cls, name: str) -> Self:
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises ValueError."""
        stripped = text.strip()
        if not stripped.startswith(PRIVATE):
            raise ValueError(f"a signer begins with {PRIVATE}")
        signer = cls(*_read_key(stripped.removeprefix(PRIVATE)))
        if signer.written() != stripped:
            raise ValueError("the key's id is not that of its name and its bytes")
        return signer

    @property
    def name(self) -> str:
        return self.verifier.name

    def written(self) -> str:
        """With the secret in it."""
        return PRIVATE + _written(self.name, self.verifier.key, self._seed)

    def sign(self, text: str) -> bytes:
        """The text, which ends a line, as a signed note."""
        signature = base64.b64encode(self.verifier.id + self._key.sign(text.encode())).decode()
        return f"{text}\n{self._line}{signature}\n".encode()


def _written(name: str, public: bytes, secret_or_public: bytes) -> str:
    encoded = base64.b64encode(ED25519 + secret_or_public).decode()
    return f"{name}+{_id_of(name, public).hex()}+{encoded}"


def _id_of(name: str, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + ED25519 + public).digest()[:ID_BYTES]


def _read_key(text: str) -> tuple[str, bytes]:
    parts = text.split("+", 2)
    if len(parts) != 3 or _NAME.fullmatch(parts[0]) is None:
        raise ValueError("a key is written name+id+base64")
    try:
        encoded = base64.b64decode(parts[2], validate=True)
    except binascii.Error as broken:
        raise ValueError("a key ends in base64") from broken
    if encoded[:1] != ED25519 or len(encoded) != 1 + KEY_BYTES:
        raise ValueError("it is no Ed25519 key")
    return parts[0], encoded[1:]


def _parts(note: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    """The text and who signed it. Raises Doubt for what is no note."""
    try:
        whole = note.decode()
        text, _, rest = whole.rpartition("\n\n")
        found = [_SIGNATURE.fullmatch(line) for line in rest.split("\n")[:-1]]
        signatures = [
            (line[1], base64.b64decode(line[2], validate=True))
            for line in found
            if line is not None
        ]
    except ValueError as broken:
        raise Doubt("it is no signed note") from broken
    if not text or not rest.endswith("\n") or len(signatures) != len(found) or not signatures:
        raise Doubt("it is no signed note")
    return f"{text}\n", signatures
