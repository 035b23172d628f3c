"""Deriving again: an incident's views and its rows of the index, from its events and nothing else.

What is derived here equals what the appends derived, byte for byte; so a writer in another process
need not be told, and what it remembers goes on holding.
"""

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from itertools import groupby
from operator import attrgetter
from typing import Any

from msgspec import structs
from sqlalchemy import Connection, Select, and_, bindparam, delete, func, or_, select, tuple_

from service.domain.derived import Derived
from service.domain.editorial import PersonalDataErased
from service.domain.lifecycle import IncidentKind, IncidentOpened
from service.domain.report import event_name
from service.domain.situation import Frame, situation
from service.domain.standing import EVERYBODY, Bounds
from service.store.asking import opening_seen
from service.store.engine import writing
from service.store.index import SlotId, standing_at
from service.store.indexing import EDITION, Indexer, SlotState
from service.store.lanes import lock_heads
from service.store.logged import IN_INCIDENT
from service.store.reading import brief_of, incident_row
from service.store.rebooking import rebook
from service.store.recataloguing import recatalogue
from service.store.sealing import read_event
from service.store.statements import Batch, Insert
from service.store.tables import (
    events,
    incidents,
    payloads,
    reached,
    slots,
    standing,
    voids,
    withholdings,
)
from service.store.withholding import withheld_then

ERASURE = event_name(PersonalDataErased)

CHUNK = 500
"""How many events are held at once. An update is held whole."""

Progress = Callable[[int, int], None]
"""Told how many events are done, of how many."""

_insert_incident = Insert(incidents)
_older = or_(
    incidents.c.edition < EDITION,
    and_(incidents.c.edition == EDITION, incidents.c.derived_version < incidents.c.version),
)
_key = tuple_(bindparam("after_lane"), bindparam("after_incident"))
_next_in_log = (
    select(events.c.lane, events.c.incident)
    .where(tuple_(events.c.lane, events.c.incident) > _key)
    .order_by(events.c.lane, events.c.incident, events.c.version)
    .limit(1)
)
_next_older = (
    select(incidents.c.lane, incidents.c.incident)
    .where(tuple_(incidents.c.lane, incidents.c.incident) > _key, _older)
    .order_by(incidents.c.lane, incidents.c.incident)
    .limit(1)
)
_derived = (incidents.c.lane == events.c.lane) & (incidents.c.incident == events.c.incident)
_underived = or_(incidents.c.version.is_(None), incidents.c.version < events.c.version)
_next_missing = (
    select(events.c.lane, events.c.incident)
    .outerjoin(incidents, _derived)
    .where(tuple_(events.c.lane, events.c.incident) > _key, _underived)
    .order_by(events.c.lane, events.c.incident, events.c.version)
    .limit(1)
)
_events_missing = (
    select(func.count()).select_from(events.outerjoin(incidents, _derived)).where(_underived)
)
_events_in_log = select(func.count()).select_from(events)
_events_of_older = select(func.coalesce(func.sum(incidents.c.version), 0)).where(_older)
_with_words = select(events.c.version).join(
    payloads, (payloads.c.lane == events.c.lane) & (payloads.c.event_id == events.c.event_id)
)
_told = (
    select(
        *(events.c[name] for name in ("lane", "incident", "version", "position", "event_id")),
        *(events.c[name] for name in ("update_id", "type", "publisher", "origin", "published_us")),
        *(events.c[name] for name in ("effective_us", "recorded_us", "refs", "leaf")),
        payloads.c.body,
    )
    .outerjoin(
        payloads, (payloads.c.lane == events.c.lane) & (payloads.c.event_id == events.c.event_id)
    )
    .where(IN_INCIDENT, events.c.version > bindparam("after"))
    .order_by(events.c.version)
    .limit(CHUNK)
)


class Which(Enum):
    """Which incidents to derive: all, those that an older edition derived, or those of whose last
    events nothing was derived.
    """

    ALL = (_next_in_log, _events_in_log)
    OLDER = (_next_older, _events_of_older)
    MISSING = (_next_missing, _events_missing)


def rebuild(connection: Connection, which: Which, *, progress: Progress) -> int:
    """Derive incidents again; how many.

    Each in a transaction of its own, under its lane's lock: to break it off does no harm.
    """
    following, counting = which.value
    total = connection.execute(counting).scalar_one()
    done = number = 0
    for lane, incident in _incidents(connection, following):
        number += 1
        progress(done, total)
        with writing(connection):
            lock_heads(connection, [lane], None)
            done += rebuild_incident(connection, lane, incident)
    progress(done, total)
    return number


