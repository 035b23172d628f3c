"""The list of incidents by any filter, in any order, as of any moment: a snapshot in pages.

A page looks at each lane at a moment that its cursor keeps, and what was recorded by then never
changes: no incident comes twice or is missed, whatever is written meanwhile.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import Connection, bindparam, func, select

from service.domain.moments import write_instant
from service.errors import BadParameters
from service.store.answers import IncidentBrief, IncidentPage, Selection
from service.store.asking import in_the_future
from service.store.conditions import MOMENT, MOMENTS, Conditions, Values, conditions
from service.store.cursors import decoded, encoded, strange_cursor
from service.store.engine import Clock, database_clock, is_sqlite
from service.store.lanes import read_heads
from service.store.ranking import SORTS, page_of, rank_at, walk_of

FEW = 2000
"""So many incidents are sorted sooner than a list is walked for them."""
REACH, FURTHER = 2, 4
"""How many times a page's length the list is walked for words that many tell, and how many times
that where it may do.
"""

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
    bound = _parameters("after", after)
    how: dict[str, Any] = {"sort": selection.sort, "after": bound, "lanes": lanes}
    rows = _walked(connection, wanted, values, how) if wanted.told else None
    if rows is None:
        finders, checks = _shared(connection, wanted, values)
        query = page_of(connection, finders, checks, **how)
        rows = connection.execute(query, values).mappings().all()
    page = tuple(_brief(row) for row in rows[:limit])
    if len(rows) <= limit:
        return IncidentPage(incidents=page, next=None)
    last = tuple(rows[limit - 1][name] for name in SORTS[selection.sort])
    place = Place(_name(selection), moments, last)
    return IncidentPage(incidents=page, next=encoded(msgspec.json.encode(place).decode()))


class Sought(Struct, frozen=True):
    """How all incidents of a selection are found at one moment: what to look them up by, what to
    check of each, and the values of both. Not JSON.
    """

    finders: list[Any]
    checks: list[Any]
    values: Values
    lanes: int


def sought(connection: Connection, selection: Selection, clock: Clock | None) -> Sought:
    """Raises Malformed for the future."""
    heads = [head.recorded_us for head in read_heads(connection)]
    moments = _moments(connection, selection, heads, clock)
    wanted = conditions(connection, selection, lanes=len(heads))
    values = {**wanted.values, **_bound(connection, moments)}
    return Sought(*_shared(connection, wanted, values), values, len(heads))


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
            raise in_the_future(now_us)
    return tuple(min(as_of_us, head) for head in heads)


def _bound(connection: Connection, moments: Sequence[int]) -> Values:
    if len(moments) == 1:
        return {MOMENT: moments[0]}
    told = msgspec.json.encode(moments).decode() if is_sqlite(connection) else list(moments)
    return {MOMENTS: told}


def _walked(
    connection: Connection, wanted: Conditions, values: Values, how: dict[str, Any]
) -> Sequence[Any] | None:
    """The page, where many incidents tell the words that are looked for: it is near then, and need
    not be picked out of all of them. None where it was not found so.
    """
    checks = [*wanted.checks, *(finder.check for finder in wanted.finders)]
    place = rank_at(sort=how["sort"], after=how["after"])
    near = REACH * values["most"]
    for reach in (near, near * FURTHER):
        last = connection.execute(place, {**values, "reach": reach}).first()
        until = _parameters("until", last or ())
        query = walk_of(wanted.told, checks, until=until, **how)
        bound = {f"until_{number}": value for number, value in enumerate(last or ())}
        rows = connection.execute(query, {**values, **bound}).mappings().all()
        if not all(row["sure"] for row in rows):
            break
        if last is None or len(rows) == values["most"]:
            return rows
        if len(rows) * FURTHER < values["most"]:
            break
    return None


def _parameters(name: str, values: Sequence[Any]) -> list[Any]:
    return [bindparam(f"{name}_{number}") for number in range(len(values))]


def _shared(
    connection: Connection, wanted: Conditions, values: Values
) -> tuple[list[Any], list[Any]]:
    """What to look incidents up by, and what to check of each. Nothing to look up by: the list is
    walked in its order.
    """
    checks = [finder.check for finder in wanted.finders]
    if wanted.told or not wanted.finders:
        return [telling.rows for telling in wanted.told], [*wanted.checks, *checks]
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
        raise strange_cursor() from strange
    kinds = [str if name == "incident" else int for name in SORTS[selection.sort]]
    if place.selection != _name(selection):
        raise BadParameters(("cursor", "it was given out for other parameters"))
    if len(place.moments) != lanes or [type(one) for one in place.after] != kinds:
        raise strange_cursor()
    return place
