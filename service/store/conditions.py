"""What an incident must be to be listed: each filter as the rows of the catalogue that meet it.

A *finder* gives the incidents that meet a filter, from an index of its own; a *check* looks at a
row of the catalogue that was found otherwise.
"""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    exists,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from service.domain.boxes import Box
from service.store.answers import Selection
from service.store.search import plainly, telling, tells_in, written
from service.store.shelves import (
    LASTING,
    LONG_US,
    SPANNING,
    WIDE,
    catalogue,
    links,
    places,
    texts,
)
from service.store.tables import updates

WORLD = 180 * 10_000_000
MOMENT, MOMENTS = "moment", "moments"
READ = 32
"""So many texts of an incident are read before all are looked up by their words."""

Values = dict[str, Any]


class MomentOf(GenericFunction[int]):
    """The moment, of several bound at once, that a lane is looked at."""

    name = "moment_of"
    inherit_cache = True


@compiles(MomentOf, "sqlite")
def _sqlite_moment(element: MomentOf, compiler: SQLCompiler, **how: Any) -> str:
    lane, moments = (compiler.process(part, **how) for part in element.clauses)
    return f"json_extract({moments}, '$[' || {lane} || ']')"


@compiles(MomentOf, "postgresql")
def _postgresql_moment(element: MomentOf, compiler: SQLCompiler, **how: Any) -> str:
    lane, moments = (compiler.process(part, **how) for part in element.clauses)
    return f"(CAST({moments} AS bigint[]))[{lane} + 1]"


class Finder(Struct, frozen=True):
    """`rows` has lane and incident, an incident more than once perhaps. `check` is the same asked
    of one row of the catalogue.
    """

    rows: Any
    check: ColumnElement[bool]


class Telling(Struct, frozen=True):
    """What texts must tell. `rows` as a finder has them; `tells` is the same asked of one row of
    the catalogue, of the first texts of its incident alone; `goes_on` that there are more.
    """

    rows: Any
    tells: ColumnElement[bool]
    goes_on: ColumnElement[bool]


class Conditions(Struct, frozen=True, kw_only=True):
    """The filters of a selection: what texts must tell, those with an index of their own, the
    others, and the values of all.
    """

    told: tuple[Telling, ...]
    finders: tuple[Finder, ...]
    checks: tuple[ColumnElement[bool], ...]
    values: Values


def conditions(connection: Connection, selection: Selection, *, lanes: int) -> Conditions:
    values, told = _values(selection), []
    for number, term in enumerate(selection.words):
        name = f"words_{number}"
        rows, period = telling(connection, name)
        here = _texts_of("text").subquery("text")
        tells = select(here.c.lane).where(held(here.c, lanes), tells_in(connection, here.c, name))
        more = select(_texts_of("more", after=READ).subquery("more"))
        told.append(Telling(rows.where(held(period, lanes)), exists(tells), exists(more)))
        values[name] = written(connection, term)
        values[f"{name}_plainly"] = plainly(term)
    return Conditions(
        told=tuple(told),
        finders=tuple(_finders(selection, lanes)),
        checks=tuple(_checks(selection)),
        values=values,
    )


def _texts_of(name: str, *, after: int = 0) -> Select[Any]:
    """Some texts of the catalogue's incident, in the order of its updates."""
    text = texts.alias(name)
    return (
        select(text.c.lane, text.c.until_us, text.c.from_us, text.c.body)
        .where(text.c.lane == catalogue.c.lane, text.c.incident == catalogue.c.incident)
        .order_by(text.c.version)
        .limit(READ)
        .offset(after)
        .correlate(catalogue)
    )


def moment(lane: ColumnElement[int], lanes: int) -> ColumnElement[int]:
    """The moment at which a lane is looked at."""
    return bindparam(MOMENT) if lanes == 1 else MomentOf(lane, bindparam(MOMENTS))


def held(columns: Any, lanes: int) -> ColumnElement[bool]:
    """Whether a period holds at the moment of its lane."""
    then = moment(columns.lane, lanes)
    return and_(columns.until_us > then, columns.from_us <= then)


def _values(asked: Selection) -> Values:
    values: Values = {
        "kinds": list(asked.kinds),
        "statuses": list(asked.statuses),
        "countries": list(asked.countries),
        "occurred_from": asked.occurred_from_us,
        "occurred_to": asked.occurred_to_us,
        "updated_since": asked.updated_since_us,
        "min_killed": asked.min_killed,
        "linked_to": asked.linked_to,
    }
    for number, box in enumerate(_halves(asked.bbox)):
        values |= {f"{side}_{number}": at for side, at in zip(Box._fields, box, strict=True)}
    return values


