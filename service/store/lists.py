"""Lists: the record of one incident, the feed of all, the incidents. Cursors are opaque to
callers.
"""

import base64
import binascii
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, select, tuple_

from service.domain.moments import write_instant
from service.domain.record import is_withheld
from service.domain.report import origin_of
from service.errors import Malformed, NotFound
from service.store.answers import (
    EventPage,
    EventRecord,
    FeedPage,
    IncidentBrief,
    IncidentPage,
    ToldReport,
    UpdatePage,
    UpdateRecord,
)
from service.store.lanes import read_heads
from service.store.sealing import (
    Payload,
    read_payload,
    read_refs,
    read_report,
    uuid_bytes,
    uuid_text,
)
from service.store.tables import events, incidents, payloads, updates

LAST = 2**62

_recorded = select(events, payloads.c.body).outerjoin(
    payloads, (payloads.c.lane == events.c.lane) & (payloads.c.event_id == events.c.event_id)
)
_of_incident = (events.c.lane == bindparam("of_lane")) & (
    events.c.incident == bindparam("of_incident")
)
_one = _recorded.where(_of_incident, events.c.version == bindparam("version"))
_after = (
    _recorded.where(_of_incident, events.c.version > bindparam("after"))
    .order_by(events.c.version)
    .limit(bindparam("most"))
)
_in_lane = (
    _recorded.where(events.c.lane == bindparam("of_lane"), events.c.position > bindparam("after"))
    .order_by(events.c.position)
    .limit(bindparam("most"))
)
_told = updates.c.lane == bindparam("of_lane"), updates.c.incident == bindparam("of_incident")
_one_update = select(updates).where(*_told, updates.c.update_id == bindparam("update_id"))
_updates_up = (
    select(updates)
    .where(*_told, updates.c.recorded_us > bindparam("after"))
    .order_by(updates.c.recorded_us)
    .limit(bindparam("most"))
)
_updates_down = (
    select(updates)
    .where(*_told, updates.c.recorded_us < bindparam("after"))
    .order_by(updates.c.recorded_us.desc())
    .limit(bindparam("most"))
)
_exists = select(incidents.c.version).where(
    incidents.c.lane == bindparam("of_lane"), incidents.c.incident == bindparam("of_incident")
)
_briefs = (
    select(
        incidents.c.incident,
        incidents.c.version,
        incidents.c.opened_us,
        incidents.c.recorded_us,
        incidents.c.brief,
    )
    .order_by(incidents.c.opened_us.desc(), incidents.c.incident.desc())
    .limit(bindparam("most"))
)
_older_briefs = _briefs.where(
    tuple_(incidents.c.opened_us, incidents.c.incident)
    < tuple_(bindparam("opened"), bindparam("name"))
)


def one_event(connection: Connection, lane: int, incident: str, version: int) -> EventRecord:
    place = {"of_lane": lane, "of_incident": incident}
    row = connection.execute(_one, {**place, "version": version}).first()
    if row is None:
        raise NotFound(f"{incident} has no event {version}")
    return _event(row)


def events_of(
    connection: Connection,
    lane: int,
    incident: str,
    *,
    after_version: int,
    types: Sequence[str],
    limit: int,
) -> EventPage:
    place = {"of_lane": lane, "of_incident": incident}
    _must_exist(connection, place)
    query = _after.where(events.c.type.in_(types)) if types else _after
    rows = connection.execute(query, {**place, "after": after_version, "most": limit + 1}).all()
    page = tuple(_event(row) for row in rows[:limit])
    return EventPage(events=page, next=str(page[-1].version) if len(rows) > limit else None)


def feed(
    connection: Connection,
    *,
    after: str | None,
    types: Sequence[str],
    incident: tuple[int, str] | None,
    limit: int,
) -> FeedPage:
    """Events in the order of their commits: per lane by position, lanes merged by time of
    recording.

    The cursor holds one position per lane, so that no event is ever missed. In a store of one lane
    it is that position, in digits.
    """
    heads = read_heads(connection)
    reached = _read_cursor(after, len(heads))
    query = _in_lane
    if types:
        query = query.where(events.c.type.in_(types))
    if incident is not None:
        query = query.where(events.c.incident == incident[1])
    found: list[Any] = []
    for head in heads:
        if incident is None or incident[0] == head.lane:
            place = {"of_lane": head.lane, "after": reached[head.lane], "most": limit + 1}
            found += connection.execute(query, place).all()
    found.sort(key=lambda row: (row.recorded_us, row.lane, row.position))
    page, more = found[:limit], len(found) > limit
    if not more:
        reached = {head.lane: max(reached[head.lane], head.position) for head in heads}
    for row in page:
        reached[row.lane] = row.position if more else max(reached[row.lane], row.position)
    cursor = _write_cursor(reached)
    return FeedPage(
        events=tuple(_event(row) for row in page),
        next=cursor if more else None,
        cursor=cursor,
    )


