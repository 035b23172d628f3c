"""The index of standing reports: what `service.domain.standing` folds, found without reading all
events.

A row of `standing` says that a report is a candidate for a slot, with what ranks it. A row of
`voids` says that a candidate falls, by a retraction or a later correction, as soon as that one is
visible and not retracted itself. For any bounds the report that stands in a slot is the
highest-ranked visible candidate that has not fallen. `peak_us` (the highest effective moment of the
slot so far) and `lead_us` (how far effective moments run ahead of publication) keep the search near
its answer.
"""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    exists,
    literal,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from service.domain.aspect import Slot
from service.domain.editorial import ReportCorrected
from service.domain.report import Event, Standing
from service.domain.reports import slot_of
from service.domain.standing import Bounds, Trust, stands_for
from service.store.sealing import read_event
from service.store.tables import events, payloads, slots, standing, voids

SlotId = bytes


class Candidate(Struct, frozen=True, kw_only=True):
    """One row of `standing`, but for its incident."""

    slot: SlotId
    version: int
    root: int
    effective_us: int
    said_us: int
    published_us: int
    publisher: str
    root_publisher: str
    peak_us: int


class Void(Struct, frozen=True, kw_only=True):
    """The candidate (`target`, `root`) falls by the event `by`."""

    target: int
    root: int
    by: int
    published_us: int
    publisher: str


def slot_id(slot: Slot) -> SlotId:
    return blake2b("\x1f".join(slot).encode(), digest_size=16).digest()


def standing_at(
    connection: Connection, lane: int, incident: str, bounds: Bounds, trust: Trust
) -> tuple[Standing, ...]:
    """What stands in each slot for these bounds; `bounds.version` is given. Equals the plain
    fold.
    """
    place = {"of_lane": lane, "of_incident": incident}
    values: dict[str, Any] = {**place, "version": bounds.version}
    if bounds.published_us is not None:
        values["published"] = bounds.published_us
    if trust.without_publishers:
        values["without"] = sorted(trust.without_publishers)
    query = _query(bounds.published_us is not None, bool(trust.without_publishers))
    chosen = [tuple(row) for row in connection.execute(query, values) if row[1] is not None]
    told = _events(connection, place, {version for _, version in chosen})
    corrected = [
        told[version]
        for slot, version in chosen
        if version in told and _stands_elsewhere(told[version], slot)
    ]
    roots = {act.refs.targets[0] for act in corrected}
    told |= _events(connection, place, roots - set(told))
    found = [_stands(told, slot, version) for slot, version in chosen if version in told]
    return tuple(sorted(found, key=lambda held: (held.root, held.version)))


def _stands_elsewhere(event: Event, slot: SlotId) -> bool:
    """Whether an event stands in a slot that is not its own: a correction in that of its target."""
    if not isinstance(event.report, ReportCorrected):
        return False
    own = slot_of(event.report, event.origin, event.version)
    return own is None or slot_id(own) != slot


def _stands(told: Mapping[int, Event], slot: SlotId, version: int) -> Standing:
    event = told[version]
    return stands_for(
        event, told[event.refs.targets[0]] if _stands_elsewhere(event, slot) else event
    )


def _events(
    connection: Connection, place: Mapping[str, Any], versions: set[int]
) -> dict[int, Event]:
    """The events of these versions whose payload is there."""
    if not versions:
        return {}
    rows = connection.execute(_by_versions, {**place, "versions": sorted(versions)}).mappings()
    return {row["version"]: read_event(dict(row)) for row in rows}


class Lesser(GenericFunction[int]):
    """The lesser of two numbers. One bound, since SQLite walks an index from one."""

    name = "least"
    inherit_cache = True


@compiles(Lesser, "sqlite")
def _sqlite_lesser(element: Lesser, compiler: SQLCompiler, **how: Any) -> str:
    return f"min({compiler.process(element.clauses, **how)})"


_queries: dict[tuple[bool, bool], Select[Any]] = {}
STORED_EVENT = select(
    events.c.version,
    events.c.event_id,
    events.c.update_id,
    events.c.refs,
    events.c.published_us,
    events.c.effective_us,
    events.c.recorded_us,
    payloads.c.body,
).join(payloads, and_(payloads.c.lane == events.c.lane, payloads.c.event_id == events.c.event_id))
"""What `read_event` takes."""

_by_versions = STORED_EVENT.where(
    events.c.lane == bindparam("of_lane"),
    events.c.incident == bindparam("of_incident"),
    events.c.version.in_(bindparam("versions", expanding=True)),
)


