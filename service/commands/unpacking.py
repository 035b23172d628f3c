"""Files packed with Zstandard, read as they come: nothing is held but the piece at hand."""

import io
from collections.abc import Iterator
from typing import Any, BinaryIO

import zstandard

from service.errors import Malformed

PIECE = 64 * 1024
PACKED = 512
"""Bytes that are unpacked at once: four of them may hold 128 KiB, so these 16 MiB at the most."""


def unpacked(raw: BinaryIO, name: str) -> BinaryIO:
    """What the file holds. Raises Malformed, while reading, where it is damaged or cut off."""
    return io.BufferedReader(_Pieces(_unpack(raw, name)), PIECE)


def _unpack(raw: BinaryIO, name: str) -> Iterator[bytes]:
    frame = zstandard.ZstdDecompressor().decompressobj()
    while packed := raw.read(PACKED):
        while packed:
            if frame.eof:
                frame = zstandard.ZstdDecompressor().decompressobj()
            try:
                yield frame.decompress(packed)
            except zstandard.ZstdError as damaged:
                raise Malformed(f"{name} cannot be unpacked: {damaged}") from damaged
            packed = frame.unused_data
    if not frame.eof:
        raise Malformed(f"{name} is cut off")


class _Pieces(io.RawIOBase):
    """Pieces of bytes as a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size