def _checks(asked: Selection) -> Iterator[ColumnElement[bool]]:
    if asked.kinds:
        yield catalogue.c.kind.in_(bindparam("kinds", expanding=True))
    if asked.statuses:
        yield catalogue.c.status.in_(bindparam("statuses", expanding=True))
    if asked.min_killed is not None and asked.sort == "killed":
        yield catalogue.c.killed_low >= bindparam("min_killed")


def _finders(asked: Selection, lanes: int) -> Iterator[Finder]:
    if asked.linked_to is not None:
        yield _beside(links, lanes, links.c.target == bindparam("linked_to"))
    if asked.countries:
        named = places.c.country.in_(bindparam("countries", expanding=True))
        yield _beside(places, lanes, named)
    if asked.bbox is not None:
        yield _inside(asked.bbox, lanes)
    if asked.occurred_from_us is not None or asked.occurred_to_us is not None:
        yield _during(asked, lanes)
    if asked.min_killed is not None and asked.sort != "killed":
        enough = catalogue.c.killed_low >= bindparam("min_killed")
        yield Finder(_rows(catalogue, held(catalogue.c, lanes), enough), enough)
    if asked.updated_since_us is not None:
        since = updates.c.recorded_us >= bindparam("updated_since")
        until = updates.c.recorded_us <= moment(updates.c.lane, lanes)
        yield Finder(_rows(updates, since, until), _same(updates, since, until))


def _beside(table: Any, lanes: int, *wanted: ColumnElement[bool]) -> Finder:
    """By rows of a table beside the catalogue."""
    conditions = (*wanted, held(table.c, lanes))
    return Finder(_rows(table, *conditions), _same(table, *conditions))


def _inside(bbox: Box, lanes: int) -> Finder:
    """Boxes that meet the asked one: those that begin inside it or shortly before; wide ones."""
    rows: list[Any] = []
    checks: list[Any] = []
    for number in range(len(_halves(bbox))):
        sides: list[Any] = [bindparam(f"{side}_{number}") for side in Box._fields]
        west, south, east, north = sides
        meets = and_(
            places.c.west <= east,
            places.c.east >= west,
            places.c.south <= north,
            places.c.north >= south,
        )
        near = places.c.west >= west - WIDE
        rows += [
            _rows(places, near, meets, held(places.c, lanes)),
            _rows(places, SPANNING, meets, held(places.c, lanes)),
        ]
        checks.append(_same(places, meets, held(places.c, lanes)))
    return Finder(union_all(*rows), or_(*checks))


def _during(asked: Selection, lanes: int) -> Finder:
    """Windows that meet the asked one, those of no known time left out."""
    begins, ends = catalogue.c.occurred_from_us, catalogue.c.occurred_to_us
    meets = [begins >= 1 - 2**62]
    if asked.occurred_to_us is not None:
        meets.append(begins <= bindparam("occurred_to"))
    here = held(catalogue.c, lanes)
    if asked.occurred_from_us is None:
        return Finder(_rows(catalogue, *meets, here), and_(*meets))
    meets.append(ends >= bindparam("occurred_from"))
    near = begins >= bindparam("occurred_from") - LONG_US
    found = union_all(_rows(catalogue, near, *meets, here), _rows(catalogue, LASTING, *meets, here))
    return Finder(found, and_(*meets))


def _halves(bbox: Box | None) -> tuple[Box, ...]:
    """A box, or the two halves of one that crosses the antimeridian."""
    if bbox is None or bbox.west <= bbox.east:
        return () if bbox is None else (bbox,)
    return bbox._replace(east=WORLD), bbox._replace(west=-WORLD)


def _rows(table: Any, *wanted: Any) -> Select[Any]:
    return select(table.c.lane, table.c.incident).where(*wanted)


def _same(table: Any, *wanted: Any) -> ColumnElement[bool]:
    """Whether the catalogue's incident has such a row.

    PostgreSQL keeps a subquery with OFFSET 0 as it is, and walks the whole key for each incident.
    """
    found = select(table.c.lane).where(
        table.c.lane == catalogue.c.lane, table.c.incident == catalogue.c.incident, *wanted
    )
    return exists(found.limit(1).offset(0).correlate(catalogue))
