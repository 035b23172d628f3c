"""The rows of a page of the list, found from what an incident must be, in the order asked for."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    and_,
    bindparam,
    exists,
    intersect,
    or_,
    select,
    true,
    tuple_,
)

from service.store.conditions import Telling, held, moment
from service.store.engine import is_sqlite
from service.store.shelves import catalogue
from service.store.tables import updates

SORTS = {
    "opened": ("opened_us", "incident"),
    "updated": ("recorded_us", "incident"),
    "occurred": ("occurred_from_us", "incident"),
    "killed": ("killed_low", "opened_us", "incident"),
}
"""The greatest first. Each ends with the incident, so that no two rank alike."""

KEY = ("lane", "incident", "until_us", "from_us")
SHOWN = ("incident", "opened_us", "occurred_from_us", "killed_low", "brief")


def page_of(
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
    return _whole(_ranked(rows, sort, after), sort, lanes)


def all_of(
    connection: Connection, finders: Sequence[Any], checks: Sequence[Any], *, lanes: int
) -> Select[Any]:
    """The rows of all incidents, in no order."""
    here = [held(catalogue.c, lanes), *checks]
    if finders:
        return _looked_up(connection, finders, here, "opened", lanes)
    return _walked(here, "opened", lanes)


def walk_of(
    tellings: Sequence[Telling],
    checks: Sequence[Any],
    *,
    sort: str,
    after: Sequence[Any],
    until: Sequence[Any],
    lanes: int,
) -> Select[Any]:
    """The same by walking the list as far as `until`, and reading what each incident tells. `sure`
    is false of one that tells too much to read it all.
    """
    sure = and_(*(telling.tells for telling in tellings))
    perhaps = or_(sure, *(telling.goes_on for telling in tellings))
    rows = _walked([held(catalogue.c, lanes), *checks, perhaps], sort, lanes)
    ranked = _ranked(rows.add_columns(sure.label("sure")), sort, after, until)
    return _whole(ranked, sort, lanes)


def rank_at(*, sort: str, after: Sequence[Any]) -> Select[Any]:
    """Where the list is after so many rows of its index (`reach`), whatever they tell and whenever
    they held.
    """
    table = updates if sort == "updated" else catalogue
    ranks = [table.c[name] for name in SORTS[sort]]
    row = select(*ranks).order_by(*(rank.desc() for rank in ranks))
    if after:
        row = row.where(tuple_(*ranks) < tuple_(*after))
    return row.limit(1).offset(bindparam("reach"))


def _ranked(
    rows: Select[Any], sort: str, after: Sequence[Any], until: Sequence[Any] = ()
) -> Select[Any]:
    row = rows.subquery("row")
    ranks = [row.c[name] for name in SORTS[sort]]
    page = select(row).order_by(*(rank.desc() for rank in ranks)).limit(bindparam("most"))
    if after:
        page = page.where(tuple_(*ranks) < tuple_(*after))
    if until:
        page = page.where(ranks[0] >= until[0], tuple_(*ranks) >= tuple_(*until))
    return page


def _whole(ranked: Select[Any], sort: str, lanes: int) -> Select[Any]:
    place = ranked.subquery("page")
    sure = [place.c.sure] if "sure" in place.c else []
    whole = catalogue.alias("whole")
    return (
        select(
            *(whole.c[name] for name in SHOWN),
            *sure,
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
