"""Retelling: the situation inside the bounds of a question, with the updates that led to it, for
whoever tells them on in another form (`service.formats`).

What a question leaves out of the situation it leaves out of the updates too: what came later, whom
it does not trust, and what is withheld from its reader now or was at its moment (docs/adr/0008).
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from msgspec import Raw, Struct, structs
from sqlalchemy import Connection, Select, bindparam, select

from service.domain.lifecycle import IncidentOpened
from service.domain.report import Publisher, Report
from service.domain.situation import Situation
from service.domain.standing import Origins, is_seen
from service.store.answers import Question
from service.store.asking import Asked, ask
from service.store.cursors import decoded, encoded, number
from service.store.engine import Clock
from service.store.record import RECORDED
from service.store.sealing import Payload, read_event, read_payload, read_report, uuid_text
from service.store.tables import events, incidents, updates
from service.store.withholding import NOTHING, is_hidden

LAST = 2**62

_of_incident = (
    updates.c.lane == bindparam("of_lane"),
    updates.c.incident == bindparam("of_incident"),
)
_first_event = (
    (events.c.lane == updates.c.lane)
    & (events.c.incident == updates.c.incident)
    & (events.c.version == updates.c.first_version)
)
_any_event = (
    (events.c.lane == updates.c.lane)
    & (events.c.incident == updates.c.incident)
    & events.c.version.between(updates.c.first_version, updates.c.version)
)
_seen = (
    select(updates.c.update_id, updates.c.recorded_us)
    .join(events, _first_event)
    .where(
        *_of_incident,
        updates.c.first_version <= bindparam("version"),
        events.c.published_us <= bindparam("published"),
        events.c.publisher.not_in(bindparam("without", expanding=True)),
    )
    .limit(bindparam("most"))
)
_newest_first = _seen.where(updates.c.recorded_us < bindparam("after")).order_by(
    updates.c.recorded_us.desc()
)
_oldest_first = _seen.where(updates.c.recorded_us > bindparam("after")).order_by(
    updates.c.recorded_us
)
_their_events: Select[Any] = (
    RECORDED.join(updates, _any_event)
    .where(
        *_of_incident,
        updates.c.update_id.in_(bindparam("ids", expanding=True)),
        events.c.version <= bindparam("version"),
    )
    .order_by(events.c.version)
)
_opened = select(incidents.c.opened_us).where(
    incidents.c.lane == bindparam("of_lane"), incidents.c.incident == bindparam("of_incident")
)


class ToldEvent(Struct, frozen=True, kw_only=True):
    """A report of an update. `report` is what it means and `posted` its JSON; both are None where
    its words are withheld or gone. Not JSON.
    """

    version: int
    event_id: str
    type: str
    origin: str
    report: Report | None
    posted: Raw | None


class ToldUpdate(Struct, frozen=True, kw_only=True):
    """An update with those of its reports that a question sees. `published` is as it was given: a
    timestamp, a date, or None for the moment of recording. Times are microseconds. Not JSON.

    `publisher` is None where all of its words are withheld or gone.
    """

    incident: str
    update_id: str
    version: int
    recorded_us: int
    published_us: int
    published: str | None
    publisher: Publisher | None
    summary: str | None
    events: tuple[ToldEvent, ...]


class Retold(Struct, frozen=True, kw_only=True):
    """`immutable` when none of it can ever change, unless words are erased. Not JSON."""

    situation: Situation
    opening: IncidentOpened
    opened_us: int
    updates: tuple[ToldUpdate, ...]
    next: str | None
    immutable: bool

    @property
    def merged_into(self) -> str | None:
        return None if self.situation.merged is None else self.situation.merged.into


class Turn(Struct, frozen=True, kw_only=True):
    """Which of the updates: so many after a cursor, the newest first unless `ascending`."""

    limit: int
    cursor: str | None = None
    ascending: bool = False


def retold(
    connection: Connection,
    place: tuple[int, str],
    question: Question,
    turn: Turn,
    clock: Clock | None,
) -> Retold:
    """Raises as `asking.framed` does, and BadParameters for a strange cursor."""
    lane, incident = place
    asked = ask(connection, lane, incident, question, clock)
    at = {"of_lane": lane, "of_incident": incident}
    told, following = _updates(connection, at, asked, turn) if turn.limit else ((), None)
    return Retold(
        situation=asked.known.situation,
        opening=asked.opening,
        opened_us=connection.execute(_opened, at).scalar_one(),
        updates=told,
        next=following,
        immutable=asked.immutable,
    )


def _updates(
    connection: Connection, at: dict[str, Any], asked: Asked, turn: Turn
) -> tuple[tuple[ToldUpdate, ...], str | None]:
    bounds = asked.bounds
    start = -LAST if turn.ascending else LAST
    version = asked.frame.version
    values = {
        **at,
        "version": version,
        "published": LAST if bounds.published_us is None else bounds.published_us,
        "without": sorted(asked.trust.without_publishers),
        "after": start if turn.cursor is None else number(decoded(turn.cursor)),
        "most": turn.limit + 1,
    }
    query = _oldest_first if turn.ascending else _newest_first
    rows = connection.execute(query, values).all()
    page = rows[: turn.limit]
    following = encoded(str(page[-1].recorded_us)) if len(rows) > turn.limit else None
    told = events_of(connection, at, [row.update_id for row in page], version)
    heard = (heard_of(told[row.update_id], asked) for row in page)
    return tuple(update for update in heard if update is not None), following


def events_of(
    connection: Connection, at: dict[str, Any], ids: Sequence[bytes], version: int = LAST
) -> dict[bytes, list[Any]]:
    """The events of some updates of an incident up to a version, by the update's id."""
    told: defaultdict[bytes, list[Any]] = defaultdict(list)
    if ids:
        for event in connection.execute(_their_events, {**at, "ids": ids, "version": version}):
            told[event.update_id].append(event)
    return told


