"""One round of appends in one transaction: lock, decide, insert, derive what holds now
(ARCHITECTURE.md §3).
"""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from service.errors import Unavailable
from service.store.advancing import (
    advanced,
    depends,
    is_editorial,
    is_past_seen_otherwise,
    listed,
    told_of,
    unwritten,
    words_erased_by,
)
from service.store.answers import Appended
from service.store.bookkeeping import Bookkeeper
from service.store.cataloguing import Cataloguer
from service.store.engine import Clock, writing
from service.store.erasing import erase, forget_words, scrub
from service.store.failures import SILENT, is_mended_at_once, is_outage, outage
from service.store.growing import Trees, fill_tiles
from service.store.held import Held, Memory, read_again
from service.store.indexing import Indexer
from service.store.lanes import LaneHead, advance, lock_heads
from service.store.plan import Plan, Request, Round
from service.store.reading import incident_row
from service.store.rebooking import rebook
from service.store.rebuilding import rebuild_incident
from service.store.recataloguing import recatalogue
from service.store.receipts import Outcome, appended, outcome
from service.store.statements import Batch, Insert, Update
from service.store.tables import incidents
from service.store.withholding import may_change
from service.store.writing import record

TRIES = 4

_insert_incident = Insert(incidents)
_update_incident = Update(
    incidents,
    keys=("lane", "incident"),
    columns=(
        *("version", "position", "recorded_us", "leaf", "brief", "view"),
        *("merged_into", "release_us", "edition", "derived_version"),
    ),
)


