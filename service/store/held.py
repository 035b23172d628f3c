"""What the writer remembers of incidents between two appends, so that it need not read it again."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct
from sqlalchemy import Connection

from service.domain.derived import Derived
from service.domain.lifecycle import IncidentKind, IncidentOpened
from service.domain.report import Standing
from service.domain.reports import slot_of
from service.domain.situation import Frame, Situation, situation
from service.domain.standing import EVERYBODY, Bounds
from service.store.index import SlotId, SlotState, slot_id, slot_states, standing_at
from service.store.statements import Lookup
from service.store.tables import incidents

REMEMBERED = 512


class _Head(NamedTuple):
    incident: str
    lane: int
    version: int
    position: int
    recorded_us: int
    opened_title: str
    kind: str
    leaf: bytes


_heads = Lookup(incidents, keys=("lane", "incident"), columns=_Head._fields)


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
    derived: Derived

    def ordered(self) -> tuple[Standing, ...]:
        return in_order(self.standing.values())


def in_order(standing: Iterable[Standing]) -> tuple[Standing, ...]:
    return tuple(sorted(standing, key=lambda held: (held.root, held.version)))


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
        keys = [{"lane": lane, "incident": incident} for incident, lane in wanted.items()]
        rows = _heads.rows(connection, keys)
        heads = [_Head(*row) for row in rows]
        return {head.incident: self._current(connection, head) for head in heads}

    def keep(self, held: Held) -> None:
        self._held[held.incident] = held
        self._held.move_to_end(held.incident)
        if len(self._held) > REMEMBERED:
            self._held.popitem(last=False)

    def forget(self, incident: str) -> None:
        self._held.pop(incident, None)

    def _current(self, connection: Connection, head: _Head) -> Held:
        known = self._held.get(head.incident)
        if known is not None and known.version == head.version:
            return known
        return _load(connection, head)


def _load(connection: Connection, head: _Head) -> Held:
    opening = IncidentOpened(title=head.opened_title, kind=IncidentKind(head.kind))
    bounds = Bounds(version=head.version)
    found = standing_at(connection, head.lane, head.incident, bounds, EVERYBODY)
    frame = Frame(
        incident=head.incident,
        version=head.version,
        position=head.position,
        recorded_us=head.recorded_us,
    )
    derived = Derived()
    return Held(
        lane=head.lane,
        incident=head.incident,
        opening=opening,
        version=head.version,
        position=head.position,
        recorded_us=head.recorded_us,
        leaf=head.leaf,
        standing=by_slot(found),
        states=slot_states(connection, head.lane, head.incident),
        situation=situation(frame, opening, found, derived),
        derived=derived,
    )
