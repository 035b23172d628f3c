"""The lines of files of updates, one by one: plain files, packed ones, or stdin."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from service.commands.unpacking import unpacked

STDIN = "-"
PACKED = ".zst"
LONGEST = 16 * 1024 * 1024
"""Bytes that a line may have: it is held in memory whole."""


class Line(NamedTuple):
    """`place` is where an editor finds it. `text` is None where it was too long to be held."""

    place: str
    text: bytes | None


class Source(NamedTuple):
    name: str
    size: int | None
    file: BinaryIO
    lines: Iterator[Line]

    def done(self) -> int:
        """Bytes of the file, as it lies on the disk, that have been read."""
        return 0 if self.size is None else self.file.tell()


@contextmanager
def opened(name: str) -> Iterator[Source]:
    """A file's lines. `-` is stdin; what ends in `.zst` is unpacked on the way."""
    if name == STDIN:
        stdin = sys.stdin.buffer
        yield Source("stdin", None, stdin, _lines("stdin", stdin))
        return
    path = Path(name)
    with path.open("rb") as file:
        stream: BinaryIO = unpacked(file, name) if path.suffix == PACKED else file
        yield Source(name, path.stat().st_size, file, _lines(name, stream))


def _lines(name: str, stream: BinaryIO) -> Iterator[Line]:
    """Every line that is not blank."""
    number = 0
    while text := stream.readline(LONGEST):
        number += 1
        place = f"{name}:{number}"
        if len(text) == LONGEST and not text.endswith(b"\n"):
            _skip_the_rest(stream)
            yield Line(place, None)
        elif text.strip():
            yield Line(place, text)


def _skip_the_rest(stream: BinaryIO) -> None:
    while piece := stream.readline(LONGEST):
        if piece.endswith(b"\n"):
            return
