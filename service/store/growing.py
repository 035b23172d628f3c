"""Growing the trees over the log: with every commit by the leaves of its events, and the new root
signed in the same transaction.

A tree is signed only as the continuation of one that this signer signed before. Whatever was
changed behind its back is never covered by a new signature: the checkpoint then stays as it was,
until `sitrep verify` has named what changed and somebody signs anew.
"""

import logging
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, bindparam, func, select

from service.proof.checkpoint import Checkpoint, origin_of
from service.proof.doubt import Doubt
from service.proof.note import Signer
from service.proof.tree import HASH_BYTES, Peaks, leaf_hash, root_of
from service.store.engine import Clock, writing
from service.store.lanes import LaneHead, advance, lock_heads, read_heads
from service.store.statements import Batch, Insert
from service.store.tables import events, tiles

TILE_HEIGHT = 8
TILE = 1 << TILE_HEIGHT
"""Hashes in a tile (c2sp.org/tlog-tiles). Only full ones are kept."""

AT_ONCE = 10_000
MOST_AT_ONCE = 100_000
"""Leaves that a tree grows by in one transaction, when it has many to catch up with."""

_log = logging.getLogger("sitrep")
_insert_tile = Insert(tiles)
_leaves = (
    select(events.c.leaf)
    .where(
        events.c.lane == bindparam("of_lane"),
        events.c.position > bindparam("after"),
        events.c.position <= bindparam("until"),
    )
    .order_by(events.c.position)
)
_last_tile = select(func.max(tiles.c.number)).where(
    tiles.c.lane == bindparam("of_lane"), tiles.c.level == bindparam("of_level")
)
_roots = (
    select(tiles.c.root)
    .where(
        tiles.c.lane == bindparam("of_lane"),
        tiles.c.level == bindparam("of_level"),
        tiles.c.number.between(bindparam("first"), bindparam("last")),
    )
    .order_by(tiles.c.number)
)


class Trees:
    """The trees of a store's lanes, as one process grows them. Used by one thread at a time."""

    def __init__(self, signer: Signer | None, lanes: int) -> None:
        self._signer = signer
        self._lanes = lanes
        self._signed: dict[int, tuple[bytes, bytes | None]] = {}
        self._doubted: set[int] = set()

    def grow(self, connection: Connection, head: LaneHead, leaves: Sequence[bytes]) -> None:
        """A locked lane got leaves, its last ones: its tree grows by them and by those before that
        it does not have yet.
        """
        first = head.position - len(leaves)
        try:
            tree = head.tree()
        except ValueError as garbled:
            self._complain(head.lane, str(garbled))
            return
        signs = self._signer is not None and self._goes_on(head, tree, first)
        for leaf in leaves_between(connection, head.lane, tree.size, first):
            tree.push(leaf)
        for leaf in leaves:
            tree.push(leaf)
        head.tree_size, head.peaks = tree.size, tree.stored()
        if signs:
            self.sign(head, tree)

    def catch_up(self, connection: Connection, head: LaneHead, *, anew: bool) -> bool:
        """A locked lane's tree grows by some of the leaves that it does not have yet; whether it
        has all of them now. `anew` it is signed whoever signed it before.
        """
        size = head.tree_size or 0
        try:
            tree = head.tree()
        except ValueError as garbled:
            self._complain(head.lane, str(garbled))
            return True
        signs = anew or self._goes_on(head, tree, head.position)
        until = min(head.position, size + MOST_AT_ONCE)
        for leaf in leaves_between(connection, head.lane, size, until):
            tree.push(leaf)
        head.tree_size, head.peaks = tree.size, tree.stored()
        fill_tiles(connection, head.lane, before=size, size=tree.size)
        if signs:
            self.sign(head, tree)
        return tree.size == head.position

    def sign(self, head: LaneHead, tree: Peaks) -> None:
        if self._signer is not None:
            origin = origin_of(self._signer.name, head.lane, self._lanes)
            head.checkpoint = Checkpoint(origin, tree.size, tree.root()).sign(self._signer)
            self._signed[head.lane] = head.checkpoint, tree.stored()

    def _goes_on(self, head: LaneHead, tree: Peaks, recorded: int) -> bool:
        """Whether the tree is the one that was signed last; of an empty log nothing was."""
        if head.checkpoint is None:
            if recorded and self._signer is not None:
                self._complain(head.lane, "its checkpoint is gone")
            return recorded == 0
        if self._signed.get(head.lane) == (head.checkpoint, head.peaks):
            return True
        why = self._doubt(head.checkpoint, tree)
        if why is None:
            self._doubted.discard(head.lane)
        else:
            self._complain(head.lane, why)
        return why is None

    def _complain(self, lane: int, why: str) -> None:
        """Once: it goes on until somebody has looked."""
        if lane not in self._doubted:
            self._doubted.add(lane)
            _log.error("lane %s is not signed any more: %s; run `sitrep verify`", lane, why)

    def _doubt(self, note: bytes, tree: Peaks) -> str | None:
        if self._signer is None:
            return "there is no signer"
        try:
            last = Checkpoint.signed(note, self._signer.verifier)
        except Doubt as doubt:
            return f"its checkpoint does not hold: {doubt}"
        if (last.size, last.root) != (tree.size, tree.root()):
            return "its tree is not the one of its checkpoint"
        return None


