"""Lanes: which part of the store an incident lives in, and where each lane stands."""

from collections.abc import Iterable, Sequence
from hashlib import blake2b

from msgspec import Struct, structs
from sqlalchemy import Connection, select

from service.proof.tree import Peaks
from service.store.engine import Clock, is_sqlite, system_clock
from service.store.statements import Batch, Lookup, Update, run
from service.store.tables import lane_heads

_COLUMNS = ("lane", "position", "recorded_us", "tree_size", "peaks", "checkpoint")
_heads = Lookup(lane_heads, keys=("lane",), columns=_COLUMNS)
_lock = (
    "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, lane, position, recorded_us,"
    " tree_size, peaks, checkpoint FROM lane_heads WHERE lane = {} ORDER BY lane FOR UPDATE"
)
_lock_one = _lock.format("%b")
"""Of its own, for PostgreSQL would plan the other one anew each time."""
_lock_all = _lock.format("ANY(%b::smallint[])")
_advance = Update(lane_heads, keys=("lane",), columns=_COLUMNS[1:])
_all_heads = select(lane_heads).order_by(lane_heads.c.lane)


class LaneHead(Struct):
    """The last position and the last moment of recording that a lane has given out, and how far the
    tree over its events has grown: None before its first leaf.
    """

    lane: int
    position: int
    recorded_us: int
    tree_size: int | None = None
    peaks: bytes | None = None
    checkpoint: bytes | None = None

    def tree(self) -> Peaks:
        return Peaks(self.tree_size or 0, self.peaks or b"")


def lane_of(incident: str, lanes: int) -> int:
    return int.from_bytes(blake2b(incident.encode(), digest_size=4).digest()) % lanes


def lock_heads(
    connection: Connection, lanes: Sequence[int], clock: Clock | None
) -> tuple[dict[int, LaneHead], int]:
    """The heads of some lanes, held until the transaction ends, and the time now.

    Lanes are locked in the order given. SQLite holds its one write lock since BEGIN IMMEDIATE.
    """
    if is_sqlite(connection):
        rows = _heads.rows(connection, [{"lane": lane} for lane in lanes])
        now_us = system_clock()
    else:
        found = (_lock_one, lanes) if len(lanes) == 1 else (_lock_all, [list(lanes)])
        answers = run(connection, *found).fetchall()
        now_us = max(now for now, *_ in answers)
        rows = [row for _, *row in answers]
    heads = {row[0]: LaneHead(*row) for row in rows}
    return heads, now_us if clock is None else clock()


def advance(batch: Batch, heads: Iterable[LaneHead]) -> None:
    for head in heads:
        batch.add(_advance, structs.asdict(head))


def read_heads(connection: Connection) -> list[LaneHead]:
    """Every lane of the store, in order."""
    rows = connection.execute(_all_heads)
    return [LaneHead(*row) for row in rows]
