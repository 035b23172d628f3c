"""Reading: the situation at any moment, the record as it was told, and the feed."""

from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, select

from service.domain.changes import changes
from service.domain.lifecycle import IncidentKind, IncidentOpened
from service.domain.moments import write_instant
from service.domain.situation import Frame, Situation, situation
from service.domain.standing import EVERYBODY, Bounds, Trust
from service.errors import Malformed, NotFound
from service.store.answers import Answer, Question, Receipt, Recorded
from service.store.engine import Clock, database_clock
from service.store.index import standing_at
from service.store.sealing import read_payload, read_report, uuid_text
from service.store.statements import Lookup
from service.store.tables import events, incidents, lane_heads, payloads, updates

_encoder = msgspec.json.Encoder(decimal_format="number")
encode = _encoder.encode

_now = Lookup(incidents, keys=("lane", "incident"), columns=("version", "view"))
_head = (
    select(
        incidents.c.version,
        incidents.c.position,
        incidents.c.recorded_us,
        incidents.c.opened_us,
        incidents.c.opened_title,
        incidents.c.kind,
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
_between = (
    select(
        events.c.version,
        events.c.position,
        events.c.event_id,
        events.c.update_id,
        events.c.type,
        events.c.recorded_us,
        payloads.c.body,
    )
    .outerjoin(
        payloads, (payloads.c.lane == events.c.lane) & (payloads.c.event_id == events.c.event_id)
    )
    .where(_of_incident, events.c.version.between(bindparam("first"), bindparam("last")))
    .order_by(events.c.version)
)


def now(connection: Connection, lane: int, incident: str) -> Answer:
    """The current view, as it is stored."""
    row = _now.first(connection, {"lane": lane, "incident": incident})
    if row is None:
        raise NotFound(f"there is no incident {incident}")
    return Answer(version=row[0], body=row[1], immutable=False)


def then(
    connection: Connection, lane: int, incident: str, question: Question, clock: Clock | None
) -> Answer:
    """The situation inside the bounds of a question, from the reports that stand there."""
    head = _read_head(connection, lane, incident)
    _refuse_the_future(connection, question, head, clock)
    frame = _frame(connection, lane, incident, question, head)
    bounds = Bounds(version=frame.version, published_us=question.published_until_us)
    trust = Trust(without_publishers=frozenset(question.without_publishers))
    held = standing_at(connection, lane, incident, bounds, trust)
    as_of_us = question.as_of_us
    return Answer(
        version=frame.version,
        body=encode(situation(frame, _opening(head), held)),
        immutable=question.version is not None
        or (as_of_us is not None and as_of_us <= head.lane_recorded_us),
    )


def receipt_again(
    connection: Connection, lane: int, incident: str, *, first: int, last: int
) -> Receipt:
    """The receipt of an update that was recorded before, word for word."""
    head = _read_head(connection, lane, incident)
    rows = connection.execute(
        _between, {"of_lane": lane, "of_incident": incident, "first": first, "last": last}
    ).all()
    sides = [
        _situation_at(connection, lane, incident, head, version) for version in (first - 1, last)
    ]
    return Receipt(
        incident=incident,
        update_id=uuid_text(rows[-1].update_id),
        version=last,
        position=rows[-1].position,
        recorded_at=write_instant(rows[-1].recorded_us),
        events=tuple(
            Recorded(
                version=row.version,
                event_id=uuid_text(row.event_id),
                type=row.type,
                key=None if row.body is None else read_report(read_payload(row.body)).key,
            )
            for row in rows
        ),
        changes=changes(*sides),
    )


def brief_of(held: Situation) -> bytes:
    """What the list of incidents shows of a situation, as JSON."""
    when, tolls = held.overview.occurred, held.casualties
    return encode(
        {
            "title": held.title,
            "kind": held.kind,
            "status": held.status,
            "occurred": {
                "earliest": when.earliest,
                "latest": when.latest,
                "precision": when.precision,
            },
            "killed": _short(tolls.killed),
            "injured": _short(tolls.injured),
            "responsibility": held.attribution.responsibility,
            "countries": sorted({at.country for at in held.overview.locations if at.country}),
        }
    )


def _short(toll: Any) -> dict[str, Any]:
    return {"low": toll.low, "high": toll.high, "best": toll.best, "status": toll.status}


def _situation_at(
    connection: Connection, lane: int, incident: str, head: Any, version: int
) -> Situation:
    if version == 0:
        frame = Frame(incident=incident, version=0, position=0, recorded_us=0)
        return situation(frame, _opening(head), ())
    question = Question(version=version)
    frame = _frame(connection, lane, incident, question, head)
    held = standing_at(connection, lane, incident, Bounds(version=version), EVERYBODY)
    return situation(frame, _opening(head), held)


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
        raise Malformed(
            f"as_of lies in the future: the store's clock shows {write_instant(now_us)}"
        )


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
        left_out=tuple(f"publisher:{key}" for key in sorted(set(question.without_publishers))),
    )


def _written(moment_us: int | None) -> str | None:
    return None if moment_us is None else write_instant(moment_us)


def _opening(head: Any) -> IncidentOpened:
    return IncidentOpened(title=head.opened_title, kind=IncidentKind(head.kind))
