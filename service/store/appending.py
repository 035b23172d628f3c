"""One round of appends in one transaction: lock, decide, insert, derive what holds now
(ARCHITECTURE.md §3).
"""

from collections.abc import Sequence
from typing import Any

from msgspec import structs
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from service.domain.changes import changes
from service.domain.derived import Derived
from service.domain.editorial import ReportCorrected, ReportRetracted
from service.domain.lifecycle import IncidentOpened
from service.domain.moments import write_instant
from service.domain.report import Standing
from service.domain.reports import EVENT_NAMES, slot_of
from service.domain.situation import Frame, situation
from service.domain.standing import EVERYBODY, Bounds, stands_for
from service.errors import Unavailable
from service.store.answers import Appended, Receipt, Recorded
from service.store.bookkeeping import Bookkeeper
from service.store.consequences import Sight
from service.store.drafting import SealedEvent
from service.store.engine import Clock, writing
from service.store.held import Held, Memory, by_slot
from service.store.index import SlotId, slot_id, standing_at
from service.store.indexing import EDITION, Indexer
from service.store.lanes import advance, lock_heads
from service.store.plan import Decision, Plan, Replay, Request, Round
from service.store.reading import brief_of, encode, receipt_again
from service.store.statements import Batch, Insert, Update
from service.store.tables import incidents
from service.store.writing import record

TRIES = 4
TRANSIENT = {"40001", "40P01", "57P01", "57P02", "57P03", "08000", "08003", "08006"}

_insert_incident = Insert(incidents)
_update_incident = Update(
    incidents,
    keys=("lane", "incident"),
    columns=(
        *("version", "position", "recorded_us", "leaf", "brief", "view"),
        *("edition", "derived_version"),
    ),
)

Outcome = Appended | BaseException | None


