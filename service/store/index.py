"""The index of standing reports: what `service.domain.standing` folds, found without reading all events.

A row of `standing` says that a report is a candidate for a slot, with what ranks it. A row of `voids`
says that a candidate falls, by a retraction or a later correction, as soon as that one is visible and
not retracted itself. For any bounds the report that stands in a slot is the highest-ranked visible
candidate that has not fallen. `peak_us` (the highest effective moment of the slot so far) and
`lead_us` (how far effective moments run ahead of publication) keep the search near its answer.
"""

from collections.abc import Mapping, Sequence
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
    select,
)

from service.domain.aspect import Slot
from service.domain.report import Event, Standing
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
    """What stands in each slot for these bounds; `bounds.version` is given. Equals the plain fold."""
    values: dict[str, Any] = {"of_lane": lane, "of_incident": incident, "version": bounds.version}
    if bounds.published_us is not None:
        values["published"] = bounds.published_us
    if trust.without_publishers:
        values["without"] = sorted(trust.without_publishers)
    query = _query(bounds.published_us is not None, bool(trust.without_publishers))
    found = [_read(row) for row in connection.execute(query, values).mappings()]
    return tuple(sorted(found, key=lambda held: (held.root, held.version)))


def _read(row: Mapping[str, Any]) -> Standing:
    event = read_event(row)
    if row["root_body"] is None:
        return stands_for(event, event)
    root = {name[5:]: value for name, value in row.items() if name.startswith("root_")}
    return stands_for(event, read_event(root))


_queries: dict[tuple[bool, bool], Select[Any]] = {}


def _query(published: bool, without: bool) -> Select[Any]:
    """The query for one shape of question, built once so that its compiled form is found again."""
    shape = (published, without)
    if shape not in _queries:
        _queries[shape] = _build(published=published, without=without)
    return _queries[shape]


def _build(*, published: bool, without: bool) -> Select[Any]:
    chosen = (
        select(slots.c.slot, _highest(published=published, without=without).label("version"))
        .where(slots.c.lane == bindparam("of_lane"), slots.c.incident == bindparam("of_incident"))
        .cte("chosen")
        .prefix_with("MATERIALIZED")
    )
    place, root, root_payload = standing, events.alias("root"), payloads.alias("root_payload")
    columns = [
        events.c[name]
        for name in ("version", "event_id", "update_id", "refs")
        + ("published_us", "effective_us", "recorded_us")
    ]
    return (
        select(
            *columns,
            payloads.c.body,
            *(root.c[column.name].label(f"root_{column.name}") for column in columns),
            root_payload.c.body.label("root_body"),
        )
        .select_from(chosen)
        .join(
            place,
            and_(
                place.c.lane == bindparam("of_lane"),
                place.c.incident == bindparam("of_incident"),
                place.c.slot == chosen.c.slot,
                place.c.version == chosen.c.version,
            ),
        )
        .join(events, _same_event(events, place.c.version))
        .join(payloads, _payload_of(events, payloads))
        .outerjoin(root, and_(_same_event(root, place.c.root), place.c.root != place.c.version))
        .outerjoin(root_payload, _payload_of(root, root_payload))
    )


def _same_event(table: Any, version: ColumnElement[int]) -> ColumnElement[bool]:
    return and_(
        table.c.lane == bindparam("of_lane"),
        table.c.incident == bindparam("of_incident"),
        table.c.version == version,
    )


def _payload_of(event: Any, payload: Any) -> ColumnElement[bool]:
    return and_(payload.c.lane == event.c.lane, payload.c.event_id == event.c.event_id)


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
    seen = [candidate.c.effective_us <= peak, candidate.c.version <= bindparam("version")]
    if published:
        seen.append(candidate.c.effective_us <= bindparam("published") + slots.c.lead_us)
        seen.append(candidate.c.published_us <= bindparam("published"))
    if without:
        left_out = bindparam("without", expanding=True)
        seen.append(candidate.c.publisher.not_in(left_out))
        seen.append(candidate.c.root_publisher.not_in(left_out))
    return (
        select(candidate.c.version)
        .where(_in_slot(candidate), *seen, ~_fallen(candidate, published=published, without=without))
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
    return and_(
        table.c.lane == slots.c.lane,
        table.c.incident == slots.c.incident,
        table.c.slot == slots.c.slot,
    )


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

    retracted = exists().where(*falls(undone, by.c.by, by.c.by)).correlate(by, candidate)
    return (
        exists()
        .where(*falls(by, candidate.c.version, candidate.c.root), ~retracted)
        .correlate(candidate)
    )


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


def candidate_of(event: Event, root: Event, slot: Slot, states: dict[SlotId, SlotState]) -> Candidate:
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