class Appender:
    """Commits rounds on a connection of its own. Used by one thread at a time.

    `after_outage` is called whenever the database could not commit.
    """

    def __init__(
        self,
        engine: Engine,
        clock: Clock | None,
        trees: Trees,
        *,
        after_outage: Callable[[], None],
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._trees = trees
        self._after_outage = after_outage
        self._memory = Memory()
        self._connection: Connection | None = None
        self._unconfirmed: dict[str, Appended] = {}
        """What the round under way handed to a COMMIT, by its first event's id."""

    def commit(self, requests: Sequence[Request]) -> list[Outcome]:
        """The outcome of each request. A round that fails as a whole is tried again one by one."""
        try:
            return self._attempt(requests)
        except Unavailable:
            raise
        except Exception as failure:  # noqa: BLE001 - told to the one whose request it is
            if len(requests) == 1:
                return [failure]
        outcomes: list[Outcome] = []
        for request in requests:
            outcomes += self.commit([request])
        return outcomes

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _attempt(self, requests: Sequence[Request]) -> list[Outcome]:
        """Tried again after a lost connection or a conflict: ids make that safe.

        Raises Unavailable where the database cannot commit now, or did not say whether it has.
        """
        self._unconfirmed = {}
        for left in reversed(range(TRIES)):
            try:
                return [self._as_first_told(outcome) for outcome in self._transaction(requests)]
            except DBAPIError as lost:
                self._memory.forget()
                self._discard()
                if not is_outage(lost):
                    raise
                self._after_outage()
                if not (left and is_mended_at_once(lost)):
                    raise outage(lost) from lost
            except BaseException:
                self._memory.forget()
                raise
        raise AssertionError("the last try returns or raises")

    def _transaction(self, requests: Sequence[Request]) -> list[Outcome]:
        if self._connection is None:
            self._connection = self._connected()
        with writing(self._connection) as connection:
            lanes = sorted({lane for request in requests for lane in request.lanes})
            heads, now_us = lock_heads(connection, lanes, self._clock)
            sizes = {lane: head.tree_size or 0 for lane, head in heads.items()}
            wanted = {request.incident: request.lane for request in requests}
            held = self._memory.read(connection, wanted, heads)
            decisions = Round(connection, heads, held, now_us).decide(requests)
            plans = [decision for decision in decisions if isinstance(decision, Plan)]
            batch = Batch()
            receipts = self._record(connection, batch, plans, held)
            grown = self._grow(connection, heads, plans)
            if plans:
                advance(batch, heads.values())
            batch.write(connection)
            for head in grown:
                fill_tiles(connection, head.lane, before=sizes[head.lane], size=head.tree_size or 0)
            outcomes = [
                outcome(connection, decision, receipts.get(id(decision))) for decision in decisions
            ]
            self._unconfirmed |= {
                told.receipt.events[0].event_id: told for told in receipts.values()
            }
        if any(words_erased_by(plan) for plan in plans):
            scrub(self._connection)
        written = {plan.request.incident for plan in plans}
        self._memory.keep([held[incident] for incident in written], heads.values())
        return outcomes

    def _as_first_told(self, outcome: Outcome) -> Outcome:
        """An update that a lost COMMIT of this very round recorded was not sent before: it is no
        replay to whoever sent it.
        """
        if isinstance(outcome, Appended) and outcome.replayed:
            return self._unconfirmed.get(outcome.receipt.events[0].event_id, outcome)
        return outcome

    def _record(
        self, connection: Connection, batch: Batch, plans: Sequence[Plan], held: dict[str, Held]
    ) -> dict[int, Appended]:
        opened = {plan.request.incident for plan in plans if plan.request.opening is not None}
        indexer, cataloguer = Indexer(connection, batch), Cataloguer(connection, batch)
        keeper = Bookkeeper(connection, batch)
        receipts: dict[int, Appended] = {}
        for plan in plans:
            incident = plan.request.incident
            before = unwritten(plan) if plan.request.opening is not None else held[incident]
            record(batch, plan)
            if erased := words_erased_by(plan):
                cataloguer.finish()
                keeper.finish()
                indexer.flush()
                held[incident] = after = _without_words(connection, plan, erased)
                receipts[id(plan)] = appended(plan, before, after)
                continue
            place = {"lane": before.lane, "incident": incident}
            indexer.add(plan.told, place, before.states)
            if is_editorial(plan) or depends(plan) or may_change(before.unseen, plan.told):
                indexer.flush()
            held[incident] = after = advanced(connection, before, plan)
            receipts[id(plan)] = appended(plan, before, after)
            keeper.book(plan.told, before, after)
            if is_past_seen_otherwise(before, after):
                cataloguer.finish()
                keeper.finish()
                indexer.flush()
                _tell_anew(connection, after)
                continue
            told = told_of(plan)
            cataloguer.note(told, listed(before), listed(after))
            cataloguer.tell(told, after.unseen.versions, acts=is_editorial(plan))
        indexer.finish()
        cataloguer.finish()
        keeper.finish()
        for incident in {plan.request.incident for plan in plans}:
            statement = _insert_incident if incident in opened else _update_incident
            after = held[incident]
            row = incident_row(
                after.lane,
                after.frame,
                after.opening,
                after.situation,
                opened_us=after.opened_us,
                leaf=after.leaf,
                brief=after.brief,
                release_us=after.unseen.release_us,
                erased_version=after.erased_version,
            )
            batch.add(statement, row)
        return receipts

    def _grow(
        self, connection: Connection, heads: Mapping[int, LaneHead], plans: Sequence[Plan]
    ) -> list[LaneHead]:
        """The lanes whose trees the plans made grow."""
        leaves: dict[int, list[bytes]] = {}
        for plan in plans:
            told = leaves.setdefault(plan.request.lane, [])
            told += [event.sealed.leaf for event in plan.events]
        for lane, told in leaves.items():
            self._trees.grow(connection, heads[lane], told)
        return [heads[lane] for lane in leaves]

    def _connected(self) -> Connection:
        """Not tried again: the callers know better how long they want to wait."""
        try:
            return self._engine.connect()
        except (DBAPIError, PoolTimeout) as failure:
            raise Unavailable(f"{SILENT}; a retry is safe") from failure

    def _discard(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


def _without_words(connection: Connection, plan: Plan, erased: Sequence[int]) -> Held:
    """What is known of an incident once words of it are erased: everything derived anew. The plan
    is in the log.
    """
    lane, incident = plan.request.lane, plan.request.incident
    erase(connection, lane, incident, erased)
    rebuild_incident(connection, lane, incident)
    forget_words(connection)
    return read_again(connection, lane, incident)


def _tell_anew(connection: Connection, held: Held) -> None:
    """Derive again what an incident is listed, searched and counted by."""
    recatalogue(
        connection,
        held.lane,
        held.incident,
        opening=held.opening,
        opened_us=held.opened_us,
        unseen=held.unseen.versions,
    )
    seen, unseen = held.ordered(), held.unseen.versions
    rebook(connection, held.lane, held.incident, seen, held.situation, unseen=unseen)
    held.book = None