def is_older(edition: int, derived_version: int, version: int) -> bool:
    """Whether an incident was derived, or written to since, by the code of an older edition."""
    return edition < EDITION or (edition == EDITION and derived_version < version)


def rebuild_incident(connection: Connection, lane: int, incident: str) -> int:
    """Derive one incident again; how many events it has. Its lane is locked by this transaction."""
    for table in (standing, voids, reached, slots):
        connection.execute(delete(table).where(*_of(table, lane, incident)))
    # What an erased event said of who may read what, only its rows tell any more: they stay.
    told = withholdings.c.by.in_(_with_words.where(*_of(events, lane, incident)))
    connection.execute(delete(withholdings).where(*_of(withholdings, lane, incident), told))
    place = {"lane": lane, "incident": incident}
    batch = Batch()
    indexer, states = Indexer(connection, batch), dict[SlotId, SlotState]()
    first = last = erased_version = None
    held = 0
    for rows in _updates(connection, lane, incident):
        first, last = first or rows[0], rows[-1]
        indexer.add([read_event(row._mapping) for row in rows], place, states)
        erasures = [row.version for row in rows if row.type == ERASURE]
        erased_version = max(erasures, default=erased_version)
        held += len(rows)
        if held >= CHUNK:
            indexer.flush()
            held = 0
    indexer.flush()
    if first is None or last is None:
        return 0
    _retell(connection, batch, first, last, erased_version)
    return int(last.version)


def _incidents(connection: Connection, query: Select[Any]) -> Iterator[tuple[int, str]]:
    lane, incident = -1, ""
    while True:
        after = {"after_lane": lane, "after_incident": incident}
        row = connection.execute(query, after).first()
        if row is None:
            return
        lane, incident = row
        yield lane, incident


def _updates(connection: Connection, lane: int, incident: str) -> Iterator[list[Any]]:
    """The rows of one update after another: what an update's acts reach depends on all of it."""
    rows = _rows(connection, {"of_lane": lane, "of_incident": incident})
    for _, told in groupby(rows, key=attrgetter("update_id")):
        yield list(told)


def _rows(connection: Connection, place: Mapping[str, Any]) -> Iterator[Any]:
    after = 0
    while rows := connection.execute(_told, {**place, "after": after}).all():
        yield from rows
        after = rows[-1].version


def _retell(
    connection: Connection, batch: Batch, first: Any, last: Any, erased_version: int | None
) -> None:
    """What is told of an incident now, and what it is listed by, from its rows of the index."""
    lane, incident = last.lane, last.incident
    opening, place = _opening(first), {"of_lane": lane, "of_incident": incident}
    bounds = Bounds(version=last.version)
    unseen = withheld_then(connection, place, bounds, last.recorded_us)
    bounds = structs.replace(bounds, withheld=unseen.versions)
    frame = Frame(
        incident=incident,
        version=last.version,
        position=last.position,
        recorded_us=last.recorded_us,
    )
    found = standing_at(connection, lane, incident, bounds, EVERYBODY)
    shown = opening_seen(opening, incident, unseen.versions)
    current = situation(frame, shown, found, Derived())
    row = incident_row(
        lane,
        frame,
        opening,
        current,
        opened_us=first.recorded_us,
        leaf=last.leaf,
        brief=brief_of(current),
        release_us=unseen.release_us,
        erased_version=erased_version,
    )
    connection.execute(delete(incidents).where(*_of(incidents, lane, incident)))
    batch.add(_insert_incident, row)
    batch.write(connection)
    recatalogue(
        connection,
        lane,
        incident,
        opening=opening,
        opened_us=first.recorded_us,
        unseen=unseen.versions,
    )
    rebook(connection, lane, incident, found, current, unseen=unseen.versions)


def _opening(row: Any) -> IncidentOpened:
    """An incident whose opening was erased goes by its name."""
    report = read_event(row._mapping).report
    if isinstance(report, IncidentOpened):
        return IncidentOpened(title=report.title, kind=report.kind)
    return IncidentOpened(title=row.incident, kind=IncidentKind.OTHER)


def _of(table: Any, lane: int, incident: str) -> tuple[Any, Any]:
    return table.c.lane == lane, table.c.incident == incident
