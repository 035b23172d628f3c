"""Asking: what holds of one incident inside the bounds of a question, and on which reports."""

from typing import Any

from msgspec import Struct, structs
from sqlalchemy import Connection, bindparam, select

from service.domain.lifecycle import IncidentKind, IncidentOpened
from service.domain.moments import write_instant
from service.domain.reasons import Known
from service.domain.situation import Frame, situation
from service.domain.standing import EVERYBODY, Bounds, Origins, Trust, left_out
from service.errors import BadParameters, NotFound
from service.store.answers import Question
from service.store.engine import Clock, database_clock
from service.store.index import standing_at
from service.store.tables import events, incidents, lane_heads, updates
from service.store.withholding import time_now, withheld_from_public, withheld_then

_head = (
    select(
        incidents.c.lane,
        incidents.c.version,
        incidents.c.position,
        incidents.c.recorded_us,
        incidents.c.opened_us,
        incidents.c.opened_title,
        incidents.c.kind,
        incidents.c.release_us,
        incidents.c.erased_version,
        lane_heads.c.recorded_us.label("lane_recorded_us"),
    )
    .join(lane_heads, lane_heads.c.lane == incidents.c.lane)
    .where(
        incidents.c.lane == bindparam("of_lane"), incidents.c.incident == bindparam("of_incident")
    )
)
_of_incident = (events.c.lane == bindparam("of_lane")) & (
    events.c.incident == bindparam("of_incident")
)
_at_time = (
    select(updates.c.version, updates.c.position, updates.c.recorded_us)
    .where(
        updates.c.lane == bindparam("of_lane"),
        updates.c.incident == bindparam("of_incident"),
        updates.c.recorded_us <= bindparam("as_of"),
    )
    .order_by(updates.c.recorded_us.desc())
    .limit(1)
)
_at_version = select(events.c.version, events.c.position, events.c.recorded_us).where(
    _of_incident, events.c.version == bindparam("version")
)


class Framed(Struct, frozen=True, kw_only=True):
    """What a question is about. `immutable` when its answer can never change, unless words are
    erased: `erased_version` is the event that last said so.
    """

    lane: int
    frame: Frame
    opening: IncidentOpened
    bounds: Bounds
    trust: Trust
    immutable: bool
    erased_version: int | None


class Asked(Framed, frozen=True, kw_only=True):
    """A question's answer before it is written down."""

    known: Known


def ask(
    connection: Connection, lane: int, incident: str, question: Question, clock: Clock | None
) -> Asked:
    """The situation inside the bounds of a question, from the reports that stand there. Raises as
    `framed` does.
    """
    return _answer(connection, framed(connection, lane, incident, question, clock))


def framed(
    connection: Connection, lane: int, incident: str, question: Question, clock: Clock | None
) -> Framed:
    """The bounds of a question as versions, and whom its answer leaves out.

    Raises NotFound where there is no such incident, version or time, Malformed for the future.
    """
    head = _read_head(connection, lane, incident)
    _refuse_the_future(connection, question, head, clock)
    frame = _frame(connection, lane, incident, question, head)
    bounds = Bounds(version=frame.version, published_us=question.published_until_us)
    if head.release_us is not None and not question.desk:
        now_us = time_now(connection, clock, head.recorded_us)
        place = {"of_lane": lane, "of_incident": incident}
        moment_us = min(_moments(question, frame), default=now_us)
        unseen = withheld_from_public(connection, place, bounds, moment_us=moment_us, now_us=now_us)
        bounds = structs.replace(bounds, withheld=unseen)
    return _framed(connection, question, head, frame, bounds)


def known_before(
    connection: Connection, lane: int, incident: str, withheld: frozenset[int] = frozenset()
) -> Known:
    """What is known of an incident before its first report: its title and kind."""
    opening = opening_seen(_opening(_read_head(connection, lane, incident)), incident, withheld)
    frame = Frame(incident=incident, version=0, position=0, recorded_us=0)
    return Known(situation(frame, opening, ()), ())


