"""Which events of an incident do not hold any more: retracted, or replaced by a correction."""

from collections import deque
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, bindparam, select

from service.domain.report import Event, Publisher
from service.store.logged import STORED_EVENT
from service.store.sealing import read_event, read_payload
from service.store.tables import events, updates, voids

AT_ONCE = 500
TOGETHER = 50
"""So many updates are read with their events at once."""

_voids = select(voids.c.target, voids.c.root, voids.c.by).where(
    voids.c.lane == bindparam("of_lane"), voids.c.incident == bindparam("of_incident")
)
_updates = (
    select(updates.c.first_version, updates.c.version, updates.c.position, updates.c.recorded_us)
    .where(updates.c.lane == bindparam("of_lane"), updates.c.incident == bindparam("of_incident"))
    .order_by(updates.c.recorded_us)
)
_after = _updates.where(updates.c.recorded_us > bindparam("after")).limit(TOGETHER)
_update_ids = (
    select(events.c.update_id)
    .distinct()
    .where(
        events.c.lane == bindparam("of_lane"),
        events.c.incident == bindparam("of_incident"),
        events.c.version.in_(bindparam("versions", expanding=True)),
    )
)
_holding = _updates.where(updates.c.update_id.in_(bindparam("ids", expanding=True)))
_events = STORED_EVENT.where(
    events.c.lane == bindparam("of_lane"),
    events.c.incident == bindparam("of_incident"),
    events.c.version.between(bindparam("first"), bindparam("last")),
).order_by(events.c.version)


class Told(Struct, frozen=True, kw_only=True):
    """An update as it was recorded, but for what was erased since; `position` is that of its first
    event.
    """

    lane: int
    incident: str
    first_version: int
    version: int
    position: int
    recorded_us: int
    events: Sequence[Event]
    publisher: Publisher | None
    summary: str | None

    @property
    def place(self) -> dict[str, Any]:
        return {"lane": self.lane, "incident": self.incident}


class Falls:
    """The events of an incident that fell, at whatever version one asks."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self._voids = [tuple(row) for row in rows]

    @classmethod
    def read(cls, connection: Connection, lane: int, incident: str) -> "Falls":
        place = {"of_lane": lane, "of_incident": incident}
        return cls(connection.execute(_voids, place))

    def at(self, version: int, unseen: Container[int] = frozenset()) -> set[int]:
        """What had fallen at a version. A correction that is retracted or withheld makes nothing
        fall.
        """
        seen = [void for void in self._voids if void[2] <= version and void[2] not in unseen]
        retracted = {target for target, root, _ in seen if target == root}
        return {target for target, _, by in seen if by not in retracted and target <= version}


def updates_with(
    connection: Connection, lane: int, incident: str, versions: set[int]
) -> Iterator[Told]:
    """The updates that these events came with, in their order."""
    place = {"of_lane": lane, "of_incident": incident}
    wanted = sorted(versions)
    known: set[bytes] = set()
    for begin in range(0, len(wanted), AT_ONCE):
        asked = {**place, "versions": wanted[begin : begin + AT_ONCE]}
        ids = set(connection.execute(_update_ids, asked).scalars()) - known
        known |= ids
        if ids:
            for row in connection.execute(_holding, {**place, "ids": sorted(ids)}).all():
                yield from _several(connection, lane, incident, [row])


def all_updates(connection: Connection, lane: int, incident: str) -> Iterator[Told]:
    """Every update of an incident, from the first on, a few at a time."""
    place = {"of_lane": lane, "of_incident": incident, "after": -1}
    while rows := connection.execute(_after, place).all():
        yield from _several(connection, lane, incident, rows)
        place["after"] = rows[-1].recorded_us


def _several(
    connection: Connection, lane: int, incident: str, rows: Sequence[Any]
) -> Iterator[Told]:
    """Updates that follow one another, whose events are read together."""
    span = {"first": rows[0].first_version, "last": rows[-1].version}
    place = {"of_lane": lane, "of_incident": incident, **span}
    events = deque(connection.execute(_events, place).mappings())
    for row in rows:
        found = []
        while events and events[0]["version"] <= row.version:
            found.append(events.popleft())
        yield _told(lane, incident, row, found)


def _told(lane: int, incident: str, row: Any, found: Sequence[Mapping[Any, Any]]) -> Told:
    payloads = [read_payload(row["body"]) for row in found if row["body"] is not None]
    return Told(
        lane=lane,
        incident=incident,
        first_version=row.first_version,
        version=row.version,
        position=row.position - (row.version - row.first_version),
        recorded_us=row.recorded_us,
        events=tuple(read_event(event) for event in found),
        publisher=payloads[0].publisher if payloads else None,
        summary=payloads[0].summary if payloads else None,
    )
