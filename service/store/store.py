"""The store: the log of all incidents and every view of it, behind a handful of functions."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from service.domain.moments import write_instant
from service.domain.update import NewIncident, NewUpdate, Writer
from service.errors import IncidentExists, Unavailable
from service.store import keys
from service.store.acts import incidents_named
from service.store.answers import Appended, Key
from service.store.appending import Appender
from service.store.committer import Committer
from service.store.engine import (
    Clock,
    connect,
    database_clock,
    missing_file,
    sparing,
    writing,
)
from service.store.engine import reading as lent
from service.store.lanes import read_heads
from service.store.plan import Request
from service.store.questions import Questions
from service.store.rebuilding import Progress, rebuild
from service.store.schema import latest_revision
from service.store.slugs import slugs_for


def _nobody(done: int, total: int) -> None:
    """Wants to know of no progress."""


class Store(Questions):
    """One store. Safe to share among threads; other processes may use the same database."""

    def __init__(self, engine: Engine, clock: Clock | None = None) -> None:
        with lent(engine) as connection:
            _refuse_other_schema(connection)
            lanes = len(read_heads(connection))
        super().__init__(engine, lanes, clock)
        self._engine = engine
        self._appender = Appender(engine, clock, self._readers.open_anew)
        self._committer: Committer[Request, Appended] = Committer(self._appender.commit)

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
            _refuse_other_schema(connection)

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

    def _today(self) -> str:
        with self._reading() as connection:
            return write_instant(self._now_us(connection))[:10]

    def _now_us(self, connection: Connection) -> int:
        return database_clock(connection) if self._clock is None else self._clock()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with lent(self._engine) as connection, writing(connection):
            yield connection


def _refuse_other_schema(connection: Connection) -> None:
    try:
        revision = MigrationContext.configure(connection).get_current_revision()
    except DBAPIError as failure:
        raise Unavailable("the database does not answer") from failure
    if revision != latest_revision():
        found = "no store here yet" if revision is None else f"a store of schema {revision}"
        raise Unavailable(
            f"there is {found}; this release needs schema {latest_revision()}: run `sitrep migrate`"
        )
