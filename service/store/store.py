"""The store: the log of all incidents and every view of it, behind a handful of functions."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Self

from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from service.domain.moments import write_instant
from service.domain.update import NewIncident, NewUpdate, Writer
from service.errors import IncidentExists, Unavailable
from service.store import keys, ledger, lists, reading, record
from service.store.acts import incidents_named
from service.store.answers import (
    Answer,
    Appended,
    EventPage,
    EventRecord,
    FeedPage,
    IncidentPage,
    Key,
    Question,
    UpdatePage,
    UpdateRecord,
)
from service.store.appending import Appender
from service.store.committer import Committer
from service.store.counts import OriginPage, OriginRecord, PublisherPage, PublisherRecord
from service.store.engine import Clock, Readers, connect, database_clock, missing_file, writing
from service.store.engine import reading as lent
from service.store.lanes import lane_of, read_heads
from service.store.ledger import Turn
from service.store.plan import Request
from service.store.schema import latest_revision
from service.store.slugs import slugs_for


class Store:
    """One store. Safe to share among threads; other processes may use the same database."""

    def __init__(self, engine: Engine, clock: Clock | None = None) -> None:
        self._engine = engine
        self._clock = clock
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
        """The current situation."""
        with self._reading() as connection:
            return reading.now(connection, self._lane(incident), incident)

    def situation(self, incident: str, question: Question) -> Answer:
        """The situation inside the bounds of a question. Raises NotFound, Malformed for the
        future.
        """
        with self._reading() as connection:
            lane = self._lane(incident)
            return reading.then(connection, lane, incident, question, self._clock)

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
            )

    def update(self, incident: str, update_id: str) -> UpdateRecord:
        with self._reading() as connection:
            return lists.one_update(connection, self._lane(incident), incident, update_id)

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
            )

    def event(self, incident: str, version: int) -> EventRecord:
        with self._reading() as connection:
            return record.one_event(connection, self._lane(incident), incident, version)

    def feed(
        self, *, after: str | None, types: Sequence[str], incident: str | None, limit: int
    ) -> FeedPage:
        """Events of all incidents after a cursor, in commit order, none ever missed."""
        place = None if incident is None else (self._lane(incident), incident)
        with self._reading() as connection:
            return record.feed(connection, after=after, types=types, incident=place, limit=limit)

    def incidents(self, *, cursor: str | None, limit: int) -> IncidentPage:
        with self._reading() as connection:
            return lists.incident_list(connection, cursor=cursor, limit=limit)

    def publishers(self, turn: Turn) -> PublisherPage:
        """What became of each publisher's reports."""
        with self._reading() as connection:
            return ledger.publishers(connection, turn)

    def publisher(self, key: str, turn: Turn) -> PublisherRecord:
        with self._reading() as connection:
            return ledger.publisher(connection, key, turn)

    def origins(self, turn: Turn) -> OriginPage:
        """What became of each origin's reports."""
        with self._reading() as connection:
            return ledger.origins(connection, turn)

    def origin(self, key: str, turn: Turn) -> OriginRecord:
        with self._reading() as connection:
            return ledger.origin(connection, key, turn)

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