def heard_of(rows: Sequence[Any], asked: Asked) -> ToldUpdate | None:
    """An update, from its events. Without its summary where some of it is not for the reader, since
    that may tell it. None where the question hears none of it.
    """
    unseen = frozenset((asked.frame.incident, version) for version in asked.bounds.withheld)
    hidden = {row.version for row in rows if is_hidden(row, unseen)}
    seen = [row for row in rows if _is_heard(row, asked, withheld=row.version in hidden)]
    if not seen:
        return None
    told = [
        None if row.body is None or row.version in hidden else read_payload(row.body)
        for row in seen
    ]
    known = next((payload for payload in told if payload is not None), None)
    first, last = seen[0], seen[-1]
    is_whole = len(seen) == len(rows) and not hidden and told[0] is not None
    return ToldUpdate(
        incident=last.incident,
        update_id=uuid_text(last.update_id),
        version=last.version,
        recorded_us=last.recorded_us,
        published_us=first.published_us,
        published=None if known is None else known.published_at,
        publisher=None if known is None else known.publisher,
        summary=told[0].summary if is_whole and told[0] is not None else None,
        events=tuple(_event(row, payload) for row, payload in zip(seen, told, strict=True)),
    )


def _is_heard(row: Any, asked: Asked, *, withheld: bool) -> bool:
    """Of what is withheld a question hears that it was told, but not from whom: so nothing where
    only some origins are heard.
    """
    if withheld and asked.trust.origins is not Origins.ALL:
        return False
    told = structs.replace(asked.bounds, withheld=NOTHING)
    return is_seen(read_event(row._mapping), told, asked.trust)


def _event(row: Any, payload: Payload | None) -> ToldEvent:
    return ToldEvent(
        version=row.version,
        event_id=uuid_text(row.event_id),
        type=row.type,
        origin=row.origin,
        report=None if payload is None else read_report(payload),
        posted=None if payload is None else payload.report,
    )