class Appender:
    """Commits rounds on a connection of its own. Used by one thread at a time."""

    def __init__(self, engine: Engine, clock: Clock | None) -> None:
        self._engine = engine
        self._clock = clock
        self._memory = Memory()
        self._connection: Connection | None = None

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
        """Tried again after a lost connection or a conflict: ids make that safe."""
        failure: DBAPIError | None = None
        for _ in range(TRIES):
            try:
                return self._transaction(requests)
            except DBAPIError as lost:
                self._memory.forget()
                self._discard()
                if not _is_transient(lost):
                    raise
                failure = lost
            except BaseException:
                self._memory.forget()
                raise
        raise Unavailable("the store could not commit; a retry is safe") from failure

    def _transaction(self, requests: Sequence[Request]) -> list[Outcome]:
        if self._connection is None:
            self._connection = self._engine.connect()
        with writing(self._connection) as connection:
            lanes = sorted({lane for request in requests for lane in request.lanes})
            heads, now_us = lock_heads(connection, lanes, self._clock)
            wanted = {request.incident: request.lane for request in requests}
            held = self._memory.read(connection, wanted, heads)
            decisions = Round(connection, heads, held, now_us).decide(requests)
            plans = [decision for decision in decisions if isinstance(decision, Plan)]
            batch = Batch()
            receipts = self._record(connection, batch, plans, held)
            if plans:
                advance(batch, heads.values())
            batch.write(connection)
            outcomes = [
                _outcome(connection, decision, receipts.get(id(decision))) for decision in decisions
            ]
        written = {plan.request.incident for plan in plans}
        self._memory.keep([held[incident] for incident in written], heads.values())
        return outcomes

    def _record(
        self, connection: Connection, batch: Batch, plans: Sequence[Plan], held: dict[str, Held]
    ) -> dict[int, Appended]:
        opened = {plan.request.incident for plan in plans if plan.request.opening is not None}
        indexer, keeper = Indexer(connection, batch), Bookkeeper(connection, batch)
        receipts: dict[int, Appended] = {}
        for plan in plans:
            incident = plan.request.incident
            before = _unwritten(plan) if plan.request.opening is not None else held[incident]
            record(batch, plan)
            place = {"lane": before.lane, "incident": incident}
            indexer.add([told.event for told in plan.events], place, before.states)
            if _is_editorial(plan) or _depends(plan):
                indexer.flush()
            held[incident] = after = _advanced(connection, before, plan)
            receipts[id(plan)] = _appended(plan, before, after)
            keeper.book([told.event for told in plan.events], before, after)
        indexer.finish()
        keeper.finish()
        for incident in {plan.request.incident for plan in plans}:
            statement = _insert_incident if incident in opened else _update_incident
            batch.add(statement, _incident_row(held[incident]))
        return receipts

    def _discard(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


def _advanced(connection: Connection, held: Held, plan: Plan) -> Held:
    """What holds after a plan: one more report in its slot, or the index asked anew after an
    editorial act.
    """
    frame = Frame(
        incident=held.incident,
        version=plan.version,
        position=plan.first_position + len(plan.events) - 1,
        recorded_us=plan.recorded_us,
    )
    if _is_editorial(plan):
        bounds = Bounds(version=plan.version)
        found = standing_at(connection, held.lane, held.incident, bounds, EVERYBODY)
        standing = by_slot(found)
    else:
        standing = _stood(connection, held, plan)
    after = structs.replace(
        held,
        version=frame.version,
        position=frame.position,
        recorded_us=frame.recorded_us,
        leaf=plan.events[-1].sealed.leaf,
        standing=standing,
    )
    after.derived = Derived(held.derived)
    after.situation = situation(frame, held.opening, after.ordered(), after.derived)
    return after


def _is_editorial(plan: Plan) -> bool:
    acts = (ReportCorrected, ReportRetracted)
    return any(isinstance(told.event.report, acts) for told in plan.events)


def _depends(plan: Plan) -> bool:
    return any(told.event.refs.depends_on for told in plan.events)


def _stood(connection: Connection, held: Held, plan: Plan) -> dict[SlotId, Standing]:
    """What stands after a plan without corrections and retractions."""
    standing = dict(held.standing)
    sight = Sight(
        connection,
        {"of_lane": held.lane, "of_incident": held.incident},
        Bounds(version=plan.version),
    )
    for new in sight.consequences(stands_for(told.event, told.event) for told in plan.events):
        slot = slot_of(new.report, new.origin, new.root)
        if slot is None:
            continue
        place = slot_id(slot)
        if place not in standing or standing[place].rank < new.rank:
            standing[place] = new
    return standing


def _unwritten(plan: Plan) -> Held:
    """An incident before its first event."""
    opening = plan.events[0].event.report
    if not isinstance(opening, IncidentOpened):
        raise TypeError("an incident begins with its opening")
    frame = Frame(incident=plan.request.incident, version=0, position=0, recorded_us=0)
    return Held(
        lane=plan.request.lane,
        incident=plan.request.incident,
        opening=opening,
        version=0,
        position=0,
        recorded_us=plan.recorded_us,
        leaf=b"",
        standing={},
        states={},
        situation=situation(frame, opening, ()),
        derived=Derived(),
    )


def _outcome(connection: Connection, decision: Decision, appended: Appended | None) -> Outcome:
    if isinstance(decision, Replay):
        receipt = receipt_again(
            connection,
            decision.lane,
            decision.incident,
            first=decision.first_version,
            last=decision.version,
        )
        return Appended(receipt=receipt, replayed=True)
    if isinstance(decision, Exception):
        return decision
    return appended


def _appended(plan: Plan, before: Held, after: Held) -> Appended:
    receipt = Receipt(
        incident=after.incident,
        update_id=plan.request.update.update_id,
        version=after.version,
        position=after.position,
        recorded_at=write_instant(plan.recorded_us),
        events=tuple(_recorded(told) for told in plan.events),
        changes=changes(before.known(), after.known()),
    )
    return Appended(receipt=receipt, replayed=False)


def _recorded(told: SealedEvent) -> Recorded:
    event = told.event
    return Recorded(
        version=event.version,
        event_id=event.event_id,
        type=EVENT_NAMES[type(event.report)],
        key=event.report.key,
    )


def _incident_row(held: Held) -> dict[str, Any]:
    return {
        "lane": held.lane,
        "incident": held.incident,
        "version": held.version,
        "position": held.position,
        "recorded_us": held.recorded_us,
        "opened_us": held.recorded_us,
        "opened_title": held.opening.title,
        "kind": held.opening.kind.value,
        "leaf": held.leaf,
        "brief": brief_of(held.situation),
        "view": encode(held.situation),
        "edition": EDITION,
        "derived_version": held.version,
    }


def _is_transient(failure: DBAPIError) -> bool:
    """A serialisation failure, a deadlock, a lost connection, a busy file: what a retry can
    mend.
    """
    if failure.connection_invalidated or isinstance(failure, InterfaceError):
        return True
    state = getattr(failure.orig, "sqlstate", None)
    if state is not None:
        return state in TRANSIENT
    return isinstance(failure, OperationalError)