def known_at(connection: Connection, lane: int, incident: str, version: int) -> Known:
    """What the public knew of an incident when a version of it was recorded, whatever has been
    marked since; before its first report that is its title and kind.
    """
    if version == 0:
        return known_before(connection, lane, incident)
    head = _read_head(connection, lane, incident)
    question = Question(version=version)
    frame = _frame(connection, lane, incident, question, head)
    bounds = Bounds(version=version)
    if head.release_us is not None:
        place = {"of_lane": lane, "of_incident": incident}
        unseen = withheld_then(connection, place, bounds, frame.recorded_us)
        bounds = structs.replace(bounds, withheld=unseen.versions)
    return _answer(connection, _framed(connection, question, head, frame, bounds)).known


def _framed(
    connection: Connection, question: Question, head: Any, frame: Frame, bounds: Bounds
) -> Framed:
    lane, incident, trust = head.lane, frame.incident, question.trust
    return Framed(
        lane=lane,
        frame=structs.replace(frame, left_out=_left_out(connection, lane, incident, bounds, trust)),
        opening=opening_seen(_opening(head), incident, bounds.withheld),
        bounds=bounds,
        trust=trust,
        immutable=question.version is not None
        or (question.as_of_us is not None and question.as_of_us <= head.lane_recorded_us),
        erased_version=head.erased_version,
    )


def _answer(connection: Connection, asked: Framed) -> Asked:
    frame = asked.frame
    held = standing_at(connection, asked.lane, frame.incident, asked.bounds, asked.trust)
    known = Known(situation(frame, asked.opening, held), held)
    return Asked(**structs.asdict(asked), known=known)


def opening_seen(
    opening: IncidentOpened, incident: str, withheld: frozenset[int]
) -> IncidentOpened:
    """An incident whose opening is withheld goes by its name, and is of no kind."""
    return IncidentOpened(title=incident, kind=IncidentKind.OTHER) if 1 in withheld else opening


def _moments(question: Question, frame: Frame) -> list[int]:
    """The moments that a question names, but for now."""
    pinned = question.as_of_us if question.version is None else frame.recorded_us
    return [us for us in (pinned, question.published_until_us) if us is not None]


def _read_head(connection: Connection, lane: int, incident: str) -> Any:
    row = connection.execute(_head, {"of_lane": lane, "of_incident": incident}).first()
    if row is None:
        raise NotFound(f"there is no incident {incident}")
    return row


def _refuse_the_future(
    connection: Connection, question: Question, head: Any, clock: Clock | None
) -> None:
    as_of_us = question.as_of_us
    if as_of_us is None or as_of_us <= head.lane_recorded_us:
        return
    now_us = database_clock(connection) if clock is None else clock()
    if as_of_us > now_us:
        raise in_the_future(now_us)


def in_the_future(now_us: int) -> BadParameters:
    shown = write_instant(now_us)
    return BadParameters(("as_of", f"it lies in the future: the store's clock shows {shown}"))


def _frame(
    connection: Connection, lane: int, incident: str, question: Question, head: Any
) -> Frame:
    place = {"of_lane": lane, "of_incident": incident}
    if question.version is not None:
        found = connection.execute(_at_version, {**place, "version": question.version}).first()
        missing = f"{incident} has no version {question.version}; it is at {head.version}"
    elif question.as_of_us is not None:
        found = connection.execute(_at_time, {**place, "as_of": question.as_of_us}).first()
        missing = f"{incident} was opened later, at {write_instant(head.opened_us)}"
    else:
        found, missing = head, ""
    if found is None:
        raise NotFound(missing)
    return Frame(
        incident=incident,
        version=found.version,
        position=found.position,
        recorded_us=found.recorded_us,
        as_of=_written(question.as_of_us),
        published_until=_written(question.published_until_us),
        policy=question.policy,
    )


def _left_out(
    connection: Connection, lane: int, incident: str, bounds: Bounds, trust: Trust
) -> tuple[str, ...]:
    """Only where some origins alone are heard it takes the plain answer to tell who is not."""
    if trust.origins is Origins.ALL:
        return left_out(trust)
    return left_out(trust, standing_at(connection, lane, incident, bounds, EVERYBODY))


def _written(moment_us: int | None) -> str | None:
    return None if moment_us is None else write_instant(moment_us)


def _opening(head: Any) -> IncidentOpened:
    return IncidentOpened(title=head.opened_title, kind=IncidentKind(head.kind))
