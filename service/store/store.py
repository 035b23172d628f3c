"""The store: the log of all incidents and every view of it, behind a handful of functions."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Self

from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from service.domain.moments import write_instant
from service.domain.update import NewIncident, NewUpdate, Writer
from service.errors import IncidentExists, Unavailable
from service.proof.bundle import Heading, Line
from service.proof.note import Signer, Verifier
from service.store import keys
from service.store.acts import incidents_named
from service.store.answers import Appended, Key
from service.store.appending import Appender
from service.store.committer import Committer
from service.store.copying import Copied, copy_into
from service.store.engine import (
    Clock,
    connect,
    database_clock,
    missing_file,
    snapshot,
    sparing,
    writing,
)
from service.store.engine import reading as lent
from service.store.exporting import export_all, export_incident
from service.store.growing import Trees, grow_all
from service.store.lanes import read_heads
from service.store.plan import Request
from service.store.questions import Questions
from service.store.rebuilding import Progress, Which, rebuild
from service.store.reviewing import review
from service.store.schema import latest_revision
from service.store.signers import refuse_other_signer
from service.store.slugs import slugs_for
from service.store.verifying import Verified, Witnessed, verify_log


def _nobody(done: int, total: int) -> None:
    """Wants to know of no progress."""


class Store(Questions):
    """One store. Safe to share among threads; other processes may use the same database."""

    def __init__(
        self, engine: Engine, clock: Clock | None = None, signer: Signer | None = None
    ) -> None:
        with lent(engine) as connection:
            _refuse_other_schema(connection)
            lanes = len(read_heads(connection))
            signed_by = refuse_other_signer(connection, signer)
        super().__init__(engine, lanes, clock)
        self._engine = engine
        self._unsigned_for = signed_by if signer is None else None
        self._trees = Trees(signer, lanes)
        self._appender = Appender(engine, clock, Trees(signer, lanes))
        self._committer: Committer[Request, Appended] = Committer(self._appender.commit)

    @classmethod
    def connect(cls, url: str, *, clock: Clock | None = None, signer: Signer | None = None) -> Self:
        """Open a migrated store. Raises Unavailable where there is none, one of another release, or
        one that another signer signs. A signed store without its signer can only be read.
        """
        engine = connect(url)
        if (file := missing_file(engine)) is not None:
            raise Unavailable(f"there is no store at {file}: run `sitrep migrate`")
        try:
            return cls(engine, clock, signer)
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

    def rebuild(self, which: Which = Which.ALL, *, progress: Progress = _nobody) -> int:
        """Derive views and the index again from the log; how many incidents. Answers and writers
        go on meanwhile.
        """
        with lent(self._engine) as connection, sparing(connection):
            return rebuild(connection, which, progress=progress)

    def sign(self) -> None:
        """Grow the trees over what a release without them recorded, and sign that."""
        with lent(self._engine) as connection:
            grow_all(connection, self._trees, self._clock)

    def verify_log(
        self, verifier: Verifier | None, witnessed: Witnessed, *, progress: Progress = _nobody
    ) -> list[Verified]:
        """Hold every event to its hashes, and every lane to its checkpoint and to what witnesses
        saw. Raises Doubt, which names the first that does not hold.
        """
        with lent(self._engine) as connection, sparing(connection), snapshot(connection):
            return verify_log(connection, verifier=verifier, witnessed=witnessed, progress=progress)

    def review(self, *, progress: Progress = _nobody) -> int:
        """Hold every row that follows from the log to one that is derived anew, in a store of its
        own that goes afterwards; how many. Raises Doubt, which names the first that differs.
        """
        with lent(self._engine) as connection, sparing(connection), snapshot(connection):
            return review(connection, progress)

    @contextmanager
    def export(self, incident: str | None = None) -> Iterator[Iterator[bytes]]:
        """The lines of an export, of one incident or of all, from one snapshot. Raises NotFound,
        Unavailable.
        """
        with lent(self._engine) as connection, sparing(connection), snapshot(connection):
            if incident is None:
                yield export_all(connection)
            else:
                yield export_incident(connection, self._lane(incident), incident)

    def copy(self, heading: Heading, lines: Iterable[Line]) -> Iterator[Copied]:
        """Put an export's events into the log as they were; told so far after each transaction.
        Raises Refused, Doubt. `rebuild(Which.MISSING)` has to follow.
        """
        self.refuse_unsigned()
        with lent(self._engine) as connection, sparing(connection):
            yield from copy_into(connection, self._trees, heading, lines)

    def refuse_unsigned(self) -> None:
        """Raises Unavailable where the store is signed and its signing key is not at hand."""
        if self._unsigned_for is not None:
            raise Unavailable(
                f"the store is signed by {self._unsigned_for}, whose key is not at hand: "
                "SITREP_SIGNING_KEY names its file"
            )

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
        self.refuse_unsigned()
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
