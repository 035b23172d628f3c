"""Lanes: which part of the store an incident lives in, and where each lane stands."""

from collections.abc import Sequence
from hashlib import blake2b

from msgspec import Struct
from sqlalchemy import Connection, bindparam, select, text, update

from service.store.engine import Clock, is_sqlite, system_clock
from service.store.statements import Statement
from service.store.tables import lane_heads

_CLOCK = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"

_head = select(lane_heads.c.lane, lane_heads.c.position, lane_heads.c.recorded_us).where(
    lane_heads.c.lane == bindparam("of_lane")
)
_read_head = Statement(_head)
_lock_head = Statement(_head.add_columns(text(_CLOCK)).with_for_update())
_all_heads = select(lane_heads.c.lane, lane_heads.c.position, lane_heads.c.recorded_us)
_advance = Statement(
    update(lane_heads)
    .where(lane_heads.c.lane == bindparam("of_lane"))
    .values(position=bindparam("new_position"), recorded_us=bindparam("new_recorded_us"))
)


class LaneHead(Struct):
    """The last position and the last moment of recording that a lane has given out."""

    lane: int
    position: int
    recorded_us: int


def lane_of(incident: str, lanes: int) -> int:
    return int.from_bytes(blake2b(incident.encode(), digest_size=4).digest()) % lanes


def lock_heads(
    connection: Connection, lanes: Sequence[int], clock: Clock | None
) -> tuple[dict[int, LaneHead], int]:
    """The heads of some lanes, held until the transaction ends, and the time now.

    Lanes are locked in the order given. SQLite holds its one write lock since BEGIN IMMEDIATE.
    """
    wanted = [{"of_lane": lane} for lane in lanes]
    if is_sqlite(connection):
        rows = _read_head.each(connection, wanted)
        now_us = system_clock()
    else:
        rows = _lock_head.each(connection, wanted)
        now_us = max(row[3] for row in rows)
    heads = {row[0]: LaneHead(*row[:3]) for row in rows}
    return heads, now_us if clock is None else clock()


def advance(connection: Connection, heads: Sequence[LaneHead]) -> None:
    _advance.write(
        connection,
        [
            {
                "of_lane": head.lane,
                "new_position": head.position,
                "new_recorded_us": head.recorded_us,
            }
            for head in heads
        ],
    )


def read_heads(connection: Connection) -> list[LaneHead]:
    """Every lane of the store, in order."""
    rows = connection.execute(_all_heads.order_by(lane_heads.c.lane))
    return [LaneHead(*row) for row in rows]
