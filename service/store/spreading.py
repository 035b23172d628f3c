"""Where incidents lie: those of a selection counted cell by cell, few enough for a map."""

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Select, bindparam, func, select

from service.domain.boxes import UNITS, Box
from service.store.answers import Selection
from service.store.conditions import WORLD, held
from service.store.engine import Clock
from service.store.listing import Sought, sought
from service.store.ranking import all_of
from service.store.shelves import catalogue, places

MOST_CELLS = 400


class Cell(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """So many incidents around a point, in degrees; where it is one, which."""

    longitude: float
    latitude: float
    count: int
    incident: str | None = None
    title: str | None = None
    killed: dict[str, Any] | None = None


class Spread(Struct, frozen=True, kw_only=True):
    """The fullest cells first; `more` where others were left out."""

    cells: tuple[Cell, ...]
    more: bool


def spread(
    connection: Connection, selection: Selection, view: Box, size: int, clock: Clock | None
) -> Spread:
    """The standing places inside a view, in cells of `size` ten-millionths of a degree. A place
    that is an area lies at its middle. Raises Malformed for the future.
    """
    wanted = sought(connection, selection, clock)
    values = {**wanted.values, **view._asdict(), "size": size, "most": MOST_CELLS + 1}
    rows = connection.execute(_cells(connection, wanted), values).all()
    shown = rows[:MOST_CELLS]
    alone = _alone(connection, wanted, {row.incident for row in shown if row.number == 1})
    return Spread(
        cells=tuple(
            Cell(
                longitude=round(float(row.longitude) / UNITS, 5),
                latitude=round(float(row.latitude) / UNITS, 5),
                count=row.number,
                **(alone[row.incident] if row.number == 1 else {}),
            )
            for row in shown
        ),
        more=len(rows) > len(shown),
    )


def _cells(connection: Connection, wanted: Sought) -> Select[Any]:
    longitude, latitude = (
        (places.c.west + places.c.east) // 2,
        (places.c.south + places.c.north) // 2,
    )
    standing = select(
        places.c.incident, longitude.label("longitude"), latitude.label("latitude")
    ).where(
        held(places.c, wanted.lanes),
        longitude.between(bindparam("west"), bindparam("east")),
        latitude.between(bindparam("south"), bindparam("north")),
    )
    if wanted.finders or wanted.checks:  # else all are chosen: what has a place is catalogued
        found = all_of(connection, wanted.finders, wanted.checks, lanes=wanted.lanes)
        chosen = found.subquery("chosen")
        of_it = (chosen.c.lane == places.c.lane) & (chosen.c.incident == places.c.incident)
        standing = standing.join_from(chosen, places, of_it)
    lying = standing.subquery("lying")
    cell = [(lying.c[name] + WORLD) // bindparam("size") for name in ("longitude", "latitude")]
    incidents = func.count(lying.c.incident.distinct())
    return (
        select(
            func.avg(lying.c.longitude).label("longitude"),
            func.avg(lying.c.latitude).label("latitude"),
            incidents.label("number"),
            func.min(lying.c.incident).label("incident"),
        )
        .group_by(*cell)
        .order_by(incidents.desc(), func.min(lying.c.incident))
        .limit(bindparam("most"))
    )


def _alone(
    connection: Connection, wanted: Sought, incidents: Iterable[str]
) -> dict[str, dict[str, Any]]:
    """What a map says of incidents that lie alone."""
    query = select(catalogue.c.incident, catalogue.c.brief).where(
        held(catalogue.c, wanted.lanes),
        catalogue.c.incident.in_(bindparam("alone", expanding=True)),
    )
    found = {}
    for row in connection.execute(query, {**wanted.values, "alone": sorted(incidents)}):
        brief = msgspec.json.decode(row.brief)
        found[row.incident] = {
            "incident": row.incident,
            "title": brief["title"],
            "killed": brief["killed"],
        }
    return found
