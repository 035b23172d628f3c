"""Advancing: what is known of an incident once an accepted update is told."""

from msgspec import structs
from sqlalchemy import Connection

from service.domain.derived import Derived
from service.domain.editorial import PersonalDataErased, ReportCorrected, ReportRetracted
from service.domain.lifecycle import IncidentOpened
from service.domain.report import Standing
from service.domain.reports import slot_of
from service.domain.situation import Frame, situation
from service.domain.standing import EVERYBODY, Bounds, stands_for
from service.store.asking import opening_seen
from service.store.cataloguing import Listed
from service.store.consequences import Sight
from service.store.falling import Told
from service.store.held import Held
from service.store.index import SlotId, by_slot, slot_id, standing_at
from service.store.plan import Plan
from service.store.reading import brief_of
from service.store.withholding import withheld_after


def advanced(connection: Connection, held: Held, plan: Plan) -> Held:
    """What holds after a plan: one more report in its slot, or the index asked anew after an
    editorial act.
    """
    frame = Frame(
        incident=held.incident,
        version=plan.version,
        position=plan.first_position + len(plan.events) - 1,
        recorded_us=plan.recorded_us,
    )
    unseen = withheld_after(connection, held.place, held.unseen, plan.told)
    bounds = Bounds(version=plan.version, withheld=unseen.versions)
    is_same = unseen.versions == held.unseen.versions
    if is_editorial(plan) or not is_same:
        found = standing_at(connection, held.lane, held.incident, bounds, EVERYBODY)
        standing = by_slot(found)
    else:
        standing = _stood(connection, held, plan, bounds)
    after = structs.replace(
        held,
        version=frame.version,
        position=frame.position,
        recorded_us=frame.recorded_us,
        leaf=plan.events[-1].sealed.leaf,
        standing=standing,
        unseen=unseen,
    )
    after.derived = Derived(held.derived if is_same else None)
    opening = opening_seen(held.opening, held.incident, unseen.versions)
    after.situation = situation(frame, opening, after.ordered(), after.derived)
    after.brief = brief_of(after.situation)
    return after


def is_past_seen_otherwise(before: Held, after: Held) -> bool:
    """Whether the public sees more or less of what had been recorded before."""
    changed = before.unseen.versions ^ after.unseen.versions
    return any(version <= before.version for version in changed)


def is_editorial(plan: Plan) -> bool:
    acts = (ReportCorrected, ReportRetracted)
    return any(isinstance(event.report, acts) for event in plan.told)


def words_erased_by(plan: Plan) -> list[int]:
    """The events whose words go with this plan."""
    return [
        version
        for event in plan.told
        if isinstance(event.report, PersonalDataErased)
        for version in event.refs.targets
    ]


def depends(plan: Plan) -> bool:
    return any(event.refs.depends_on for event in plan.told)


def _stood(
    connection: Connection, held: Held, plan: Plan, bounds: Bounds
) -> dict[SlotId, Standing]:
    """What stands after a plan without corrections and retractions."""
    standing = dict(held.standing)
    sight = Sight(connection, held.place, bounds)
    told = [stands_for(event, event) for event in plan.told if event.version not in bounds.withheld]
    for new in sight.consequences(sight.acts(told)):
        slot = slot_of(new.report, new.origin, new.root)
        if slot is None:
            continue
        place = slot_id(slot)
        if place not in standing or standing[place].rank < new.rank:
            standing[place] = new
    return standing


def unwritten(plan: Plan) -> Held:
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
        opened_us=plan.recorded_us,
        leaf=b"",
        standing={},
        states={},
        situation=situation(frame, opening, ()),
        brief=b"",
        derived=Derived(),
    )


def listed(held: Held) -> Listed:
    return Listed(held.situation, held.brief, held.opened_us)


def told_of(plan: Plan) -> Told:
    update = plan.request.update
    return Told(
        lane=plan.request.lane,
        incident=plan.request.incident,
        first_version=plan.events[0].event.version,
        version=plan.version,
        position=plan.first_position,
        recorded_us=plan.recorded_us,
        events=tuple(told.event for told in plan.events),
        publisher=update.publisher,
        summary=update.summary,
    )
