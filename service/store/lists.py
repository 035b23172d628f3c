"""Lists in pages: the updates of one incident as they were told, and the incidents."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, select, tuple_

from schemas.forms import Slug
from service.domain.moments import write_instant
from service.errors import NotFound
from service.store.answers import (
    IncidentBrief,
    IncidentPage,
    Question,
    ToldReport,
    UpdatePage,
    UpdateRecord,
)
from service.store.asking import ask
from service.store.cursors import decoded, encoded, number, strange_cursor
from service.store.engine import Clock
from service.store.reading import brief_of
from service.store.record import OF_INCIDENT, RECORDED, must_exist, shown
from service.store.sealing import uuid_bytes, uuid_text
from service.store.tables import events, incidents, updates
from service.store.withholding import Reader, is_hidden, is_released, withheld_now

LAST = 2**62

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
_briefs = (
    select(
        incidents.c.incident,
        incidents.c.version,
        incidents.c.opened_us,
        incidents.c.recorded_us,
        incidents.c.brief,
        incidents.c.lane,
        incidents.c.release_us,
    )
    .order_by(incidents.c.opened_us.desc(), incidents.c.incident.desc())
    .limit(bindparam("most"))
)
_older_briefs = _briefs.where(
    tuple_(incidents.c.opened_us, incidents.c.incident)
    < tuple_(bindparam("opened"), bindparam("name"))
)


def one_update(
    connection: Connection, lane: int, incident: str, update_id: str, by: Reader
) -> UpdateRecord:
    place = {"of_lane": lane, "of_incident": incident}
    try:
        told_id = uuid_bytes(update_id)
    except ValueError as strange:
        raise NotFound(f"{incident} has no update {update_id}") from strange
    row = connection.execute(_one_update, {**place, "update_id": told_id}).first()
    if row is None:
        raise NotFound(f"{incident} has no update {update_id}")
    return updates_among(connection, place, [row], by)[0]


def updates_of(
    connection: Connection,
    lane: int,
    incident: str,
    *,
    cursor: str | None,
    limit: int,
    ascending: bool,
    by: Reader,
) -> UpdatePage:
    place = {"of_lane": lane, "of_incident": incident}
    must_exist(connection, place)
    query = _updates_up if ascending else _updates_down
    start = -LAST if ascending else LAST
    after = start if cursor is None else number(decoded(cursor))
    rows = connection.execute(query, {**place, "after": after, "most": limit + 1}).all()
    page = updates_among(connection, place, rows[:limit], by)
    more = len(rows) > limit
    return UpdatePage(
        updates=page, next=encoded(str(rows[limit - 1].recorded_us)) if more else None
    )


def incident_list(
    connection: Connection, *, cursor: str | None, limit: int, clock: Clock | None = None
) -> IncidentPage:
    """All of them, the newest first, as each is now. A page goes on where the last one ended,
    whatever was opened meanwhile.
    """
    if cursor is None:
        rows = connection.execute(_briefs, {"most": limit + 1}).all()
    else:
        opened, name = opened_before(cursor)
        values = {"opened": opened, "name": name, "most": limit + 1}
        rows = connection.execute(_older_briefs, values).all()
    page = tuple(_brief(connection, row, clock) for row in rows[:limit])
    last = rows[limit - 1] if len(rows) > limit else None
    return IncidentPage(
        incidents=page,
        next=None if last is None else encoded(f"{last.opened_us} {last.incident}"),
    )


def opened_before(cursor: str) -> tuple[int, str]:
    """After which incident the list goes on: when it was opened, and its name. Raises
    BadParameters.
    """
    opened, _, name = decoded(cursor).partition(" ")
    if Slug.form.fullmatch(name) is None:
        raise strange_cursor()
    return number(opened), name


def _brief(connection: Connection, row: Any, clock: Clock | None) -> IncidentBrief:
    """As it is stored, and told anew once an embargo has ended."""
    brief = row.brief
    if is_released(connection, row.release_us, row.recorded_us, clock):
        asked = ask(connection, row.lane, row.incident, Question(), clock)
        brief = brief_of(asked.known.situation)
    return IncidentBrief(
        incident=row.incident,
        version=row.version,
        opened_at=write_instant(row.opened_us),
        recorded_at=write_instant(row.recorded_us),
        **msgspec.json.decode(brief),
    )


def updates_among(
    connection: Connection, place: dict[str, Any], rows: Sequence[Any], by: Reader
) -> tuple[UpdateRecord, ...]:
    """The updates of some rows of `updates`, as they were told. `place`: `of_lane`,
    `of_incident`.
    """
    if not rows:
        return ()
    ids = [row.update_id for row in rows]
    query = RECORDED.where(OF_INCIDENT, events.c.version.between(*_reach(rows)))
    told: defaultdict[bytes, list[Any]] = defaultdict(list)
    for event in connection.execute(query.order_by(events.c.version), place):
        told[event.update_id].append(event)
    unseen = withheld_now(connection, [(place["of_lane"], place["of_incident"])], by)
    return tuple(_update(told[update_id], unseen) for update_id in ids)


def _reach(rows: Sequence[Any]) -> tuple[int, int]:
    return min(row.first_version for row in rows), max(row.version for row in rows)


def _update(rows: Sequence[Any], unseen: frozenset[tuple[str, int]]) -> UpdateRecord:
    """Without its summary where some of it is withheld, since that may tell it."""
    last = rows[-1]
    told = [shown(row, unseen) for row in rows]
    is_whole = not any(is_hidden(row, unseen) for row in rows)
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
        summary=told[0].summary if told[0] is not None and is_whole else None,
        reports=tuple(
            ToldReport(
                version=row.version,
                event_id=uuid_text(row.event_id),
                type=row.type,
                report=None if payload is None else payload.report,
            )
            for row, payload in zip(rows, told, strict=True)
        ),
    )
