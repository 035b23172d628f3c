"""The index of standing reports: what `service.domain.standing` folds, found without reading all
events.

A row of `standing` says that a report is a candidate for a slot, with what ranks it. A row of
`voids` says that a candidate falls, by a retraction or a later correction, as soon as that one is
visible and not retracted itself. For any bounds the report that stands in a slot is the
highest-ranked visible candidate that has not fallen. `peak_us` (the highest effective moment of the
slot so far) and `lead_us` (how far effective moments run ahead of publication) keep the search near
its answer. A row of `reached` says that another candidate may stand in a slot since a correction or
a retraction. `service.store.indexing` writes the rows.
"""

from collections.abc import Container, Iterable, Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

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

from service.domain.aspect import Slot
from service.domain.editorial import ReportCorrected
from service.domain.report import Event, Origin, Report, Standing
from service.domain.reports import slot_of
from service.domain.standing import Bounds, Origins, Trust, counts_for, stands_for
from service.store.consequences import Sight
from service.store.logged import events_among
from service.store.spellings import Lesser, Outside, listed
from service.store.tables import slots, standing, voids

SlotId = bytes
KNOWN = 4096
"""How many hashes are remembered: reports come again and again to the same slots."""

VOICES = {Origins.NAMED: 1, Origins.OFFICIAL: 2}
"""The bits of `voices`: where only some origins are heard, these candidates are."""


class Shape(NamedTuple):
    """Which conditions a question has; its values come as parameters."""

    withheld: bool
    published: bool
    effective: bool
    publishers: bool
    origins: bool
    voice: bool


class Limits(NamedTuple):
    """Up to where a question sees. `effective` bounds the moments that reports are for; what
    corrects or retracts acts all the same.
    """

    version: ColumnElement[int] = bindparam("version")
    published: ColumnElement[int] = bindparam("published")
    effective: ColumnElement[int] = bindparam("effective")


ASKED = Limits()


@lru_cache(maxsize=KNOWN)
def slot_id(slot: Slot) -> SlotId:
    return blake2b("\x1f".join(slot).encode(), digest_size=16).digest()


@lru_cache(maxsize=KNOWN)
def part_id(part: str) -> int:
    """A part of the situation as the index knows it: 64 bits, with their sign."""
    return int.from_bytes(blake2b(part.encode(), digest_size=8).digest(), signed=True)


def voices_of(origin: Origin, report: Report) -> int:
    return sum(bit for origins, bit in VOICES.items() if counts_for(origin, report, origins))


def standing_at(
    connection: Connection, lane: int, incident: str, bounds: Bounds, trust: Trust
) -> tuple[Standing, ...]:
    """What stands in each slot for these bounds; `bounds.version` is given. Equals the plain
    fold.
    """
    place = {"of_lane": lane, "of_incident": incident}
    query, values = _question(bounds, trust)
    rows = connection.execute(query, {**place, **values})
    chosen = read_standing(connection, place, (tuple(row) for row in rows))
    sight = Sight(connection, place, bounds, trust)
    found = sight.consequences(sight.acts(chosen.values()))
    return in_order(found)


def in_order(standing: Iterable[Standing]) -> tuple[Standing, ...]:
    return tuple(sorted(standing, key=lambda held: (held.root, held.version)))


def by_slot(standing: tuple[Standing, ...]) -> dict[SlotId, Standing]:
    slots = {}
    for held in standing:
        slot = slot_of(held.report, held.origin, held.root)
        if slot is not None:
            slots[slot_id(slot)] = held
    return slots


def read_standing(
    connection: Connection, place: Mapping[str, Any], chosen: Iterable[tuple[SlotId, int | None]]
) -> dict[tuple[SlotId, int], Standing]:
    """What stands in slots on the word of these versions; nothing where the payload is gone.
    `place`: `of_lane`, `of_incident`.
    """
    wanted = [(slot, version) for slot, version in chosen if version is not None]
    told = events_among(connection, place, {version for _, version in wanted})
    there = [(slot, version) for slot, version in wanted if version in told]
    roots = {
        told[version].refs.targets[0]
        for slot, version in there
        if _stands_elsewhere(told[version], slot)
    }
    told |= events_among(connection, place, roots - set(told))
    found = {(slot, version): _stands(told, slot, version) for slot, version in there}
    return {place: held for place, held in found.items() if held is not None}


def _stands_elsewhere(event: Event, slot: SlotId) -> bool:
    """Whether an event stands in a slot that is not its own: a correction in that of its target."""
    if not isinstance(event.report, ReportCorrected):
        return False
    own = slot_of(event.report, event.origin, event.version)
    return own is None or slot_id(own) != slot


def _stands(told: Mapping[int, Event], slot: SlotId, version: int) -> Standing | None:
    """None where the report that was corrected is erased."""
    event = told[version]
    if not _stands_elsewhere(event, slot):
        return stands_for(event, event)
    root = told.get(event.refs.targets[0])
    return None if root is None else stands_for(event, root)


_queries: dict[Shape, Select[Any]] = {}