def grow_all(
    connection: Connection, trees: Trees, clock: Clock | None, *, anew: bool = False
) -> None:
    """Every lane's tree over all of its events, and signed where it may be; `anew` it may be
    whoever signed it before. Lanes are locked one at a time, and not for long.
    """
    for lane in [head.lane for head in read_heads(connection)]:
        while True:
            with writing(connection):
                head = lock_heads(connection, [lane], clock)[0][lane]
                done = trees.catch_up(connection, head, anew=anew)
                batch = Batch()
                advance(batch, [head])
                batch.write(connection)
            if done:
                break


def fill_tiles(connection: Connection, lane: int, *, before: int, size: int) -> None:
    """Keep the tiles that are full since a tree grew from one size to another. Its events are in
    the log.
    """
    if size // TILE > before // TILE:
        _fill(connection, lane, level=0, entries=size)


def leaves_between(connection: Connection, lane: int, after: int, until: int) -> Iterable[bytes]:
    """The leaves of the events after one position until another, in their order."""
    while after < until:
        part = {"of_lane": lane, "after": after, "until": min(until, after + AT_ONCE)}
        yield from connection.execute(_leaves, part).scalars()
        after += AT_ONCE


def roots_between(
    connection: Connection, lane: int, level: int, first: int, last: int
) -> list[bytes]:
    """The roots of some full tiles."""
    asked = {"of_lane": lane, "of_level": level, "first": first, "last": last}
    return list(connection.execute(_roots, asked).scalars())


def _fill(connection: Connection, lane: int, *, level: int, entries: int) -> None:
    """`entries` are how many hashes the tiles of a level have together."""
    last = connection.execute(_last_tile, {"of_lane": lane, "of_level": level}).scalar()
    wanted = range(0 if last is None else last + 1, entries // TILE)
    for number in wanted:
        first = number * TILE
        if level == 0:
            hashes = list(map(leaf_hash, leaves_between(connection, lane, first, first + TILE)))
        else:
            hashes = roots_between(connection, lane, level - 1, first, first + TILE - 1)
        row = {
            "lane": lane,
            "level": level,
            "number": number,
            "root": root_of(hashes),
            "hashes": b"".join(hashes),
        }
        batch = Batch()
        batch.add(_insert_tile, row)
        batch.write(connection)
    if wanted and entries // TILE >= TILE:
        _fill(connection, lane, level=level + 1, entries=entries // TILE)


def hashes_of(stored: bytes) -> list[bytes]:
    return [stored[at : at + HASH_BYTES] for at in range(0, len(stored), HASH_BYTES)]
