"""Events read back from the log."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from msgspec import Raw
from sqlalchemy import Connection, and_, bindparam, select

from service.domain.report import Event
from service.store.sealing import read_event, read_payload
from service.store.tables import events, payloads

STORED_EVENT = select(
    events.c.version,
    events.c.event_id,
    events.c.update_id,
    events.c.type,
    events.c.publisher,
    events.c.origin,
    events.c.refs,
    events.c.published_us,
    events.c.effective_us,
    events.c.recorded_us,
    payloads.c.body,
).outerjoin(
    payloads, and_(payloads.c.lane == events.c.lane, payloads.c.event_id == events.c.event_id)
)
"""What `read_event` takes."""

IN_INCIDENT = and_(
    events.c.lane == bindparam("of_lane"), events.c.incident == bindparam("of_incident")
)
AMONG = events.c.version.in_(bindparam("versions", expanding=True))

AT_ONCE = 10_000
"""How many versions a statement names. SQLite takes 32,766 values, PostgreSQL 65,535."""

_among = STORED_EVENT.where(IN_INCIDENT, AMONG)


class Kept(NamedTuple):
    """An event, and its report as it was posted."""

    event: Event
    posted: Raw


def events_among(
    connection: Connection, place: Mapping[str, Any], versions: Iterable[int]
) -> dict[int, Event]:
    """Those of these versions that were not erased. `place`: `of_lane`, `of_incident`."""
    return {
        row["version"]: read_event(row)
        for row in _rows(connection, place, versions)
        if row["body"] is not None
    }


def recorded_among(
    connection: Connection, place: Mapping[str, Any], versions: Iterable[int]
) -> dict[int, Event]:
    """All of them, with what is left of those that were erased."""
    return {row["version"]: read_event(row) for row in _rows(connection, place, versions)}


def kept_among(
    connection: Connection, place: Mapping[str, Any], versions: Iterable[int]
) -> dict[int, Kept]:
    """Those that were not erased, with their reports as posted."""
    return {
        row["version"]: Kept(read_event(row), read_payload(row["body"]).report)
        for row in _rows(connection, place, versions)
        if row["body"] is not None
    }


def _rows(
    connection: Connection, place: Mapping[str, Any], versions: Iterable[int]
) -> Sequence[Mapping[str, Any]]:
    wanted = sorted(versions)
    found: list[Mapping[str, Any]] = []
    for first in range(0, len(wanted), AT_ONCE):
        some = {**place, "versions": wanted[first : first + AT_ONCE]}
        found += map(dict, connection.execute(_among, some).mappings())
    return found
