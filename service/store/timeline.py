"""The updates of an incident in time: where each stands on both clocks."""

from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, case, func, select

from service.domain.moments import write_instant
from service.store.record import OF_INCIDENT, must_exist
from service.store.tables import events

MOST_STOPS = 5_000
"""The newest updates of a story, as many as one timeline has."""

ACTS = {
    "report_corrected": "correction",
    "report_retracted": "retraction",
    "figure_adjudicated": "adjudication",
}
"""What an update is marked for on a timeline, by the events that it has."""


class Stop(Struct, frozen=True, kw_only=True):
    """An update: `version` is that of its last event, `acts` what it did to earlier reports."""

    version: int
    recorded_at: str
    published_at: str
    publisher: str
    acts: tuple[str, ...]


class Timeline(Struct, frozen=True, kw_only=True):
    """The updates in the order of their recording; `earlier` tells whether older ones are left
    out.
    """

    incident: str
    version: int
    stops: tuple[Stop, ...]
    earlier: bool


_stops = (
    select(
        func.max(events.c.version).label("version"),
        func.max(events.c.recorded_us).label("recorded_us"),
        func.max(events.c.published_us).label("published_us"),
        func.max(events.c.publisher).label("publisher"),
        *(func.max(case((events.c.type == name, 1), else_=0)).label(name) for name in ACTS),
    )
    .where(OF_INCIDENT)
    .group_by(events.c.update_id)
    .order_by(func.max(events.c.version).desc())
    .limit(MOST_STOPS + 1)
)


def timeline_of(connection: Connection, lane: int, incident: str) -> Timeline:
    place = {"of_lane": lane, "of_incident": incident}
    must_exist(connection, place)
    rows = connection.execute(_stops, place).mappings().all()
    return Timeline(
        incident=incident,
        version=rows[0]["version"],
        stops=tuple(_stop(row) for row in reversed(rows[:MOST_STOPS])),
        earlier=len(rows) > MOST_STOPS,
    )


def _stop(row: Any) -> Stop:
    return Stop(
        version=row["version"],
        recorded_at=write_instant(row["recorded_us"]),
        published_at=write_instant(row["published_us"]),
        publisher=row["publisher"],
        acts=tuple(act for name, act in ACTS.items() if row[name]),
    )
