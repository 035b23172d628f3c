"""What the writer remembers of incidents between two appends, so that it need not read it again."""

from collections import OrderedDict

from msgspec import Struct
from sqlalchemy import Connection, bindparam, select

from service.domain.lifecycle import IncidentKind, IncidentOpened
from service.domain.report import Standing
from service.domain.reports import slot_of
from service.domain.situation import Frame, Situation, situation
from service.domain.standing import EVERYBODY, Bounds
from service.store.index import SlotId, SlotState, slot_id, slot_states, standing_at
from service.store.tables import incidents

REMEMBERED = 512

_heads = select(
    incidents.c.incident,
    incidents.c.lane,
    incidents.c.version,
    incidents.c.position,
    incidents.c.recorded_us,
    incidents.c.opened_title,
    incidents.c.kind,
    incidents.c.leaf,
).where(
    incidents.c.lane.in_(bindparam("lanes", expanding=True)),
    incidents.c.incident.in_(bindparam("names", expanding=True)),
)


class Held(Struct):
    """One incident as of its head."""

    lane: int
    incident: str
    opening: IncidentOpened
    version: int
    position: int
    recorded_us: int
    leaf: bytes
    standing: dict[SlotId, Standing]
    states: dict[SlotId, SlotState]
    situation: Situation

    def ordered(self) -> tuple[Standing, ...]:
        return in_order(self.standing.values())


def in_order(standing: object) -> tuple[Standing, ...]:
    return tuple(sorted(standing, key=lambda held: (held.root, held.version)))  # type: ignore[call-overload]


def by_slot(standing: tuple[Standing, ...]) -> dict[SlotId, Standing]:
    slots = {}
    for held in standing:
        slot = slot_of(held.report, held.origin, held.root)
        if slot is not None:
            slots[slot_id(slot)] = held
    return slots


class Memory:
    """The most recently written incidents. Only the committer touches it, one at a time."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, Held] = OrderedDict()

    def read(self, connection: Connection, wanted: dict[str, int]) -> dict[str, Held]:
        """The incidents that exist among `wanted` (name → lane), as of now."""
        if not wanted:
            return {}
        rows = connection.execute(
            _heads, {"lanes": sorted(set(wanted.values())), "names": sorted(wanted)}
        )
        return {row.incident: self._current(connection, row) for row in rows}

    def keep(self, held: Held) -> None:
        self._held[held.incident] = held
        self._held.move_to_end(held.incident)
        if len(self._held) > REMEMBERED:
            self._held.popitem(last=False)

    def forget(self, incident: str) -> None:
        self._held.pop(incident, None)

    def _current(self, connection: Connection, row: object) -> Held:
        known = self._held.get(row.incident)  # type: ignore[attr-defined]
        if known is not None and known.version == row.version:  # type: ignore[attr-defined]
            return known
        return _load(connection, row)


def _load(connection: Connection, row: object) -> Held:
    lane, incident, version = row.lane, row.incident, row.version  # type: ignore[attr-defined]
    opening = IncidentOpened(title=row.opened_title, kind=IncidentKind(row.kind))  # type: ignore[attr-defined]
    found = standing_at(connection, lane, incident, Bounds(version=version), EVERYBODY)
    frame = Frame(
        incident=incident,
        version=version,
        position=row.position,  # type: ignore[attr-defined]
        recorded_us=row.recorded_us,  # type: ignore[attr-defined]
    )
    return Held(
        lane=lane,
        incident=incident,
        opening=opening,
        version=version,
        position=frame.position,
        recorded_us=frame.recorded_us,
        leaf=row.leaf,  # type: ignore[attr-defined]
        standing=by_slot(found),
        states=slot_states(connection, lane, incident),
        situation=situation(frame, opening, found),
    )