def _query(published: bool, without: bool) -> Select[Any]:
    """The version that stands in each slot, for one shape of question.

    Built once, so that its compiled form is found again.
    """
    shape = (published, without)
    if shape not in _queries:
        highest = _highest(published=published, without=without).label("version")
        _queries[shape] = select(slots.c.slot, highest).where(
            slots.c.lane == bindparam("of_lane"), slots.c.incident == bindparam("of_incident")
        )
    return _queries[shape]


def _same(table: Any, other: Any, *columns: str) -> ColumnElement[bool]:
    return and_(*(table.c[name] == other.c[name] for name in columns))


def _highest(*, published: bool, without: bool) -> Any:
    """The version of the highest-ranked candidate of a slot that is visible and has not fallen."""
    candidate, before = standing.alias("candidate"), standing.alias("before")
    peak = (
        select(before.c.peak_us)
        .where(_in_slot(before), before.c.version <= bindparam("version"))
        .order_by(before.c.version.desc())
        .limit(1)
        .correlate(slots)
        .scalar_subquery()
    )
    highest: Any = peak
    if published:
        highest = Lesser(peak, bindparam("published") + slots.c.lead_us)
    seen = [candidate.c.effective_us <= highest, candidate.c.version <= bindparam("version")]
    if published:
        seen.append(candidate.c.published_us <= bindparam("published"))
    if without:
        left_out: Any = bindparam("without", expanding=True)
        seen.append(candidate.c.publisher.not_in(left_out))
        seen.append(candidate.c.root_publisher.not_in(left_out))
    return (
        select(candidate.c.version)
        .where(
            _in_slot(candidate), *seen, ~_fallen(candidate, published=published, without=without)
        )
        .order_by(
            candidate.c.effective_us.desc(),
            candidate.c.said_us.desc(),
            candidate.c.root.desc(),
            candidate.c.version.desc(),
        )
        .limit(1)
        .correlate(slots)
        .scalar_subquery()
    )


def _in_slot(table: Any) -> ColumnElement[bool]:
    return _same(table, slots, "lane", "incident", "slot")


def _fallen(candidate: Any, *, published: bool, without: bool) -> ColumnElement[bool]:
    by, undone = voids.alias("by"), voids.alias("undone")

    def visible(void: Any) -> list[ColumnElement[bool]]:
        conditions = [void.c.by <= bindparam("version")]
        if published:
            conditions.append(void.c.published_us <= bindparam("published"))
        if without:
            conditions.append(void.c.publisher.not_in(bindparam("without", expanding=True)))
        return conditions

    def falls(void: Any, target: ColumnElement[int], root: ColumnElement[int]) -> list[Any]:
        return [
            void.c.lane == candidate.c.lane,
            void.c.incident == candidate.c.incident,
            void.c.target == target,
            void.c.root == root,
            *visible(void),
        ]

    retracted = _found(undone, falls(undone, by.c.by, by.c.by)).correlate(by, candidate)
    voided = [*falls(by, candidate.c.version, candidate.c.root), ~exists(retracted)]
    return exists(_found(by, voided).correlate(candidate))


def _found(table: Any, conditions: list[Any]) -> Select[int]:
    """A subquery that PostgreSQL keeps as it is (OFFSET 0), so that it walks the whole key.

    Made into an anti-join it would, lacking statistics, walk all voids of the incident.
    """
    return select(literal(1)).select_from(table).where(*conditions).limit(1).offset(0)


class SlotState(Struct):
    """What is known of a slot after its latest candidate."""

    peak_us: int
    lead_us: int


def slot_states(connection: Connection, lane: int, incident: str) -> dict[SlotId, SlotState]:
    latest = standing.alias("latest")
    peak = (
        select(latest.c.peak_us)
        .where(_in_slot(latest))
        .order_by(latest.c.version.desc())
        .limit(1)
        .correlate(slots)
        .scalar_subquery()
    )
    found = connection.execute(
        select(slots.c.slot, peak, slots.c.lead_us).where(
            slots.c.lane == lane, slots.c.incident == incident
        )
    )
    return {row[0]: SlotState(row[1], row[2]) for row in found}


def candidate_of(
    event: Event, root: Event, slot: Slot, states: dict[SlotId, SlotState]
) -> Candidate:
    """The row for `event` standing for `root`; raises the slot's peak."""
    place = slot_id(slot)
    known = states.get(place)
    peak_us = root.effective_us if known is None else max(known.peak_us, root.effective_us)
    candidate = Candidate(
        slot=place,
        version=event.version,
        root=root.version,
        effective_us=root.effective_us,
        said_us=root.published_us,
        published_us=max(event.published_us, root.published_us),
        publisher=event.publisher.key,
        root_publisher=root.publisher.key,
        peak_us=peak_us,
    )
    if known is not None:
        known.peak_us = peak_us
    return candidate
