"""Surveys: many incidents or the latest updates of all, each beside the situation that it is of."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, bindparam, select, tuple_

from schemas.forms import Slug
from service.domain.situation import Situation
from service.store import reading
from service.store.answers import IncidentBrief, Question
from service.store.asking import Asked, ask, in_the_future
from service.store.cursors import decoded, encoded, number, strange_cursor
from service.store.engine import database_clock
from service.store.lanes import read_heads
from service.store.retelling import LAST, ToldUpdate, events_of, heard_of
from service.store.tables import updates
from service.store.withholding import Reader

AHEAD = "~"
"""Greater than any incident's name."""

_latest = (
    select(updates.c.lane, updates.c.incident, updates.c.update_id, updates.c.recorded_us)
    .where(
        updates.c.recorded_us <= bindparam("until"),
        tuple_(updates.c.recorded_us, updates.c.incident)
        < tuple_(bindparam("after"), bindparam("name")),
    )
    .order_by(updates.c.recorded_us.desc(), updates.c.incident.desc())
    .limit(bindparam("most"))
)


class Survey(NamedTuple):
    """A line of the list, and the whole of what it is drawn from."""

    line: IncidentBrief
    situation: Situation


class LatestUpdates(Struct, frozen=True, kw_only=True):
    """`situations` has the incidents of the updates, as they were at the same moment. `immutable`
    when none of it can ever change, unless words are erased. Not JSON.
    """

    updates: tuple[ToldUpdate, ...]
    situations: dict[str, Situation]
    next: str | None
    immutable: bool


def survey(
    connection: Connection,
    lines: Iterable[tuple[int, IncidentBrief]],
    *,
    as_of_us: int | None,
    by: Reader,
) -> Iterator[Survey]:
    """The situation of each line (with its lane) at the version that the line shows."""
    for lane, line in lines:
        yield Survey(line, _situation(connection, lane, line, as_of_us, by))


def latest_updates(
    connection: Connection, as_of_us: int | None, *, cursor: str | None, limit: int, by: Reader
) -> LatestUpdates:
    heads = [head.recorded_us for head in read_heads(connection)]
    if as_of_us is not None and as_of_us > max(heads):
        now_us = database_clock(connection) if by.clock is None else by.clock()
        if as_of_us > now_us:
            raise in_the_future(now_us)
    after, name = (LAST, AHEAD) if cursor is None else _place(cursor)
    until = LAST if as_of_us is None else as_of_us
    values = {"until": until, "after": after, "name": name, "most": limit + 1}
    rows = connection.execute(_latest, values).all()
    page = rows[:limit]
    question = Question(as_of_us=as_of_us, desk=by.desk)
    asked = {
        place: ask(connection, *place, question, by.clock)
        for place in {(row.lane, row.incident) for row in page}
    }
    told = _told(connection, page, asked)
    more = len(rows) > limit
    return LatestUpdates(
        updates=told,
        situations={one.frame.incident: one.known.situation for one in asked.values()},
        next=encoded(f"{page[-1].recorded_us} {page[-1].incident}") if more else None,
        immutable=as_of_us is not None and as_of_us <= min(heads),
    )


def _told(
    connection: Connection, page: Sequence[Any], asked: dict[tuple[int, str], Asked]
) -> tuple[ToldUpdate, ...]:
    """In the order of the page."""
    ids: defaultdict[tuple[int, str], list[bytes]] = defaultdict(list)
    for row in page:
        ids[row.lane, row.incident].append(row.update_id)
    found = {
        (incident, update_id): rows
        for (lane, incident), wanted in ids.items()
        for update_id, rows in events_of(
            connection, {"of_lane": lane, "of_incident": incident}, wanted
        ).items()
    }
    heard = (
        heard_of(found[row.incident, row.update_id], asked[row.lane, row.incident]) for row in page
    )
    return tuple(update for update in heard if update is not None)


def _situation(
    connection: Connection, lane: int, line: IncidentBrief, as_of_us: int | None, by: Reader
) -> Situation:
    incident = line.incident
    if as_of_us is None:
        stored = reading.now(connection, lane, incident, by)
        if stored.version == line.version:
            return msgspec.json.decode(stored.body, type=Situation)
    pinned = Question(
        as_of_us=as_of_us, version=line.version if as_of_us is None else None, desk=by.desk
    )
    return ask(connection, lane, incident, pinned, by.clock).known.situation


def _place(cursor: str) -> tuple[int, str]:
    """After which update the list goes on. Raises BadParameters."""
    recorded, _, name = decoded(cursor).partition(" ")
    if Slug.form.fullmatch(name) is None:
        raise strange_cursor()
    return number(recorded), name
