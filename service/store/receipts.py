"""What each request of a round is told: that it was appended, that it had been, or why not."""

from sqlalchemy import Connection

from service.domain.changes import changes
from service.domain.moments import write_instant
from service.domain.reports import EVENT_NAMES
from service.store.answers import Appended, Receipt, Recorded
from service.store.drafting import SealedEvent
from service.store.held import Held
from service.store.plan import Decision, Plan, Replay
from service.store.reading import receipt_again

Outcome = Appended | BaseException | None


def outcome(connection: Connection, decision: Decision, now: Appended | None) -> Outcome:
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
    return now


def appended(plan: Plan, before: Held, after: Held) -> Appended:
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
