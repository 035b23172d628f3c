"""What the writer remembers of incidents between two appends, so that it need not read it again."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from msgspec import Struct, structs
from sqlalchemy import Connection

from service.domain.derived import Derived
from service.domain.lifecycle import IncidentKind, IncidentOpened
from service.domain.reasons import Known
from service.domain.report import Standing
from service.domain.situation import Frame, Situation, situation
from service.domain.standing import EVERYBODY, Bounds
from service.store.asking import opening_seen
from service.store.books import Book
from service.store.index import SlotId, by_slot, in_order, standing_at
from service.store.indexing import SlotState, slot_states
from service.store.lanes import LaneHead
from service.store.reading import brief_of
from service.store.rebuilding import is_older, rebuild_incident
from service.store.statements import Lookup
from service.store.tables import incidents
from service.store.withholding import Withheld, withheld_then

REMEMBERED = 512


class _Head(NamedTuple):
    incident: str
    lane: int
    version: int
    position: int
    recorded_us: int
    opened_us: int
    opened_title: str
    kind: str
    leaf: bytes
    edition: int
    derived_version: int
    release_us: int | None
    erased_version: int | None


_heads = Lookup(incidents, keys=("lane", "incident"), columns=_Head._fields)


class Held(Struct):
    """One incident as of its head."""

    lane: int
    incident: str
    opening: IncidentOpened
    version: int
    position: int
    recorded_us: int
    opened_us: int
    leaf: bytes
    standing: dict[SlotId, Standing]
    states: dict[SlotId, SlotState]
    situation: Situation
    brief: bytes
    derived: Derived
    unseen: Withheld = Withheld()
    """What the public did not see when the head was recorded. All else here is what it did."""
    erased_version: int | None = None
    """The event that last erased words of it."""
    book: Book | None = None
    """Its part of the ledger, once that was needed."""

    @property
    def place(self) -> dict[str, Any]:
        return {"of_lane": self.lane, "of_incident": self.incident}

    def known(self) -> Known:
        return Known(self.situation, self.standing.values())

    @property
    def frame(self) -> Frame:
        return Frame(
            incident=self.incident,
            version=self.version,
            position=self.position,
            recorded_us=self.recorded_us,
        )

    def ordered(self) -> tuple[Standing, ...]:
        return in_order(self.standing.values())


def read_again(connection: Connection, lane: int, incident: str) -> Held:
    """An incident as it was derived anew in this transaction."""
    row = _heads.first(connection, {"lane": lane, "incident": incident})
    return _load(connection, _Head(*row))


def known_to_desk(connection: Connection, held: Held) -> Situation:
    """What the desk knows, from whom nothing is withheld."""
    if not held.unseen.versions:
        return held.situation
    bounds = Bounds(version=held.version)
    found = standing_at(connection, held.lane, held.incident, bounds, EVERYBODY)
    return situation(held.frame, held.opening, found)


class Memory:
    """The most recently written incidents. Only the committer touches it, one at a time.

    While a lane stands where this process left it, nobody else has written there, and what is
    remembered of its incidents holds without a question to the database.
    """

    def __init__(self) -> None:
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._left_at: dict[int, int] = {}

    def read(
        self, connection: Connection, wanted: Mapping[str, int], heads: Mapping[int, LaneHead]
    ) -> dict[str, Held]:
        """The incidents that exist among `wanted` (name → lane), as of the locked heads."""
        moved = {lane for lane, head in heads.items() if self._left_at.get(lane) != head.position}
        found = {
            name: self._held[name]
            for name, lane in wanted.items()
            if lane not in moved and name in self._held
        }
        asked = [
            {"lane": lane, "incident": name} for name, lane in wanted.items() if name not in found
        ]
        for row in _heads.rows(connection, asked) if asked else ():
            head = _Head(*row)
            found[head.incident] = self._current(connection, head)
        self._drop(moved)
        return found

    def keep(self, written: Iterable[Held], heads: Iterable[LaneHead]) -> None:
        """What a committed round wrote, and where it left its lanes."""
        for held in written:
            self._held[held.incident] = held
            self._held.move_to_end(held.incident)
        for head in heads:
            self._left_at[head.lane] = head.position
        while len(self._held) > REMEMBERED:
            self._held.popitem(last=False)

    def forget(self) -> None:
        """Remember nothing, after a round whose outcome is not known."""
        self._held.clear()
        self._left_at.clear()

    def _drop(self, lanes: set[int]) -> None:
        for name in [name for name, held in self._held.items() if held.lane in lanes]:
            del self._held[name]

    def _current(self, connection: Connection, head: _Head) -> Held:
        known = self._held.get(head.incident)
        if known is not None and known.version == head.version:
            return known
        return _load(connection, head)


def _load(connection: Connection, head: _Head) -> Held:
    """Read from what is derived; where an older release derived it, only once that is done again.
    The lane is locked.
    """
    if is_older(head.edition, head.derived_version, head.version):
        rebuild_incident(connection, head.lane, head.incident)
    opening = IncidentOpened(title=head.opened_title, kind=IncidentKind(head.kind))
    place = {"of_lane": head.lane, "of_incident": head.incident}
    bounds, unseen = Bounds(version=head.version), Withheld()
    if head.release_us is not None:
        unseen = withheld_then(connection, place, bounds, head.recorded_us)
        bounds = structs.replace(bounds, withheld=unseen.versions)
    found = standing_at(connection, head.lane, head.incident, bounds, EVERYBODY)
    frame = Frame(
        incident=head.incident,
        version=head.version,
        position=head.position,
        recorded_us=head.recorded_us,
    )
    derived = Derived()
    shown = opening_seen(opening, head.incident, unseen.versions)
    then = situation(frame, shown, found, derived)
    return Held(
        lane=head.lane,
        incident=head.incident,
        opening=opening,
        version=head.version,
        position=head.position,
        recorded_us=head.recorded_us,
        opened_us=head.opened_us,
        leaf=head.leaf,
        standing=by_slot(found),
        states=slot_states(connection, head.lane, head.incident),
        situation=then,
        brief=brief_of(then),
        derived=derived,
        unseen=unseen,
        erased_version=head.erased_version,
    )
