"""Mementos: an incident as each of its updates left it, and where they stand in time (RFC 7089)."""

from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, select, union

from service.errors import NotFound
from service.store.answers import Memento, MementoPage, Neighbours
from service.store.cursors import decoded, encoded, number
from service.store.tables import updates

BEFORE_ALL_US = -(2**62)

_each = select(updates.c.version, updates.c.recorded_us).where(
    updates.c.lane == bindparam("of_lane"), updates.c.incident == bindparam("of_incident")
)
_rising = _each.order_by(updates.c.recorded_us)
_falling = _each.order_by(updates.c.recorded_us.desc())
_later = _rising.where(updates.c.recorded_us > bindparam("moment"))
_not_later = _falling.where(updates.c.recorded_us <= bindparam("moment"))


def _in_order(*wanted: tuple[Select[Any], int | BindParameter[int]]) -> Select[Any]:
    """The first rows of several questions together, each once: every one reads the index only."""
    parts = [select(query.limit(count).subquery()) for query, count in wanted]
    found = union(*parts).subquery()
    return select(found).order_by(found.c.recorded_us)


_around = _in_order((_rising, 1), (_falling, 1), (_not_later, 2), (_later, 2))
_page = _in_order((_rising, 1), (_falling, 1), (_later, bindparam("most")))


def mementos_around(
    connection: Connection, lane: int, incident: str, *, moment_us: int, version: int | None
) -> Neighbours:
    """The memento of a moment: the latest that was recorded by then, else the first.

    Where `version` is given, it was recorded at that moment and is the memento itself; it may stand
    within an update.
    """
    found = _read(connection, _around, lane, incident, {"moment": moment_us})
    if version is None:
        recorded = [memento for memento in found if memento.recorded_us <= moment_us]
        shown = recorded[-1] if recorded else found[0]
    else:
        shown = Memento(version=version, recorded_us=moment_us)
    return Neighbours(
        first=found[0],
        previous=next((one for one in reversed(found) if one.version < shown.version), None),
        shown=shown,
        next=next((one for one in found if one.version > shown.version), None),
        last=found[-1],
    )


def mementos_of(
    connection: Connection, lane: int, incident: str, *, cursor: str | None, limit: int
) -> MementoPage:
    """One page, the oldest first, and how far the next one reaches."""
    after = BEFORE_ALL_US if cursor is None else number(decoded(cursor))
    found = _read(connection, _page, lane, incident, {"moment": after, "most": 2 * limit})
    later = [memento for memento in found if memento.recorded_us > after]
    page, following = later[:limit], later[limit : 2 * limit]
    return MementoPage(
        first=found[0],
        last=found[-1],
        mementos=tuple(page),
        following=(following[0], following[-1]) if following else None,
        next=encoded(str(page[-1].recorded_us)) if following else None,
    )


def _read(
    connection: Connection, query: Select[Any], lane: int, incident: str, values: dict[str, int]
) -> list[Memento]:
    rows = connection.execute(query, {"of_lane": lane, "of_incident": incident, **values}).all()
    if not rows:
        raise NotFound(f"there is no incident {incident}")
    return [Memento(version=row.version, recorded_us=row.recorded_us) for row in rows]