def _question(bounds: Bounds, trust: Trust) -> tuple[Select[Any], dict[str, Any]]:
    """The query for the version that stands in each slot, and the values of its parameters.

    Built once for each shape of question, so that its compiled form is found again.
    """
    values = values_of(bounds, trust)
    shape = shape_of(values)
    if shape not in _queries:
        _queries[shape] = select(slots.c.slot, highest(shape).label("version")).where(
            slots.c.lane == bindparam("of_lane"), slots.c.incident == bindparam("of_incident")
        )
    return _queries[shape], values


def values_of(bounds: Bounds, trust: Trust) -> dict[str, Any]:
    """The values of a question's parameters; the names tell its shape."""
    values: dict[str, Any] = {"version": bounds.version}
    if bounds.withheld:
        values["withheld"] = listed(bounds.withheld)
    if bounds.published_us is not None:
        values["published"] = bounds.published_us
    if trust.without_publishers:
        values["publishers"] = sorted(trust.without_publishers)
    if trust.without_origins:
        values["origins"] = sorted(trust.without_origins)
    if trust.origins is not Origins.ALL:
        values["voice"] = VOICES[trust.origins]
    return values


def shape_of(names: Container[str]) -> Shape:
    return Shape(*(name in names for name in Shape._fields))


def _same(table: Any, other: Any, *columns: str) -> ColumnElement[bool]:
    return and_(*(table.c[name] == other.c[name] for name in columns))


def highest(shape: Shape, limits: Limits = ASKED, place: Any = slots) -> Any:
    """The version of the highest-ranked candidate of a slot that is visible and has not fallen.
    `place` has the columns of `slots`; the limits may be columns of it.
    """
    candidate, before = standing.alias("candidate"), standing.alias("before")
    peak = (
        select(before.c.peak_us)
        .where(_in_slot(before, place), before.c.version <= limits.version)
        .order_by(before.c.version.desc())
        .limit(1)
        .correlate_except(before)
        .scalar_subquery()
    )
    tops: list[Any] = [peak]
    if shape.published:
        tops.append(limits.published + place.c.lead_us)
    if shape.effective:
        tops.append(limits.effective)
    top = peak if len(tops) == 1 else Lesser(*tops)
    seen = [candidate.c.effective_us <= top, *_visible(candidate, shape, limits, said="version")]
    if shape.publishers:
        seen.append(candidate.c.root_publisher.not_in(_several("publishers")))
    if shape.origins:
        seen.append(candidate.c.root_origin.not_in(_several("origins")))
    if shape.voice:
        seen.append(candidate.c.voices.bitwise_and(bindparam("voice")) != 0)
    return (
        select(candidate.c.version)
        .where(_in_slot(candidate, place), *seen, ~_fallen(candidate, shape, limits))
        .order_by(
            candidate.c.effective_us.desc(),
            candidate.c.said_us.desc(),
            candidate.c.root.desc(),
            candidate.c.version.desc(),
        )
        .limit(1)
        .correlate_except(candidate)
        .scalar_subquery()
    )


def _in_slot(table: Any, place: Any) -> ColumnElement[bool]:
    return _same(table, place, "lane", "incident", "slot")


def _visible(table: Any, shape: Shape, limits: Limits, *, said: str) -> list[ColumnElement[bool]]:
    """Whether a question sees the event that the column `said` names, by the copies that the row
    has of its envelope. (What the desk does is heard whichever origins are.)
    """
    conditions = [table.c[said] <= limits.version]
    if shape.withheld:
        conditions.append(Outside(table.c[said], bindparam("withheld")))
    if shape.published:
        conditions.append(table.c.published_us <= limits.published)
    if shape.publishers:
        conditions.append(table.c.publisher.not_in(_several("publishers")))
    if shape.origins:
        conditions.append(table.c.origin.not_in(_several("origins")))
    return conditions


def _several(name: str) -> Any:
    return bindparam(name, expanding=True)


def _fallen(candidate: Any, shape: Shape, limits: Limits) -> ColumnElement[bool]:
    by, undone = voids.alias("by"), voids.alias("undone")

    def falls(void: Any, target: ColumnElement[int], root: ColumnElement[int]) -> list[Any]:
        return [
            void.c.lane == candidate.c.lane,
            void.c.incident == candidate.c.incident,
            void.c.target == target,
            void.c.root == root,
            *_visible(void, shape, limits, said="by"),
        ]

    retracted = _found(undone, falls(undone, by.c.by, by.c.by)).correlate_except(undone)
    voided = [*falls(by, candidate.c.version, candidate.c.root), ~exists(retracted)]
    return exists(_found(by, voided).correlate_except(by))


def _found(table: Any, conditions: list[Any]) -> Select[int]:
    """A subquery that PostgreSQL keeps as it is (OFFSET 0), so that it walks the whole key.

    Made into an anti-join it would, lacking statistics, walk all voids of the incident.
    """
    return select(literal(1)).select_from(table).where(*conditions).limit(1).offset(0)
