"""Keeping the ledger: what an update's events add to it, in the append's own transaction.

The rows follow from the events alone; `service.store.rebooking` derives them again by the same
hands.
"""

from collections.abc import Collection, Container, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from service.domain.ledger import (
    ACTS_ON_REPORTS,
    CLAIMS,
    Amendments,
    Interval,
    Source,
    amendments,
    count_of,
    interval_of,
    intervals,
    moved,
    outcome,
    sources_of,
    whole_of,
)
from service.domain.report import Event
from service.domain.reports import EVENT_NAMES
from service.domain.situation import Situation
from service.store.books import (
    CORRECTED,
    RETRACTED,
    First,
    Firsts,
    blank,
    each,
    read_book,
    write_first,
)
from service.store.entries import Page, Place, write_entries
from service.store.logged import AMONG, IN_INCIDENT
from service.store.sealing import uuid_bytes
from service.store.statements import Batch
from service.store.tables import events, voids

if TYPE_CHECKING:
    from service.store.held import Held

MOST_AT_ONCE = 500

_envelopes = select(events.c.version, events.c.publisher, events.c.origin, events.c.type).where(
    IN_INCIDENT, AMONG
)
_retracted = (
    select(voids.c.target)
    .where(
        voids.c.lane == bindparam("of_lane"),
        voids.c.incident == bindparam("of_incident"),
        voids.c.root == voids.c.target,
        voids.c.retracts == 1,
    )
    .group_by(voids.c.target)
    .having(func.min(voids.c.by) >= bindparam("since"))
)


class Erased(NamedTuple):
    """What is left of an event whose payload was erased: a report all the same."""

    publisher: str
    origin: str
    type: str
    recorded_us: int


class Done(NamedTuple):
    """What an update did about reports: what was amended before and after it, and which reports it
    retracted that were not retracted before.
    """

    was: Amendments
    now: Amendments
    retracted: frozenset[int]

    @property
    def corrected(self) -> set[int]:
        """Whose correction is another one than before, or none."""
        return _differing(self.was.corrected, self.now.corrected)

    @property
    def versions(self) -> set[int]:
        remarked = self.was.disputed ^ self.now.disputed | self.was.endorsed ^ self.now.endorsed
        return self.corrected | remarked | self.retracted

    def counted(self, version: int, publisher: str) -> dict[str, int]:
        """What one report adds to its sources' counts."""
        was, now = self.was, self.now
        own = (was.corrected.get(version) == publisher, now.corrected.get(version) == publisher)
        return {
            "corrections": (version in now.corrected) - (version in was.corrected),
            "own_corrections": own[1] - own[0],
            "retractions": int(version in self.retracted),
            "disputed": (version in now.disputed) - (version in was.disputed),
            "endorsed": (version in now.endorsed) - (version in was.endorsed),
        }


