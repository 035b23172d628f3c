"""What a witness keeps: the signed checkpoints that it saw, one after the other, in a file of its
own, out of reach of whoever could change the log.
"""

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from service.proof.checkpoint import Checkpoint
from service.proof.doubt import Doubt
from service.proof.note import Verifier


def read_witness(file: Path, verifiers: Sequence[Verifier]) -> Mapping[str, list[Checkpoint]]:
    """The checkpoints that a file holds, by the log's name, as they came. A file that is not there
    holds none. Raises Doubt for a note that none of these keys signed.
    """
    seen: defaultdict[str, list[Checkpoint]] = defaultdict(list)
    for note in _notes(file):
        checkpoint = signed_by_any(note, verifiers)
        seen[checkpoint.origin].append(checkpoint)
    return seen


def append_witness(file: Path, note: bytes) -> None:
    """Keep one more note, on the disk when this returns."""
    with file.open("ab") as opened:
        opened.write(note + b"\n")
        opened.flush()
        os.fsync(opened.fileno())


def signed_by_any(note: bytes, verifiers: Sequence[Verifier]) -> Checkpoint:
    """Raises Doubt where none of these keys signed a note."""
    doubts = []
    for verifier in verifiers:
        try:
            return Checkpoint.signed(note, verifier)
        except Doubt as doubt:
            doubts.append(str(doubt))
    raise Doubt(f"a checkpoint: {'; '.join(doubts) or 'there is no key to check it by'}")


def _notes(file: Path) -> list[bytes]:
    try:
        parts = file.read_bytes().split(b"\n\n")
    except FileNotFoundError:
        return []
    texts, signatures = parts[:-1:2], parts[1::2]
    if len(texts) != len(signatures) or parts[-1].strip():
        raise Doubt(f"{file} holds something else than signed notes")
    return [text + b"\n\n" + by + b"\n" for text, by in zip(texts, signatures, strict=True)]
