"""Rebuilding what one incident is listed and searched by, from nothing but its events."""

from collections.abc import Sequence

from sqlalchemy import Connection, Delete, Table, delete

from service.domain.derived import Derived
from service.domain.editorial import ReportCorrected, ReportRetracted
from service.domain.lifecycle import IncidentOpened
from service.domain.report import Event, Standing
from service.domain.reports import slot_of
from service.domain.situation import Frame, Situation, situation
from service.domain.standing import EVERYBODY, Bounds, stands_for
from service.store.asking import opening_seen
from service.store.cataloguing import Cataloguer, Listed
from service.store.falling import Falls, Told, all_updates
from service.store.index import SlotId, by_slot, in_order, slot_id, standing_at
from service.store.reading import brief_of
from service.store.shelves import catalogue, links, places, texts
from service.store.statements import Batch

AT_ONCE = 200


def recatalogue(
    connection: Connection,
    lane: int,
    incident: str,
    *,
    opening: IncidentOpened,
    opened_us: int,
    unseen: frozenset[int],
) -> None:
    """Write the catalogue's rows of an incident anew, inside the caller's transaction.

    They are those that its appends wrote, but for the words of what was erased since. The index of
    standing reports must be right; memory does not grow with the number of incidents. What the
    public does not see now, it never did.
    """
    for table in (catalogue, places, links, texts):
        connection.execute(_everything(table, lane, incident))
    story = _Story(connection, opening_seen(opening, incident, unseen), unseen)
    falls = Falls.read(connection, lane, incident)
    batch = Batch()
    cataloguer = Cataloguer(connection, batch)
    before = Listed(story.beginning(incident), b"", opened_us)
    for number, told in enumerate(all_updates(connection, lane, incident), start=1):
        then = story.after(told)
        after = Listed(then, brief_of(then), opened_us)
        cataloguer.note(told, before, after)
        cataloguer.tell(told, unseen, acts=_acts(told.events), falls=falls)
        before = after
        if number % AT_ONCE == 0:
            cataloguer.finish()
            batch.write(connection)
    cataloguer.finish()
    batch.write(connection)


class _Story:
    """An incident told again, update by update."""

    def __init__(
        self, connection: Connection, opening: IncidentOpened, unseen: frozenset[int]
    ) -> None:
        self._connection = connection
        self._unseen = unseen
        self._opening = opening
        self._standing: dict[SlotId, Standing] = {}
        self._derived = Derived()

    def beginning(self, incident: str) -> Situation:
        frame = Frame(incident=incident, version=0, position=0, recorded_us=0)
        return situation(frame, self._opening, ())

    def after(self, told: Told) -> Situation:
        if _acts(told.events):
            bounds = Bounds(version=told.version, withheld=self._unseen)
            found = standing_at(self._connection, told.lane, told.incident, bounds, EVERYBODY)
            self._standing = by_slot(found)
        else:
            for event in told.events:
                if event.version not in self._unseen:
                    self._stand(event)
        frame = Frame(incident=told.incident, version=told.version, position=0, recorded_us=0)
        standing = in_order(self._standing.values())
        self._derived = Derived(self._derived)
        return situation(frame, self._opening, standing, self._derived)

    def _stand(self, event: Event) -> None:
        held = stands_for(event, event)
        slot = slot_of(held.report, held.origin, held.root)
        if slot is not None:
            place = slot_id(slot)
            if place not in self._standing or self._standing[place].rank < held.rank:
                self._standing[place] = held


def _acts(events: Sequence[Event]) -> bool:
    return any(isinstance(event.report, ReportCorrected | ReportRetracted) for event in events)


def _everything(table: Table, lane: int, incident: str) -> Delete:
    return delete(table).where(table.c.lane == lane, table.c.incident == incident)