class Bookkeeper:
    """Books the updates of a round; `finish` puts the rows into the batch."""

    def __init__(self, connection: Connection, batch: Batch) -> None:
        self._connection = connection
        self._batch = batch
        self._pages: dict[str, Page] = {}
        self._changed: dict[int, tuple[First, Place]] = {}

    def book(self, told: Sequence[Event], before: "Held", after: "Held") -> None:
        """One update. Where it acts on reports, its rows of the index are written already. Acts
        that are withheld do not count.
        """
        page = self._pages.get(after.incident)
        if page is None:
            page = self.open({"lane": after.lane, "incident": after.incident}, before)
        after.book = page.book
        touched = self.count(told, page, after.unseen.versions)
        acts = any(isinstance(event.report, ACTS_ON_REPORTS) for event in told)
        if acts or before.unseen.versions != after.unseen.versions:
            was, now = (amendments(held.standing.values()) for held in (before, after))
            done = Done(was, now, self.retracted(page, since=told[0].version))
            touched |= self.amend(done, page, told)
        self.settle(before.situation, after.situation, touched, page)

    def open(self, place: Place, before: "Held | None" = None) -> Page:
        """An incident's page: blank where it has been nothing before."""
        if before is None or before.version == 0:
            book = blank()
        else:
            book = before.book or read_book(self._connection, place)
        page = self._pages[place["incident"]] = Page(place, book)
        return page

    def count(self, told: Iterable[Event | Erased], page: Page, unseen: Container[int]) -> set[str]:
        """Count one update's reports; the figures that have another first count by it. What is
        withheld gives none.
        """
        touched: set[str] = set()
        for event in told:
            publisher, origin, kind = _envelope(event)
            by_publisher, *by_origin = sources_of(publisher, origin)
            entries = page.entry(by_publisher), *map(page.entry, by_origin)
            for entry in entries:
                entry.tell(event.recorded_us, claim=kind in CLAIMS)
            if isinstance(event, Event):
                event_id = uuid_bytes(event.event_id)
                for entry in entries:
                    source = event.publisher if entry is entries[0] else event.origin
                    entry.know(source, event_id)
                if event.version not in unseen:
                    touched |= self._enter(event, page)
        return touched

    def retracted(self, page: Page, *, since: int) -> frozenset[int]:
        """What was not retracted before the event `since`, and is."""
        found = self._connection.execute(_retracted, {**_of(page), "since": since})
        return frozenset(found.scalars())

    def amend(self, done: Done, page: Page, told: Sequence[Event] = ()) -> set[str]:
        """Count what was done about reports; the figures whose first count it touches. `told` are
        events that may not be in the log yet.
        """
        for version, (publisher, origin, kind) in self._envelopes(done.versions, page, told):
            if kind in CLAIMS:
                for source in sources_of(publisher, origin):
                    entry = page.entry(source)
                    for field, number in done.counted(version, publisher).items():
                        entry.add(field, number)
        touched: set[str] = set()
        for first in page.book.all_firsts():
            amended = first.amended
            if first.version in done.corrected:
                corrected = first.version in done.now.corrected
                amended = amended & ~CORRECTED | CORRECTED * corrected
            if first.version in done.retracted:
                amended |= RETRACTED
            if amended != first.amended:
                first.amended = amended
                touched.add(first.figure)
                self._changed[id(first)] = (first, page.place)
        return touched

    def settle(
        self,
        before: Situation | None,
        after: Situation,
        touched: Collection[str],
        page: Page,
    ) -> None:
        """Hold the first counts of what moved, or was touched, against what stands now."""
        book = page.book
        for whole in {*moved(before, after), *map(whole_of, touched)}:
            figures = book.firsts.get(whole)
            if figures is None:
                continue
            was = book.shown.get(whole)
            if was is None:
                was = intervals(before, whole)
            now = book.shown[whole] = intervals(after, whole)
            if was == now and not touched:
                continue
            for figure, held in figures.items():
                if figure in touched or was.get(figure) != now.get(figure):
                    self._judge(held, now.get(figure), page)

    def finish(self) -> None:
        write_entries(self._batch, self._pages.values())
        for first, place in self._changed.values():
            write_first(self._batch, first, place)
        self._pages, self._changed = {}, {}

    def _enter(self, event: Event, page: Page) -> set[str]:
        """The figure that an event counts, where no earlier count of its source is known."""
        counted = count_of(event)
        if counted is None:
            return set()
        source = Source(event.publisher.key, event.origin.key)
        known = page.book.of(counted.figure).get(source)
        if known is not None and known.rank < (event.published_us, event.version):
            return set()
        given = interval_of(counted.quantity)
        if given is None:
            return set()
        first = First(
            publisher=source.publisher,
            origin=source.origin,
            figure=counted.figure,
            version=event.version,
            published_us=event.published_us,
            low=given.low,
            high=given.high,
            is_new=known is None or known.is_new,
        )
        for own, replaced in page.book.enter(first).items():
            entry = page.entry(own)
            entry.add(first.outcome, 1)
            if replaced is not None:
                entry.add(replaced.outcome, -1)
        self._changed.pop(id(known), None)
        self._changed[id(first)] = (first, page.place)
        return {counted.figure}

    def _judge(self, held: Firsts, present: Interval | None, page: Page) -> None:
        for first in list(each(held)):
            fares = outcome(first.interval, present, amended=bool(first.amended)).value
            if fares == first.outcome:
                continue
            for source in sources_of(first.publisher, first.origin):
                if held[source] is first:
                    entry = page.entry(source)
                    entry.add(first.outcome, -1)
                    entry.add(fares, 1)
            first.outcome = fares
            self._changed[id(first)] = (first, page.place)

    def _envelopes(
        self, versions: set[int], page: Page, told: Sequence[Event]
    ) -> Iterable[tuple[int, tuple[str, str, str]]]:
        found = {event.version: _envelope(event) for event in told if event.version in versions}
        yield from found.items()
        rest = sorted(versions - found.keys())
        for begin in range(0, len(rest), MOST_AT_ONCE):
            some = rest[begin : begin + MOST_AT_ONCE]
            for row in self._connection.execute(_envelopes, {**_of(page), "versions": some}):
                yield row.version, (row.publisher, row.origin, row.type)


def _envelope(event: Event | Erased) -> tuple[str, str, str]:
    if isinstance(event, Erased):
        return event.publisher, event.origin, event.type
    return event.publisher.key, event.origin.key, EVENT_NAMES[type(event.report)]


def _of(page: Page) -> dict[str, Any]:
    return {"of_lane": page.place["lane"], "of_incident": page.place["incident"]}


def _differing(was: Any, now: Any) -> set[int]:
    return {key for key in was.keys() | now.keys() if was.get(key) != now.get(key)}
