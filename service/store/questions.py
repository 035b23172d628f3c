"""Asking a store: everything that can be read of incidents and of their sources.

The functions behind these methods know one connection and one lane; here they get both.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from msgspec import structs

from service.domain.boxes import Box
from service.domain.moments import read_instant
from service.domain.situation import Situation
from service.store import (
    beside,
    charting,
    comparing,
    explaining,
    ledger,
    listing,
    lists,
    mementos,
    reading,
    retelling,
    spreading,
    surveying,
    timeline,
)
from service.store.answers import (
    Answer,
    IncidentPage,
    MementoPage,
    Neighbours,
    Question,
    Selection,
)
from service.store.beside import Beside
from service.store.charting import Series, Wanted
from service.store.comparing import Changes, Ends
from service.store.counts import OriginPage, OriginRecord, PublisherPage, PublisherRecord
from service.store.explaining import Page
from service.store.explanations import Explanation
from service.store.ledger import Turn
from service.store.replica import Needs, anywhere
from service.store.retelling import Retold
from service.store.spreading import Spread
from service.store.surveying import LatestUpdates, Survey
from service.store.telling import Telling
from service.store.timeline import Timeline

EVERYTHING = Selection()

Tale = TypeVar("Tale", Answer, Retold)
Line = TypeVar("Line")


class Questions(Telling):
    """What can be asked of the store behind an engine. Safe to share among threads."""

    @anywhere(enough=lambda told, _, known=0: told.version >= known)
    def now(self, incident: str, known: int = 0) -> Answer:  # noqa: ARG002 - for @anywhere
        """The current situation; of a merged incident, that of the one which tells its story on.
        Whoever asks has seen the version `known`.
        """
        with self._reading() as connection:
            return self._told_on(
                incident, lambda name: reading.now(connection, self._lane(name), name, self._by)
            )

    @anywhere(needs=lambda self, incident, question: self._up_to(incident, question))
    def situation(self, incident: str, question: Question) -> Answer:
        """The situation inside the bounds of a question. Raises NotFound, Malformed for the
        future.

        Where the incident had been merged by then, it is that of the other; a version is always one
        of the incident's own.
        """
        asked = structs.replace(question, desk=question.desk or self._by.desk)

        def then(name: str) -> Answer:
            return reading.then(connection, self._lane(name), name, asked, self._clock)

        with self._reading() as connection:
            return then(incident) if question.version else self._told_on(incident, then)

    @anywhere(needs=lambda self, incident, question, _: self._up_to(incident, question))
    def retold(self, incident: str, question: Question, turn: retelling.Turn) -> Retold:
        """The situation inside the bounds of a question with the updates that led to it, those of
        the other incident where it had been merged by then. Raises as `situation` does.
        """
        asked = structs.replace(question, desk=question.desk or self._by.desk)

        def then(name: str) -> Retold:
            place = (self._lane(name), name)
            return retelling.retold(connection, place, asked, turn, self._clock)

        with self._reading() as connection:
            return then(incident) if question.version else self._told_on(incident, then)

    @anywhere(needs=lambda self, incident, ends: self._up_to(incident, ends.start, ends.end))
    def changes(self, incident: str, ends: Ends) -> tuple[Changes, bool]:
        """What changed between two points, and whether that can never change. Raises NotFound,
        Malformed.
        """
        with self._reading() as connection:
            place = (self._lane(incident), incident)
            return comparing.changes_between(connection, place, ends, self._clock)

    @anywhere(needs=lambda self, incident, _, question, **__: self._up_to(incident, question))
    def explain(
        self, incident: str, path: str, question: Question, *, cursor: str | None, limit: int
    ) -> tuple[Explanation, bool]:
        """Every report that bears on a part of the situation, and whether that can never change.
        Raises NotFound, Malformed.
        """
        with self._reading() as connection:
            place, page = (self._lane(incident), incident), Page(cursor, limit)
            return explaining.explain(
                connection, place, path, question=question, page=page, clock=self._clock
            )

    @anywhere(needs=lambda self, incident, _, question: self._up_to(incident, question))
    def series(self, incident: str, wanted: Wanted, question: Question) -> tuple[Series, bool]:
        """A figure step by step, and whether that can never change. Raises NotFound, Malformed."""
        with self._reading() as connection:
            place = (self._lane(incident), incident)
            return charting.series(connection, place, wanted, question, self._clock)

    @anywhere(needs=lambda self, *selection, cursor, **_: self._listed(selection, cursor))
    def incidents(
        self, selection: Selection = EVERYTHING, *, cursor: str | None, limit: int
    ) -> IncidentPage:
        """Incidents in pages. Raises Malformed for another selection's cursor, and for the
        future.
        """
        with self._reading() as connection:
            if selection == EVERYTHING:
                clock = self._clock
                return lists.incident_list(connection, cursor=cursor, limit=limit, clock=clock)
            return listing.selected(
                connection, selection, cursor=cursor, limit=limit, clock=self._clock
            )

    @anywhere(needs=lambda self, selection, *_: self._listed((selection,), None))
    def spread(self, selection: Selection, view: Box, size: int) -> Spread:
        """Where the incidents of a selection lie inside a view. Raises Malformed for the future."""
        with self._reading() as connection:
            return spreading.spread(connection, selection, view, size, self._clock)

    @anywhere(needs=lambda self, selection, _, *, cursor, **__: self._listed((selection,), cursor))
    def survey(
        self,
        selection: Selection,
        tell: Callable[[Survey], Line],
        *,
        cursor: str | None,
        limit: int,
    ) -> tuple[list[Line], str | None]:
        """What is told of each incident of a page of the list and its situation, one after the
        other so that few are held at once, and the cursor of the next page.
        """
        page = self.incidents(selection, cursor=cursor, limit=limit)
        with self._reading() as connection:
            places = [(self._lane(line.incident), line) for line in page.incidents]
            as_of_us = selection.as_of_us
            found = surveying.survey(connection, places, as_of_us=as_of_us, by=self._by)
            return [tell(one) for one in found], page.next

    @anywhere(needs=lambda self, as_of_us, *, cursor, **_: self._latest_by(as_of_us, cursor))
    def latest_updates(
        self, as_of_us: int | None, *, cursor: str | None, limit: int
    ) -> LatestUpdates:
        """The updates of all incidents, the latest recorded first, as they were known at a moment.
        Raises Malformed for the future.
        """
        with self._reading() as connection:
            return surveying.latest_updates(
                connection, as_of_us, cursor=cursor, limit=limit, by=self._by
            )

    @anywhere(needs=lambda self, name, us, *_: self._up_to(name, Question(as_of_us=us)))
    def memento(self, incident: str, moment_us: int, version: int | None = None) -> Neighbours:
        """The memento of a moment, or the version that was recorded then, and those around it."""
        with self._reading() as connection:
            return mementos.mementos_around(
                connection, self._lane(incident), incident, moment_us=moment_us, version=version
            )

    @anywhere()
    def mementos(self, incident: str, *, cursor: str | None, limit: int) -> MementoPage:
        """The incident as each of its updates left it, the oldest first."""
        with self._reading() as connection:
            return mementos.mementos_of(
                connection, self._lane(incident), incident, cursor=cursor, limit=limit
            )

    @anywhere(needs=lambda self, incident, held, *_, **__: self._shown(incident, held))
    def beside(self, incident: str, held: Situation, question: Question, *, most: int) -> Beside:
        """The updates that had come by the moment at which `held` was asked for."""
        with self._reading() as connection:
            place = (self._lane(incident), incident)
            return beside.beside(connection, place, held, question, most=most, by=self._by)

    @anywhere()
    def timeline(self, incident: str) -> Timeline:
        """Where the updates of an incident stand on both clocks."""
        with self._reading() as connection:
            return timeline.timeline_of(connection, self._lane(incident), incident)

    @anywhere()
    def publishers(self, turn: Turn) -> PublisherPage:
        """What became of each publisher's reports."""
        with self._reading() as connection:
            return ledger.publishers(connection, turn._replace(by=self._by))

    @anywhere()
    def publisher(self, key: str, turn: Turn) -> PublisherRecord:
        with self._reading() as connection:
            return ledger.publisher(connection, key, turn._replace(by=self._by))

    @anywhere()
    def origins(self, turn: Turn) -> OriginPage:
        """What became of each origin's reports."""
        with self._reading() as connection:
            return ledger.origins(connection, turn._replace(by=self._by))

    @anywhere()
    def origin(self, key: str, turn: Turn) -> OriginRecord:
        with self._reading() as connection:
            return ledger.origin(connection, key, turn._replace(by=self._by))

    def _told_on(self, incident: str, read: Callable[[str], Tale]) -> Tale:
        """What is read of an incident, or of the one into which it was merged."""
        answer = read(incident)
        passed = {incident}
        immutable = answer.immutable
        while answer.merged_into is not None and answer.merged_into not in passed:
            passed.add(answer.merged_into)
            answer = read(answer.merged_into)
            immutable = immutable and answer.immutable
        return structs.replace(answer, immutable=immutable)

    def _up_to(self, incident: str, *asked: Question | None) -> Needs:
        return Needs(recorded_us=dict.fromkeys([self._lane(incident)], _latest(asked)))

    def _shown(self, incident: str, held: Situation) -> Needs:
        recorded_us = read_instant(held.recorded_at)
        return Needs(recorded_us=dict.fromkeys([self._lane(incident)], recorded_us))

    def _latest_by(self, as_of_us: int | None, cursor: str | None) -> Needs | None:
        return self._listed((Selection(as_of_us=as_of_us),), cursor)

    def _listed(self, asked: tuple[Selection, ...], cursor: str | None) -> Needs | None:
        """A list's next page is for whoever gave the first one."""
        if cursor is not None:
            return None
        return Needs(recorded_us=dict.fromkeys(range(self._lanes), _latest(asked)))


def _latest(asked: Iterable[Question | Selection | None]) -> int:
    """Of the moments that are asked for; 0 for none."""
    return max((one.as_of_us or 0 for one in asked if one is not None), default=0)
