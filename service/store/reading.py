"""Reading: the situation at any moment, the record as it was told, and the feed."""

from hashlib import blake2b
from typing import Any

import msgspec
from msgspec import structs
from sqlalchemy import Connection, bindparam, select

from service.domain.changes import changes
from service.domain.lifecycle import IncidentOpened
from service.domain.moments import write_instant
from service.domain.situation import Frame, Situation
from service.errors import NotFound
from service.store.answers import Answer, Question, Receipt, Recorded
from service.store.asking import Asked, ask, known_at
from service.store.comparing import compared, plainly
from service.store.engine import Clock
from service.store.indexing import EDITION
from service.store.logged import IN_INCIDENT
from service.store.sealing import read_payload, read_report, uuid_text
from service.store.statements import Lookup
from service.store.tables import events, incidents, payloads
from service.store.withholding import Reader, is_released

_encoder = msgspec.json.Encoder(decimal_format="number")
encode = _encoder.encode

_now = Lookup(
    incidents,
    keys=("lane", "incident"),
    columns=("version", "view", "merged_into", "recorded_us", "release_us"),
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
    .where(IN_INCIDENT, events.c.version.between(bindparam("first"), bindparam("last")))
    .order_by(events.c.version)
)


def now(connection: Connection, lane: int, incident: str, by: Reader) -> Answer:
    """The current view, as it is stored. It is the public's, and told anew for the desk where
    something may be withheld, and for everybody once an embargo has ended.
    """
    row = _now.first(connection, {"lane": lane, "incident": incident})
    if row is None:
        raise NotFound(f"there is no incident {incident}")
    version, view, merged_into, recorded_us, release_us = row
    anew = release_us if by.desk else is_released(connection, release_us, recorded_us, by.clock)
    if not anew:
        return Answer(
            incident=incident, version=version, body=view, immutable=False, merged_into=merged_into
        )
    told = then(connection, lane, incident, Question(desk=by.desk), by.clock)
    return structs.replace(told, recorded_us=None, reading=told.reading or "released")


def then(
    connection: Connection, lane: int, incident: str, question: Question, clock: Clock | None
) -> Answer:
    """The situation inside the bounds of a question."""
    asked = ask(connection, lane, incident, question, clock)
    told = asked.known.situation
    if question.compare:
        plain = ask(connection, lane, incident, plainly(question), clock)
        told = compared(asked.known, plain.known)
    body = encode(told)
    merged = asked.known.situation.merged
    return Answer(
        incident=incident,
        version=asked.frame.version,
        body=body,
        immutable=asked.immutable,
        merged_into=None if merged is None else merged.into,
        recorded_us=asked.frame.recorded_us,
        reading=_reading(asked, question),
    )


def _reading(asked: Asked, question: Question) -> str:
    """A word that is another where other events are left out, or their words are gone."""
    erased = "" if asked.erased_version is None else f"e{asked.erased_version}"
    if question.desk:
        return f"desk{erased}"
    withheld = asked.bounds.withheld
    left_out = blake2b(str(sorted(withheld)).encode(), digest_size=6).hexdigest()
    return f"{left_out if withheld else ''}{erased}"


def receipt_again(
    connection: Connection, lane: int, incident: str, *, first: int, last: int
) -> Receipt:
    """The receipt of an update that was recorded before, word for word."""
    rows = connection.execute(
        _between, {"of_lane": lane, "of_incident": incident, "first": first, "last": last}
    ).all()
    before, after = (known_at(connection, lane, incident, version) for version in (first - 1, last))
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
        changes=changes(before, after),
    )


def incident_row(
    lane: int,
    frame: Frame,
    opening: IncidentOpened,
    current: Situation,
    *,
    opened_us: int,
    leaf: bytes,
    brief: bytes,
    release_us: int | None,
    erased_version: int | None,
) -> dict[str, Any]:
    """The row that answers what holds now, as this edition derives it."""
    return {
        "lane": lane,
        "incident": frame.incident,
        "version": frame.version,
        "position": frame.position,
        "recorded_us": frame.recorded_us,
        "opened_us": opened_us,
        "opened_title": opening.title,
        "kind": opening.kind.value,
        "leaf": leaf,
        "merged_into": None if current.merged is None else current.merged.into,
        "release_us": release_us,
        "brief": brief,
        "view": encode(current),
        "edition": EDITION,
        "derived_version": frame.version,
        "erased_version": erased_version,
    }


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
