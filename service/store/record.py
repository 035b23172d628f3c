"""The record: events as they were told, of one incident or of all in the order of their commits."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, select

from service.domain.moments import write_instant
from service.domain.report import origin_of
from service.errors import NotFound
from service.store.answers import EventPage, EventRecord, FeedPage
from service.store.cursors import read_feed_cursor, write_feed_cursor
from service.store.lanes import read_heads
from service.store.sealing import Payload, read_payload, read_refs, read_report, uuid_text
from service.store.tables import events, incidents, payloads
from service.store.withholding import Reader, is_hidden, withheld_now

_WITH_PAYLOAD = (payloads.c.lane == events.c.lane) & (payloads.c.event_id == events.c.event_id)
RECORDED = select(events, payloads.c.body).outerjoin(payloads, _WITH_PAYLOAD)
RECORDED_WHOLE = select(events, payloads.c.salt, payloads.c.body).outerjoin(payloads, _WITH_PAYLOAD)
"""With the salt: what an event was hashed from."""
OF_INCIDENT = (events.c.lane == bindparam("of_lane")) & (
    events.c.incident == bindparam("of_incident")
)
_one = RECORDED.where(OF_INCIDENT, events.c.version == bindparam("version"))
_after = (
    RECORDED.where(OF_INCIDENT, events.c.version > bindparam("after"))
    .order_by(events.c.version)
    .limit(bindparam("most"))
)
_in_lane = (
    RECORDED.where(events.c.lane == bindparam("of_lane"), events.c.position > bindparam("after"))
    .order_by(events.c.position)
    .limit(bindparam("most"))
)
_exists = select(incidents.c.version).where(
    incidents.c.lane == bindparam("of_lane"), incidents.c.incident == bindparam("of_incident")
)


def one_event(
    connection: Connection, lane: int, incident: str, version: int, by: Reader
) -> EventRecord:
    place = {"of_lane": lane, "of_incident": incident}
    row = connection.execute(_one, {**place, "version": version}).first()
    if row is None:
        raise NotFound(f"{incident} has no event {version}")
    return _event(row, withheld_now(connection, [(lane, incident)], by))


def events_of(
    connection: Connection,
    lane: int,
    incident: str,
    *,
    after_version: int,
    types: Sequence[str],
    limit: int,
    by: Reader,
) -> EventPage:
    place = {"of_lane": lane, "of_incident": incident}
    must_exist(connection, place)
    query = _after.where(events.c.type.in_(types)) if types else _after
    rows = connection.execute(query, {**place, "after": after_version, "most": limit + 1}).all()
    unseen = withheld_now(connection, [(lane, incident)], by)
    page = tuple(_event(row, unseen) for row in rows[:limit])
    return EventPage(events=page, next=str(page[-1].version) if len(rows) > limit else None)


def feed(
    connection: Connection,
    *,
    after: str | None,
    types: Sequence[str],
    incident: tuple[int, str] | None,
    limit: int,
    by: Reader,
) -> FeedPage:
    """Events in the order of their commits: per lane by position, lanes merged by time of
    recording.

    The cursor holds one position per lane, so that no event is ever missed. In a store of one lane
    it is that position, in digits.
    """
    heads = read_heads(connection)
    reached = read_feed_cursor(after, len(heads))
    query = _in_lane
    if types:
        query = query.where(events.c.type.in_(types))
    if incident is not None:
        query = query.where(events.c.incident == incident[1])
    found: list[Any] = []
    for head in heads:
        is_asked = incident is None or incident[0] == head.lane
        if is_asked and reached[head.lane] < head.position:
            place = {"of_lane": head.lane, "after": reached[head.lane], "most": limit + 1}
            found += connection.execute(query, place).all()
    found.sort(key=lambda row: (row.recorded_us, row.lane, row.position))
    page, more = found[:limit], len(found) > limit
    if not more:
        reached = {head.lane: max(reached[head.lane], head.position) for head in heads}
    for row in page:
        reached[row.lane] = row.position if more else max(reached[row.lane], row.position)
    cursor = write_feed_cursor(reached)
    unseen = withheld_now(connection, {(row.lane, row.incident) for row in page}, by)
    return FeedPage(
        events=tuple(_event(row, unseen) for row in page),
        next=cursor if more else None,
        cursor=cursor,
    )


def reached_now(connection: Connection) -> str:
    """The cursor after everything that is recorded."""
    return write_feed_cursor({head.lane: head.position for head in read_heads(connection)})


def _event(row: Any, unseen: frozenset[tuple[str, int]]) -> EventRecord:
    payload = shown(row, unseen)
    publisher: dict[str, Any] = {"key": row.publisher}
    origin: dict[str, Any] = {"key": row.origin}
    if payload is not None:
        publisher = msgspec.to_builtins(payload.publisher)
        origin = msgspec.to_builtins(origin_of(read_report(payload), payload.publisher))
    return EventRecord(
        position=row.position,
        incident=row.incident,
        version=row.version,
        event_id=uuid_text(row.event_id),
        update_id=uuid_text(row.update_id),
        type=row.type,
        schema_version=row.schema_version,
        recorded_at=write_instant(row.recorded_us),
        recorded_by=row.actor,
        published_at=write_instant(row.published_us),
        effective_at=write_instant(row.effective_us),
        publisher=publisher,
        origin=origin,
        refs=None if row.refs is None else msgspec.to_builtins(read_refs(row.refs)),
        report=None if payload is None else payload.report,
        commitment=row.commitment.hex(),
        leaf=row.leaf.hex(),
    )


def shown(row: Any, unseen: frozenset[tuple[str, int]]) -> Payload | None:
    """What was posted: None once erased, and for readers from whom it is withheld."""
    return None if row.body is None or is_hidden(row, unseen) else read_payload(row.body)


def must_exist(connection: Connection, place: dict[str, Any]) -> None:
    if connection.execute(_exists, place).first() is None:
        raise NotFound(f"there is no incident {place['of_incident']}")
