"""The store: the log of all incidents and every view of it, behind a handful of functions."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from typing import Self

from alembic.migration import MigrationContext
from msgspec import structs
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from service.domain.moments import write_instant
from service.domain.update import NewIncident, NewUpdate, Writer
from service.errors import IncidentExists, Unavailable
from service.store import (
    charting,
    comparing,
    explaining,
    keys,
    ledger,
    listing,
    lists,
    mementos,
    reading,
    record,
)
from service.store.acts import incidents_named
from service.store.answers import (
    Answer,
    Appended,
    EventPage,
    EventRecord,
    FeedPage,
    IncidentPage,
    Key,
    MementoPage,
    Neighbours,
    Question,
    Selection,
    UpdatePage,
    UpdateRecord,
)
from service.store.appending import Appender
from service.store.charting import Series, Wanted
from service.store.committer import Committer
from service.store.comparing import Changes, Ends
from service.store.counts import OriginPage, OriginRecord, PublisherPage, PublisherRecord
from service.store.engine import (
    Clock,
    Readers,
    connect,
    database_clock,
    missing_file,
    sparing,
    writing,
)
from service.store.engine import reading as lent
from service.store.explaining import Page
from service.store.explanations import Explanation
from service.store.lanes import lane_of, read_heads
from service.store.ledger import Turn
from service.store.plan import Request
from service.store.rebuilding import Progress, rebuild
from service.store.schema import latest_revision
from service.store.slugs import slugs_for
from service.store.withholding import Reader

EVERYTHING = Selection()


def _nobody(done: int, total: int) -> None:
    """Wants to know of no progress."""


class Store:
    """One store. Safe to share among threads; other processes may use the same database."""

    def __init__(self, engine: Engine, clock: Clock | None = None) -> None:
        self._engine = engine
        self._clock = clock
        self._by = Reader(clock)
        self._readers = Readers(engine)
        self._appender = Appender(engine, clock)
        self._committer: Committer[Request, Appended] = Committer(self._appender.commit)
        with lent(engine) as connection:
            self._refuse_other_schema(connection)
            self._lanes = len(read_heads(connection))

    @classmethod
    def connect(cls, url: str, *, clock: Clock | None = None) -> Self:
        """Open a migrated store. Raises Unavailable where there is none, or one of another
        release.
        """
        engine = connect(url)
        if (file := missing_file(engine)) is not None:
            raise Unavailable(f"there is no store at {file}: run `sitrep migrate`")
        try:
            return cls(engine, clock)
        except BaseException:
            engine.dispose()
            raise

    def as_desk(self) -> Self:
        """The same store, read by the desk, from whom nothing is withheld."""
        seen = copy(self)
        seen._by = Reader(self._clock, desk=True)
        return seen

    def close(self) -> None:
        self._readers.close()
        self._appender.close()
        self._engine.dispose()

    @property
    def lanes(self) -> int:
        return self._lanes

    def open(self, incident: NewIncident, by: Writer) -> Appended:
        """Open an incident with its first reports. Raises IncidentExists, IdReused, Refused,
        Forbidden.
        """
        for slug in slugs_for(incident, self._today()):
            try:
                return self._submit(slug, incident.update, by, opening=incident)
            except IncidentExists:
                if incident.incident is not None:
                    raise
        raise IncidentExists(incident.title)

    def append(
        self, incident: str, update: NewUpdate, by: Writer, *, expecting: int | None = None
    ) -> Appended:
        """Append one update, all or nothing; durable when this returns.

        Raises NotFound, VersionConflict (the incident is not at `expecting`), IdReused, Refused
        (with pointers), Forbidden, and Unavailable, after which the same update may be sent again.
        """
        return self._submit(incident, update, by, expecting=expecting)

    def now(self, incident: str) -> Answer:
        """The current situation; of a merged incident, that of the one which tells its story on."""
        with self._reading() as connection:
            return self._told_on(
                incident, lambda name: reading.now(connection, self._lane(name), name, self._by)
            )

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

    def changes(self, incident: str, ends: Ends) -> tuple[Changes, bool]:
        """What changed between two points, and whether that can never change. Raises NotFound,
        Malformed.
        """
        with self._reading() as connection:
            place = (self._lane(incident), incident)
            return comparing.changes_between(connection, place, ends, self._clock)

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

    def series(self, incident: str, wanted: Wanted, question: Question) -> tuple[Series, bool]:
        """A figure step by step, and whether that can never change. Raises NotFound, Malformed."""
        with self._reading() as connection:
            place = (self._lane(incident), incident)
            return charting.series(connection, place, wanted, question, self._clock)

    def updates(
        self, incident: str, *, cursor: str | None, limit: int, ascending: bool
    ) -> UpdatePage:
        with self._reading() as connection:
            return lists.updates_of(
                connection,
                self._lane(incident),
                incident,
                cursor=cursor,
                limit=limit,
                ascending=ascending,
                by=self._by,
            )

    def update(self, incident: str, update_id: str) -> UpdateRecord:
        with self._reading() as connection:
            lane = self._lane(incident)
            return lists.one_update(connection, lane, incident, update_id, self._by)

    def events(
        self, incident: str, *, after_version: int, types: Sequence[str], limit: int
    ) -> EventPage:
        with self._reading() as connection:
            return record.events_of(
                connection,
                self._lane(incident),
                incident,
                after_version=after_version,
                types=types,
                limit=limit,
                by=self._by,
            )

    def event(self, incident: str, version: int) -> EventRecord:
        with self._reading() as connection:
            return record.one_event(connection, self._lane(incident), incident, version, self._by)

    def feed(
        self, *, after: str | None, types: Sequence[str], incident: str | None, limit: int
    ) -> FeedPage:
        """Events of all incidents after a cursor, in commit order, none ever missed."""
        place = None if incident is None else (self._lane(incident), incident)
        with self._reading() as connection:
            return record.feed(
                connection, after=after, types=types, incident=place, limit=limit, by=self._by
            )

    def incidents(
        self, selection: Selection = EVERYTHING, *, cursor: str | None, limit: int
    ) -> IncidentPage:
        """Incidents in pages. Raises Malformed for another selection's cursor, and for the
        future.
        """
        with self._reading() as connection:
            if selection == EVERYTHING:
                return lists.incident_list(
                    connection, cursor=cursor, limit=limit, clock=self._clock
                )
            return listing.selected(
                connection, selection, cursor=cursor, limit=limit, clock=self._clock
            )

    def memento(self, incident: str, moment_us: int, version: int | None = None) -> Neighbours:
        """The memento of a moment, or the version that was recorded then, and those around it."""
        with self._reading() as connection:
            return mementos.mementos_around(
                connection,
                self._lane(incident),
                incident,
                moment_us=moment_us,
                version=version,
            )

    def mementos(self, incident: str, *, cursor: str | None, limit: int) -> MementoPage:
        """The incident as each of its updates left it, the oldest first."""
        with self._reading() as connection:
            return mementos.mementos_of(
                connection, self._lane(incident), incident, cursor=cursor, limit=limit
            )

    def publishers(self, turn: Turn) -> PublisherPage:
        """What became of each publisher's reports."""
        with self._reading() as connection:
            return ledger.publishers(connection, turn._replace(by=self._by))

    def publisher(self, key: str, turn: Turn) -> PublisherRecord:
        with self._reading() as connection:
            return ledger.publisher(connection, key, turn._replace(by=self._by))

    def origins(self, turn: Turn) -> OriginPage:
        """What became of each origin's reports."""
        with self._reading() as connection:
            return ledger.origins(connection, turn._replace(by=self._by))

    def origin(self, key: str, turn: Turn) -> OriginRecord:
        with self._reading() as connection:
            return ledger.origin(connection, key, turn._replace(by=self._by))

    def authenticate(self, key: str) -> Writer | None:
        with self._reading() as connection:
            return keys.authenticate(connection, key)

    def add_key(self, name: str, role: str) -> str:
        with self._writing() as connection:
            return keys.add_key(connection, name, role, self._now_us(connection))

    def keys(self) -> tuple[Key, ...]:
        with self._reading() as connection:
            return keys.list_keys(connection)

    def revoke_key(self, name: str) -> None:
        with self._writing() as connection:
            keys.revoke_key(connection, name, self._now_us(connection))

    def rebuild(self, *, only_older: bool = False, progress: Progress = _nobody) -> int:
        """Derive every view and the index again from the log, or only those that an older release
        derived; how many incidents. Answers and writers go on meanwhile.
        """
        with lent(self._engine) as connection, sparing(connection):
            return rebuild(connection, only_older=only_older, progress=progress)

    def ready(self) -> None:
        """Raises Unavailable where the store cannot be read or has another release's schema."""
        with self._reading() as connection:
            self._refuse_other_schema(connection)

    def _submit(
        self,
        incident: str,
        update: NewUpdate,
        by: Writer,
        *,
        opening: NewIncident | None = None,
        expecting: int | None = None,
    ) -> Appended:
        return self._committer.submit(
            Request(
                lane=self._lane(incident),
                incident=incident,
                update=update,
                by=by,
                opening=opening,
                expecting=expecting,
                others={name: self._lane(name) for name in incidents_named(update)},
            )
        )

    def _told_on(self, incident: str, read: Callable[[str], Answer]) -> Answer:
        """What is read of an incident, or of the one into which it was merged."""
        answer = read(incident)
        passed = {incident}
        immutable = answer.immutable
        while answer.merged_into is not None and answer.merged_into not in passed:
            passed.add(answer.merged_into)
            answer = read(answer.merged_into)
            immutable = immutable and answer.immutable
        return structs.replace(answer, immutable=immutable)

    def _lane(self, incident: str) -> int:
        return lane_of(incident, self._lanes)

    def _today(self) -> str:
        with self._reading() as connection:
            return write_instant(self._now_us(connection))[:10]

    def _now_us(self, connection: Connection) -> int:
        return database_clock(connection) if self._clock is None else self._clock()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._readers.reading() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with lent(self._engine) as connection, writing(connection):
            yield connection

    def _refuse_other_schema(self, connection: Connection) -> None:
        try:
            revision = MigrationContext.configure(connection).get_current_revision()
        except DBAPIError as failure:
            raise Unavailable("the database does not answer") from failure
        if revision != latest_revision():
            found = "no store here yet" if revision is None else f"a store of schema {revision}"
            raise Unavailable(
                f"there is {found}; this release needs schema {latest_revision()}: "
                "run `sitrep migrate`"
            )
