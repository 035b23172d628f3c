"""Holding a lane's tiles to its events, as these are walked past."""

from sqlalchemy import Connection, bindparam, func, select

from service.proof.doubt import Doubt
from service.proof.tree import leaf_hash, root_of
from service.proof.walk import Entry
from service.store.growing import TILE, TILE_HEIGHT, hashes_of
from service.store.tables import tiles

_tile = select(tiles.c.root, tiles.c.hashes).where(
    tiles.c.lane == bindparam("of_lane"),
    tiles.c.level == bindparam("of_level"),
    tiles.c.number == bindparam("of_number"),
)
_tiles_of = select(func.count()).where(tiles.c.lane == bindparam("of_lane"))


class TilesBeside:
    """Beside a walk through a log whose tree has `size` leaves."""

    def __init__(self, connection: Connection, lane: int, size: int) -> None:
        self._connection = connection
        self._lane = lane
        self._size = size
        self._hashes: list[list[bytes]] = [[]]
        self._full = 0

    def pass_by(self, entry: Entry) -> None:
        """Raises Doubt, which names the event that a tile holds otherwise."""
        if entry.position > self._size - self._size % TILE:
            return
        self._push(0, leaf_hash(entry.leaf), entry)

    def end(self) -> None:
        kept = self._connection.execute(_tiles_of, {"of_lane": self._lane}).scalar_one()
        if kept != self._full:
            raise Doubt(f"lane {self._lane} keeps {kept} tiles, and its events make {self._full}")

    def _push(self, level: int, new: bytes, last: Entry) -> None:
        if level == len(self._hashes):
            self._hashes.append([])
        hashes = self._hashes[level]
        hashes.append(new)
        if len(hashes) < TILE:
            return
        number = (last.position - 1) >> TILE_HEIGHT * (level + 1)
        asked = {"of_lane": self._lane, "of_level": level, "of_number": number}
        kept = self._connection.execute(_tile, asked).first()
        name, root = f"tile {level}/{number} of lane {self._lane}", root_of(hashes)
        if kept is None:
            raise Doubt(f"{name} is missing")
        for at, held in enumerate(hashes_of(kept.hashes)):
            if held != hashes[at] and level == 0:
                position = last.position - TILE + at + 1
                raise Doubt(f"position {position}: the log holds another event than {name}")
        if kept.hashes != b"".join(hashes) or kept.root != root:
            raise Doubt(f"{name} is not what its events make")
        self._full += 1
        hashes.clear()
        self._push(level + 1, root, last)