def one_update(connection: Connection, lane: int, incident: str, update_id: str) -> UpdateRecord:
    place = {"of_lane": lane, "of_incident": incident}
    try:
        told_id = uuid_bytes(update_id)
    except ValueError as strange:
        raise NotFound(f"{incident} has no update {update_id}") from strange
    row = connection.execute(_one_update, {**place, "update_id": told_id}).first()
    if row is None:
        raise NotFound(f"{incident} has no update {update_id}")
    return _updates(connection, place, [row])[0]


def updates_of(
    connection: Connection,
    lane: int,
    incident: str,
    *,
    cursor: str | None,
    limit: int,
    ascending: bool,
) -> UpdatePage:
    place = {"of_lane": lane, "of_incident": incident}
    _must_exist(connection, place)
    query = _updates_up if ascending else _updates_down
    start = -LAST if ascending else LAST
    after = start if cursor is None else _number(_decoded(cursor))
    rows = connection.execute(query, {**place, "after": after, "most": limit + 1}).all()
    page = _updates(connection, place, rows[:limit])
    more = len(rows) > limit
    return UpdatePage(
        updates=page, next=_encoded(str(rows[limit - 1].recorded_us)) if more else None
    )


def incident_list(connection: Connection, *, cursor: str | None, limit: int) -> IncidentPage:
    """The newest first. A page goes on where the last one ended, whatever was opened meanwhile."""
    if cursor is None:
        rows = connection.execute(_briefs, {"most": limit + 1}).all()
    else:
        opened, _, name = _decoded(cursor).partition(" ")
        values = {"opened": _number(opened), "name": name, "most": limit + 1}
        rows = connection.execute(_older_briefs, values).all()
    page = tuple(_brief(row) for row in rows[:limit])
    last = rows[limit - 1] if len(rows) > limit else None
    return IncidentPage(
        incidents=page,
        next=None if last is None else _encoded(f"{last.opened_us} {last.incident}"),
    )


def _brief(row: Any) -> IncidentBrief:
    return IncidentBrief(
        incident=row.incident,
        version=row.version,
        opened_at=write_instant(row.opened_us),
        recorded_at=write_instant(row.recorded_us),
        **msgspec.json.decode(row.brief),
    )


def _event(row: Any) -> EventRecord:
    payload = None if row.body is None else read_payload(row.body)
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
        report=_shown(payload),
        commitment=row.commitment.hex(),
        leaf=row.leaf.hex(),
    )


def _shown(payload: Payload | None) -> msgspec.Raw | None:
    """A report as posted: null once erased, and while it names a person who is withheld (DOMAIN.md
    §3).
    """
    if payload is None or is_withheld(read_report(payload)):
        return None
    return payload.report


def _updates(
    connection: Connection, place: dict[str, Any], rows: Sequence[Any]
) -> tuple[UpdateRecord, ...]:
    if not rows:
        return ()
    ids = [row.update_id for row in rows]
    query = _recorded.where(_of_incident, events.c.version.between(*_reach(rows)))
    told: defaultdict[bytes, list[Any]] = defaultdict(list)
    for event in connection.execute(query.order_by(events.c.version), place):
        told[event.update_id].append(event)
    return tuple(_update(told[update_id]) for update_id in ids)


def _reach(rows: Sequence[Any]) -> tuple[int, int]:
    return min(row.first_version for row in rows), max(row.version for row in rows)


def _update(rows: Sequence[Any]) -> UpdateRecord:
    last = rows[-1]
    told = [None if row.body is None else read_payload(row.body) for row in rows]
    known = next((payload for payload in told if payload is not None), None)
    return UpdateRecord(
        incident=last.incident,
        update_id=uuid_text(last.update_id),
        version=last.version,
        position=last.position,
        recorded_at=write_instant(last.recorded_us),
        recorded_by=last.actor,
        published_at=write_instant(last.published_us),
        published=None if known is None else known.published_at,
        publisher={"key": last.publisher}
        if known is None
        else msgspec.to_builtins(known.publisher),
        summary=None if told[0] is None else told[0].summary,
        reports=tuple(
            ToldReport(
                version=row.version,
                event_id=uuid_text(row.event_id),
                type=row.type,
                report=_shown(payload),
            )
            for row, payload in zip(rows, told, strict=True)
        ),
    )


def _must_exist(connection: Connection, place: dict[str, Any]) -> None:
    if connection.execute(_exists, place).first() is None:
        raise NotFound(f"there is no incident {place['of_incident']}")


def _write_cursor(reached: dict[int, int]) -> str:
    positions = [str(reached[lane]) for lane in sorted(reached)]
    return positions[0] if len(positions) == 1 else _encoded(".".join(positions))


def _read_cursor(after: str | None, lanes: int) -> dict[int, int]:
    if after is None or after == "0":
        return dict.fromkeys(range(lanes), 0)
    positions = [after] if lanes == 1 else _decoded(after).split(".")
    if len(positions) != lanes:
        raise Malformed("after: not a cursor of this store")
    return {lane: _number(position) for lane, position in enumerate(positions)}


def _encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decoded(cursor: str) -> str:
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except (ValueError, binascii.Error) as strange:
        raise Malformed("not a cursor that was given out here") from strange


def _number(text: str) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
        raise Malformed("not a cursor that was given out here")
    return int(text)
