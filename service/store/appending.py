"""One round of appends in one transaction: lock, decide, insert, derive what holds now
(ARCHITECTURE.md §3).
"""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from service.errors import Unavailable
from service.store.advancing import words_erased_by
from service.store.answers import Appended
from service.store.deriving import derive
from service.store.engine import Clock, opened, writing
from service.store.erasing import scrub
from service.store.failures import is_mended_at_once, is_outage, outage
from service.store.files import has_moved
from service.store.growing import Trees, fill_tiles
from service.store.held import Memory
from service.store.lanes import LaneHead, advance, lock_heads
from service.store.plan import Plan, Request, Round
from service.store.receipts import Outcome, outcome
from service.store.statements import Batch

TRIES = 4


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
        after_outage: Callable[[], None] = lambda: None,
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
                self._discard()
                raise
        raise AssertionError("the last try returns or raises")

    def _transaction(self, requests: Sequence[Request]) -> list[Outcome]:
        if self._connection is None:
            self._connection = opened(self._engine)
        if has_moved(self._connection):
            self._discard()
            self._after_outage()
            raise Unavailable("the store's file was moved or replaced; a retry is safe")
        with writing(self._connection) as connection:
            lanes = sorted({lane for request in requests for lane in request.lanes})
            heads, now_us = lock_heads(connection, lanes, self._clock)
            sizes = {lane: head.tree_size or 0 for lane, head in heads.items()}
            wanted = {request.incident: request.lane for request in requests}
            held = self._memory.read(connection, wanted, heads)
            decisions = Round(connection, heads, held, now_us).decide(requests)
            plans = [decision for decision in decisions if isinstance(decision, Plan)]
            batch = Batch()
            receipts = derive(connection, batch, plans, held)
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

    def _discard(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None
