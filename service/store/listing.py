"""The list of incidents by any filter, in any order, as of any moment: a snapshot in pages.

A page looks at each lane at a moment that its cursor keeps, and what was recorded by then never
changes: no incident comes twice or is missed, whatever is written meanwhile.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import (
    Connection,
    Select,
    and_,
    bindparam,
    exists,
    func,
    intersect,
    select,
    true,
    tuple_,
)

from service.domain.moments import write_instant
from service.errors import Malformed
from service.store.answers import IncidentBrief, IncidentPage, Selection
from service.store.conditions import (
    MOMENT,
    MOMENTS,
    Conditions,
    Values,
    conditions,
    held,
    moment,
)
from service.store.cursors import decoded, encoded
from service.store.engine import Clock, database_clock, is_sqlite
from service.store.lanes import read_heads
from service.store.shelves import catalogue
from service.store.tables import updates

FEW = 2000
"""So many incidents are sorted sooner than a list is walked for them."""

SORTS = {
    "opened": ("opened_us", "incident"),
    "updated": ("recorded_us", "incident"),
    "occurred": ("occurred_from_us", "incident"),
    "killed": ("killed_low", "opened_us", "incident"),
}
"""The greatest first. Each ends with the incident, so that no two rank alike."""

KEY = ("lane", "incident", "until_us", "from_us")
SHOWN = ("incident", "opened_us", "occurred_from_us", "killed_low", "brief")


Moment = Annotated[int, Meta(ge=-(2**62), le=2**62)]


class Place(Struct, frozen=True, array_like=True):
    """Where a list goes on: of which selection, at which moments, after which row."""

    selection: str
    moments: tuple[Moment, ...]
    after: tuple[Moment | Annotated[str, Meta(pattern="^[a-z0-9-]{3,80}$")], ...]


_place_of = msgspec.json.Decoder(Place)


def selected(
    connection: Connection,
    selection: Selection,
    *,
    cursor: str | None,
    limit: int,
    clock: Clock | None,
) -> IncidentPage:
    """A page of a selection. Raises Malformed for a cursor of another one, and for the future."""
    heads = [head.recorded_us for head in read_heads(connection)]
    lanes = len(heads)
    begun = None if cursor is None else _read(cursor, selection, lanes)
    moments = _moments(connection, selection, heads, clock) if begun is None else begun.moments
    wanted = conditions(connection, selection, lanes=lanes)
    values = {**wanted.values, **_bound(connection, moments), "most": limit + 1}
    after = () if begun is None else begun.after
    values |= {f"after_{number}": value for number, value in enumerate(after)}
    finders, checks = _shared(connection, wanted, values)
    bound: list[Any] = [bindparam(f"after_{number}") for number in range(len(after))]
    query = _page(connection, finders, checks, sort=selection.sort, after=bound, lanes=lanes)
    rows = connection.execute(query, values).mappings().all()
    page = tuple(_brief(row) for row in rows[:limit])
    if len(rows) <= limit:
        return IncidentPage(incidents=page, next=None)
    last = tuple(rows[limit - 1][name] for name in SORTS[selection.sort])
    place = Place(_name(selection), moments, last)
    return IncidentPage(incidents=page, next=encoded(msgspec.json.encode(place).decode()))


def _moments(
    connection: Connection, selection: Selection, heads: Sequence[int], clock: Clock | None
) -> tuple[int, ...]:
    """When each lane is looked at: at the asked moment, or where the lane stands if that is
    earlier. Whatever a lane records later is recorded after where it stands.
    """
    as_of_us = selection.as_of_us
    if as_of_us is None:
        return tuple(heads)
    if as_of_us > max(heads):
        now_us = database_clock(connection) if clock is None else clock()
        if as_of_us > now_us:
            shown = write_instant(now_us)
            raise Malformed(f"as_of lies in the future: the store's clock shows {shown}")
    return tuple(min(as_of_us, head) for head in heads)


def _bound(connection: Connection, moments: Sequence[int]) -> Values:
    if len(moments) == 1:
        return {MOMENT: moments[0]}
    told = msgspec.json.encode(moments).decode() if is_sqlite(connection) else list(moments)
    return {MOMENTS: told}


def _shared(
    connection: Connection, wanted: Conditions, values: Values
) -> tuple[list[Any], list[Any]]:
    """What to look incidents up by, and what to check of each. Nothing to look up by: the list is
    walked in its order.
    """
    checks = [finder.check for finder in wanted.finders]
    if wanted.told or not wanted.finders:
        return list(wanted.told), [*wanted.checks, *checks]
    counts = [
        select(func.count()).select_from(finder.rows.limit(FEW).subquery()).scalar_subquery()
        for finder in wanted.finders
    ]
    found = connection.execute(select(*counts), values).one()
    fewest = min(range(len(counts)), key=lambda number: found[number])
    if found[fewest] == FEW:
        return [], [*wanted.checks, *checks]
    del checks[fewest]
    # The limit cuts nothing off; without it SQLite reads the whole table in the order of its key.
    return [wanted.finders[fewest].rows.limit(FEW)], [*wanted.checks, *checks]


def _page(
    connection: Connection,
    finders: Sequence[Any],
    checks: Sequence[Any],
    *,
    sort: str,
    after: Sequence[Any],
    lanes: int,
) -> Select[Any]:
    """The rows of a page, each with the version that its incident was at."""
    here = [held(catalogue.c, lanes), *checks]
    if finders:
        rows = _looked_up(connection, finders, here, sort, lanes)
    else:
        rows = _walked(here, sort, lanes)
    row = rows.subquery("row")
    ranks = [row.c[name] for name in SORTS[sort]]
    page = select(row).where(tuple_(*ranks) < tuple_(*after)) if after else select(row)
    ordered = page.order_by(*(rank.desc() for rank in ranks)).limit(bindparam("most"))
    place = ordered.subquery("page")
    whole = catalogue.alias("whole")
    return (
        select(
            *(whole.c[name] for name in SHOWN),
            _latest(updates.c.version, place, lanes).label("version"),
            _latest(updates.c.recorded_us, place, lanes).label("recorded_us"),
        )
        .join_from(place, whole, and_(*(place.c[name] == whole.c[name] for name in KEY)))
        .order_by(*(place.c[name].desc() for name in SORTS[sort]))
    )


def _columns(sort: str) -> list[Any]:
    """What an index has of a row: enough to rank it, and to find the whole of it once chosen."""
    return [
        catalogue.c[name] for name in dict.fromkeys([*KEY, *SORTS[sort]]) if name != "recorded_us"
    ]


def _walked(here: Sequence[Any], sort: str, lanes: int) -> Select[Any]:
    """Every incident, by the index that has them in this order."""
    if sort != "updated":
        return select(*_columns(sort)).where(*here)
    later = updates.alias("later")
    newer = and_(
        _same(later, updates),
        later.c.recorded_us > updates.c.recorded_us,
        later.c.recorded_us <= moment(later.c.lane, lanes),
    )
    return (
        select(*_columns(sort), updates.c.recorded_us)
        .join_from(updates, catalogue, _same(updates, catalogue))
        .where(
            updates.c.recorded_us <= moment(updates.c.lane, lanes),
            ~exists(select(later.c.lane).where(newer).correlate(updates)),
            *here,
        )
    )


def _looked_up(
    connection: Connection, finders: Sequence[Any], here: Sequence[Any], sort: str, lanes: int
) -> Select[Any]:
    """The incidents that every finder gives, then the row of each."""
    one = finders[0].subquery("found")
    found = select(one).distinct() if len(finders) == 1 else intersect(*finders)
    incident = found.subquery("incident")
    latest = [] if sort != "updated" else [_latest(updates.c.recorded_us, catalogue, lanes)]
    columns = [*_columns(sort), *(column.label("recorded_us") for column in latest)]
    same = _same(incident, catalogue)
    if is_sqlite(connection):
        return select(*columns).join_from(incident, catalogue, same).where(*here)
    row = select(*columns).where(same, *here).limit(1).lateral("one")
    return select(row).join_from(incident, row, true())


def _latest(column: Any, of: Any, lanes: int) -> Any:
    """Of an incident's last update by its lane's moment."""
    return (
        select(column)
        .where(_same(updates, of), updates.c.recorded_us <= moment(updates.c.lane, lanes))
        .order_by(updates.c.recorded_us.desc())
        .limit(1)
        .correlate(of)
        .scalar_subquery()
    )


def _same(one: Any, other: Any) -> Any:
    return and_(one.c.lane == other.c.lane, one.c.incident == other.c.incident)


def _brief(row: Any) -> IncidentBrief:
    return IncidentBrief(
        incident=row["incident"],
        version=row["version"],
        opened_at=write_instant(row["opened_us"]),
        recorded_at=write_instant(row["recorded_us"]),
        **msgspec.json.decode(row["brief"]),
    )


def _name(selection: Selection) -> str:
    """What sets a selection apart from all others."""
    return blake2b(msgspec.json.encode(selection), digest_size=9).hexdigest()


def _read(cursor: str, selection: Selection, lanes: int) -> Place:
    try:
        place = _place_of.decode(decoded(cursor))
    except msgspec.DecodeError as strange:
        raise Malformed("not a cursor that was given out here") from strange
    kinds = [str if name == "incident" else int for name in SORTS[selection.sort]]
    if place.selection != _name(selection):
        raise Malformed("cursor: it was given out for other parameters")
    if len(place.moments) != lanes or [type(one) for one in place.after] != kinds:
        raise Malformed("not a cursor that was given out here")
    return place
