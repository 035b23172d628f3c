"""Exporting: the log as lines that prove themselves (service.proof.bundle), from one snapshot,
never more than a page of it in memory.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, bindparam

from service.errors import NotFound, Unavailable
from service.proof.bundle import Ending, Heading, Line
from service.proof.tree import Nodes, inclusion
from service.store.lanes import read_heads
from service.store.proving import head_of, nodes_of
from service.store.record import RECORDED_WHOLE
from service.store.sealing import stored_envelope
from service.store.signers import known_verifiers
from service.store.tables import events, updates
from service.store.updated import SHARED

PAGE = 500

_encode = msgspec.json.Encoder().encode
_with_update = RECORDED_WHOLE.add_columns(updates.c.digest, updates.c.first_version).outerjoin(
    updates,
    and_(*(updates.c[name] == events.c[name] for name in SHARED)),
)
_in_lane = _with_update.where(
    events.c.lane == bindparam("of_lane"),
    events.c.position > bindparam("after"),
    events.c.position <= bindparam("until"),
).order_by(events.c.position)
_of_incident = (
    _with_update.where(
        events.c.lane == bindparam("of_lane"),
        events.c.incident == bindparam("of_incident"),
        events.c.version > bindparam("after"),
        events.c.position <= bindparam("until"),
    )
    .order_by(events.c.version)
    .limit(PAGE)
)


def export_all(connection: Connection) -> Iterator[bytes]:
    """Every event, lane by lane, in the order of positions. Raises Unavailable where a lane is not
    signed.
    """
    heads = [head_of(connection, head.lane) for head in read_heads(connection)]
    yield _line(_heading(connection, None, dict(enumerate(heads))))
    number = 0
    for told in events_in(connection, [head.size for head in heads]):
        number += 1
        yield _line(told)
    yield _line(Ending(events=number))


def events_in(connection: Connection, sizes: Sequence[int]) -> Iterator[Line]:
    """The first events of each lane, as many as are asked for, in the order of positions."""
    for lane, size in enumerate(sizes):
        for after in range(0, size, PAGE):  # stretches, as service.store.verifying has them
            stretch = {"of_lane": lane, "after": after, "until": min(after + PAGE, size)}
            yield from map(_event, connection.execute(_in_lane, stretch))


def export_incident(connection: Connection, lane: int, incident: str) -> Iterator[bytes]:
    """Every event of one incident, each with its proof. Raises NotFound."""
    head = head_of(connection, lane)
    asked = {"of_lane": lane, "of_incident": incident, "after": 0, "until": head.size}
    rows = connection.execute(_of_incident, asked).all()
    if not rows:
        raise NotFound(f"there is no incident {incident}")
    yield _line(_heading(connection, incident, {lane: head}))
    nodes, number = nodes_of(connection, lane, head.size), 0
    while rows:
        for row in rows:
            yield _line(_event(row, path=_path(row, head.size, nodes)))
        number += len(rows)
        rows = connection.execute(_of_incident, {**asked, "after": rows[-1].version}).all()
    yield _line(Ending(events=number))


def _heading(connection: Connection, incident: str | None, heads: dict[int, Any]) -> Heading:
    verifiers = known_verifiers(connection)
    if not verifiers:
        raise Unavailable("nobody signs the store: run `sitrep migrate`")
    return Heading(
        incident=incident,
        lanes=len(read_heads(connection)),
        checkpoints={lane: head.checkpoint.decode() for lane, head in heads.items()},
        verifiers=tuple(map(str, verifiers)),
    )


def _event(row: Any, path: tuple[str, ...] | None = None) -> Line:
    return Line(
        lane=row.lane,
        position=row.position,
        envelope=stored_envelope(row).decode(),
        commitment=row.commitment.hex(),
        leaf=row.leaf.hex(),
        salt=None if row.salt is None else row.salt.hex(),
        payload=None if row.body is None else row.body.decode(),
        update=row.digest.hex() if row.version == row.first_version else None,
        path=path,
    )


def _path(row: Any, size: int, nodes: Nodes) -> tuple[str, ...]:
    return tuple(step.hex() for step in inclusion(row.position - 1, size, nodes))


def _line(told: Any) -> bytes:
    return bytes(_encode(told)) + b"\n"
