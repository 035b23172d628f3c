"""Keeping the record: deriving it again, signing it, verifying it, handing it on."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from service.errors import Unavailable
from service.proof.bundle import Heading, Line
from service.proof.doubt import Doubt
from service.proof.note import Signer, Verifier
from service.store.copying import Copied, copy_into
from service.store.engine import Clock, is_sqlite, snapshot, sparing
from service.store.engine import reading as lent
from service.store.exporting import export_all, export_incident
from service.store.failures import is_outage
from service.store.growing import Trees, grow_all
from service.store.lanes import lane_of
from service.store.rebuilding import Progress, Which, rebuild
from service.store.reviewing import review
from service.store.statements import run
from service.store.verifying import Verified, Witnessed, verify_log


def _nobody(done: int, total: int) -> None:
    """Wants to know of no progress."""


class Custody:
    """What is done with the record as a whole, on connections of its own. `signed_by` is whom the
    database says that the store is signed by.
    """

    def __init__(
        self,
        engine: Engine,
        lanes: int,
        clock: Clock | None,
        *,
        signer: Signer | None,
        signed_by: Verifier | None,
    ) -> None:
        self._engine = engine
        self._lanes = lanes
        self._clock = clock
        self._signer = signer
        self._unsigned_for = signed_by if signer is None else None

    def trees(self) -> Trees:
        """To grow the trees with, for one thread."""
        return Trees(self._signer, self._lanes)

    def refuse_unsigned(self) -> None:
        """Raises Unavailable where the store is signed and its signing key is not at hand."""
        if self._unsigned_for is not None:
            raise Unavailable(
                f"the store is signed by {self._unsigned_for}, whose key is not at hand: "
                "SITREP_SIGNING_KEY names its file"
            )

    def rebuild(self, which: Which = Which.ALL, *, progress: Progress = _nobody) -> int:
        """Derive views and the index again from the log; how many incidents. Answers and writers
        go on meanwhile.
        """
        with lent(self._engine) as connection, sparing(connection):
            return rebuild(connection, which, progress=progress)

    def take_stock(self) -> None:
        """Has PostgreSQL count what is there: it chooses its ways by that, and of a store that was
        filled just now it knows nothing yet.
        """
        with lent(self._engine) as connection:
            if not is_sqlite(connection):
                run(connection, "ANALYZE")

    def sign(self) -> None:
        """Grow the trees over what a release without them recorded, and sign that."""
        with lent(self._engine) as connection:
            grow_all(connection, self.trees(), self._clock)

    def verify_log(
        self, verifier: Verifier | None, witnessed: Witnessed, *, progress: Progress = _nobody
    ) -> list[Verified]:
        """Hold every event to its hashes, and every lane to its checkpoint and to what witnesses
        saw. Raises Doubt, which names the first that does not hold.
        """
        with self._held_still() as connection:
            return verify_log(connection, verifier=verifier, witnessed=witnessed, progress=progress)

    def review(self, *, progress: Progress = _nobody) -> int:
        """Hold every row that follows from the log to one that is derived anew, in a store of its
        own that goes afterwards; how many. Raises Doubt, which names the first that differs.
        """
        with self._held_still() as connection:
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
                yield export_incident(connection, lane_of(incident, self._lanes), incident)

    def copy(self, heading: Heading, lines: Iterable[Line]) -> Iterator[Copied]:
        """Put an export's events into the log as they were; told so far after each transaction.
        Raises Refused, Doubt. `rebuild(Which.MISSING)` has to follow.
        """
        self.refuse_unsigned()
        with lent(self._engine) as connection, sparing(connection):
            yield from copy_into(connection, self.trees(), heading, lines)

    @contextmanager
    def _held_still(self) -> Iterator[Connection]:
        """One snapshot of the store. What cannot be read there does not hold."""
        with lent(self._engine) as connection, sparing(connection), snapshot(connection):
            try:
                yield connection
            except DBAPIError as failure:
                if is_outage(failure):
                    raise
                raise Doubt(f"the database cannot be read: {failure.orig}") from failure
            except ValueError as broken:
                raise Doubt(f"something in the database cannot be read: {broken}") from broken
