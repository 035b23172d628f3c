"""The store: the log of all incidents and every view of it, behind a handful of functions."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from service.domain.moments import write_instant
from service.domain.update import NewIncident, NewUpdate, Writer
from service.errors import IncidentExists, Unavailable
from service.store import keys, uses
from service.store.acts import incidents_named
from service.store.answers import Appended, Key, KeyUsePage
from service.store.appending import Appender
from service.store.audit import Audit
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
from service.store.keys import Holder
from service.store.lanes import read_heads
from service.store.plan import Request
from service.store.questions import Questions
from service.store.rebuilding import Progress, rebuild
from service.store.schema import latest_revision
from service.store.slugs import slugs_for
from service.store.uses import Use

DAY_US = 86_400_000_000


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
        self._appender = Appender(engine, clock)
        self._audit = Audit(self._write_uses)
        self._keep_us: int | None = None
        self._dropped_us = 0
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
        self._audit.close()
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

    def holder(self, key: str) -> Holder | None:
        """Whose key it is, also of one that opens nothing any more; None where it is unknown."""
        with self._reading() as connection:
            return keys.holder(connection, key, lambda: self._now_us(connection))

    def authenticate(self, key: str) -> Writer | None:
        """Who holds the key; None where it opens nothing."""
        found = self.holder(key)
        return found.writer if found is not None and found.opens else None

    def add_key(self, name: str, role: str, expires_us: int | None = None) -> str:
        with self._writing() as connection:
            return keys.add_key(connection, name, role, self._now_us(connection), expires_us)

    def rotate_key(self, name: str, *, keep_us: int, expires_us: int | None = None) -> str:
        with self._writing() as connection:
            now_us = self._now_us(connection)
            return keys.rotate_key(connection, name, now_us, keep_us=keep_us, expires_us=expires_us)

    def keys(self) -> tuple[Key, ...]:
        with self._reading() as connection:
            return keys.list_keys(connection)

    def revoke_key(self, name: str) -> None:
        with self._writing() as connection:
            keys.revoke_key(connection, name, self._now_us(connection))

    def note(self, use: Use) -> None:
        """Keep what was done with a key; written a second later at the latest."""
        self._audit.note(use)

    def uses(self, name: str | None = None, *, cursor: str | None, limit: int) -> KeyUsePage:
        """What was done with a key, or with any, the newest first."""
        self._audit.flush()
        with self._reading() as connection:
            return uses.uses(connection, name, cursor=cursor, limit=limit)

    def keep_uses(self, *, days: int) -> None:
        """From now on this process forgets, once a day, what was done with keys before so many."""
        self._keep_us = days * DAY_US

    def drop_uses(self, keep_us: int) -> int:
        """Forget what was done with keys longer ago than that; how much it was."""
        with self._writing() as connection:
            return uses.drop_uses(connection, self._now_us(connection) - keep_us)

    def clock_us(self) -> int:
        """The time by the store's clock, where it has one handed in; else by this machine's."""
        return time.time_ns() // 1_000 if self._clock is None else self._clock()

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

    def _write_uses(self, told: list[Use]) -> None:
        with self._writing() as connection:
            uses.add_uses(connection, told)
            at_us = told[-1].at_us
            if self._keep_us is not None and at_us - self._dropped_us > DAY_US:
                uses.drop_uses(connection, at_us - self._keep_us)
                self._dropped_us = at_us

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
