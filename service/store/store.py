"""The store: the log of all incidents and every view of it, behind a handful of functions.

What is asked of it is in `questions`, its keys are in `keyring`, who signed in and what they began
in `desk`, and what is done with the record as a whole (deriving again, verifying, exporting,
copying) is in `custody`.
"""

from collections.abc import Callable
from typing import Self

from sqlalchemy import Engine

from service.domain.moments import write_instant
from service.domain.update import NewIncident, NewUpdate, Writer
from service.errors import IncidentExists, Unavailable
from service.proof.note import Signer
from service.store.acts import incidents_named
from service.store.answers import Appended, Preview
from service.store.appending import Appender
from service.store.committer import Committer
from service.store.custody import Custody
from service.store.desk import Desk
from service.store.engine import Clock, connect, connect_to_replica, missing_file
from service.store.engine import reading as lent
from service.store.lanes import read_heads
from service.store.plan import Request
from service.store.previewing import preview
from service.store.replica import Replica, anywhere, identity
from service.store.schema import refuse_other_schema
from service.store.signers import refuse_other_signer
from service.store.slugs import slugs_for


class Store(Desk):
    """One store. Safe to share among threads; other processes may use the same database."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock | None = None,
        signer: Signer | None = None,
        replica: Engine | None = None,
    ) -> None:
        with lent(engine) as connection:
            refuse_other_schema(connection)
            lanes = len(read_heads(connection))
            signed_by = refuse_other_signer(connection, signer)
            self._replica = None if replica is None else Replica(replica, identity(connection))
        super().__init__(engine, lanes, clock)
        self._engine = engine
        self.custody = Custody(engine, lanes, clock, signer=signer, signed_by=signed_by)
        trees, after_outage = self.custody.trees(), self._lender.open_anew
        self._appender = Appender(engine, clock, trees, after_outage=after_outage)
        self._committer: Committer[Request, Appended] = Committer(self._appender.commit)
        self._followers: list[Callable[[], object]] = []

    @classmethod
    def connect(
        cls,
        url: str,
        *,
        clock: Clock | None = None,
        signer: Signer | None = None,
        replica: str = "",
    ) -> Self:
        """Open a migrated store. Raises Unavailable where there is none, one of another release, or
        one that another signer signs. A signed store without its signer can only be read.
        `replica` is the URL of a standby to read from.
        """
        standby = connect_to_replica(replica) if replica else None
        engine = connect(url)
        if (file := missing_file(engine)) is not None:
            raise Unavailable(f"there is no store at {file}: run `sitrep migrate`")
        try:
            return cls(engine, clock, signer, standby)
        except BaseException:
            engine.dispose()
            raise

    def close(self) -> None:
        self.settle()
        self._lender.close()
        if self._replica is not None:
            self._replica.close()
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

    def preview(
        self,
        incident: str,
        update: NewUpdate,
        by: Writer,
        *,
        opening: NewIncident | None = None,
        expecting: int | None = None,
    ) -> Preview:
        """What the update would change, or the incident that it opens; nothing is stored. Raises as
        `append` and `open` do.
        """
        self.custody.refuse_unsigned()
        request = self._request(incident, update, by, opening=opening, expecting=expecting)
        with self._lender.lent() as connection:
            return preview(connection, request, self._clock)

    def slug_for(self, incident: NewIncident) -> str:
        """What an incident goes by that comes without a slug, as long as nobody else takes it."""
        return next(slugs_for(incident, self._today()))

    def when_appended(self, tell: Callable[[], object]) -> None:
        """From now on `tell` is called after each update that this process appends, in the thread
        that did: it must be quick.
        """
        self._followers.append(tell)

    @anywhere(needs=lambda _: None)
    def ready(self) -> None:
        """Raises Unavailable where the store cannot be read or has another release's schema."""
        with self._reading() as connection:
            refuse_other_schema(connection)

    def _submit(
        self,
        incident: str,
        update: NewUpdate,
        by: Writer,
        *,
        opening: NewIncident | None = None,
        expecting: int | None = None,
    ) -> Appended:
        self.custody.refuse_unsigned()
        told = self._committer.submit(
            self._request(incident, update, by, opening=opening, expecting=expecting)
        )
        if self._replica is not None:
            self._replica.acknowledge(self._lane(incident), told.receipt.position)
        for tell in self._followers:
            tell()
        return told

    def _request(
        self,
        incident: str,
        update: NewUpdate,
        by: Writer,
        *,
        opening: NewIncident | None,
        expecting: int | None,
    ) -> Request:
        return Request(
            lane=self._lane(incident),
            incident=incident,
            update=update,
            by=by,
            opening=opening,
            expecting=expecting,
            others={name: self._lane(name) for name in incidents_named(update)},
        )

    def _today(self) -> str:
        with self._reading() as connection:
            return write_instant(self._now_us(connection))[:10]
