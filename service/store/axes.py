"""Axes: what runs along each of them in the index, and the queries that follow it.

Every query is made so that its plan does not hang on statistics, which a table may lack: one arm
for each part, ordered as its index is, and look-ups where a join would do.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select, union, union_all

from service.store.index import ASKED, Shape, highest
from service.store.spellings import Outside
from service.store.tables import events, reached, slots, standing, updates


class Axis(StrEnum):
    """Along what a figure is followed."""

    RECORDED = "recorded"
    """What we knew, update by update."""
    PUBLISHED = "published"
    """What the world had published."""
    EFFECTIVE = "effective"
    """What is known of each moment that a figure is for."""


class Course(NamedTuple):
    """The columns along which an axis runs, and the limit that it moves."""

    told: ColumnElement[int]
    acted: ColumnElement[int] | None
    limit: str


COURSES = {
    Axis.RECORDED: Course(standing.c.version, reached.c.by, "version"),
    Axis.PUBLISHED: Course(standing.c.published_us, reached.c.published_us, "published"),
    Axis.EFFECTIVE: Course(standing.c.effective_us, None, "effective"),
}


def here(table: Any) -> ColumnElement[bool]:
    return and_(table.c.lane == bindparam("of_lane"), table.c.incident == bindparam("of_incident"))


def told(_: Axis, shape: tuple[Shape, int]) -> Select[Any]:
    first = [
        arm.limit(1).subquery() for arm in _arms(Course(standing.c.version, None, "version"), shape)
    ]
    return select(union_all(*(select(one.c.at) for one in first)).subquery().c.at)


def points(axis: Axis, shape: tuple[Shape, int]) -> Select[Any]:
    """The first points on an axis, in order; of the record also which update each belongs to."""
    firsts = [
        arm.with_only_columns(arm.selected_columns.at)
        .distinct()
        .limit(bindparam("most"))
        .subquery()
        for arm in _arms(COURSES[axis], shape)
    ]
    first = (
        select(union(*(select(one.c.at) for one in firsts)).subquery().c.at)
        .order_by("at")
        .limit(bindparam("most"))
    )
    if axis is not Axis.RECORDED:
        return first
    found = first.subquery("points")
    recorded_us = _recorded_us(found.c.at)
    return select(
        found.c.at, recorded_us.label("recorded_us"), _last(recorded_us).label("last")
    ).order_by(found.c.at)


def start(_: Axis, shape: Shape) -> Select[Any]:
    return select(slots.c.slot, highest(shape).label("version")).where(
        here(slots), slots.c.part.in_(bindparam("parts", expanding=True))
    )


def changes(axis: Axis, shape: tuple[Shape, int]) -> Select[Any]:
    """Every slot at every point where something may change, and what stands there."""
    course = COURSES[axis]
    acts = union_all(*(select(arm.offset(0).subquery()) for arm in _arms(course, shape))).subquery(
        "acts"
    )
    at = _recorded_us(acts.c.at) if axis is Axis.RECORDED else acts.c.at
    moved = select(
        acts.c.lane, acts.c.incident, acts.c.slot, at.label("at"), acts.c.version
    ).subquery("moved")
    of_slot = moved.c.lane, moved.c.incident, moved.c.slot
    grouped = (
        select(*of_slot, moved.c.at, func.max(moved.c.version).label("version"))
        .group_by(*of_slot, moved.c.at)
        .subquery("grouped")
    )
    lead_us = (
        select(slots.c.lead_us)
        .where(*(slots.c[name] == grouped.c[name] for name in ("lane", "incident", "slot")))
        .correlate(grouped)
        .scalar_subquery()
    )
    touched = select(grouped, lead_us.label("lead_us")).subquery("touched")
    limit = touched.c.version if axis is Axis.RECORDED else touched.c.at
    limits = ASKED._replace(**{course.limit: limit})
    stands = highest(shape[0], limits, touched)
    return select(touched.c.at, touched.c.version, touched.c.slot, stands.label("standing"))


def _arms(course: Course, asked: tuple[Shape, int]) -> Iterator[Select[Any]]:
    """Candidates, and what reached slots, of each part in the order of the axis: one query each,
    so that every engine walks the index that is made for it. What is withheld is no point.
    """
    shape, parts = asked
    kinds = [(standing, course.told, standing.c.version)]
    if course.acted is not None:
        kinds.append((reached, course.acted, reached.c.by))
    for table, along, version in kinds:
        of_slot = (table.c[name] for name in ("lane", "incident", "slot"))
        arm = select(*of_slot, along.label("at"), version.label("version")).order_by(along)
        if shape.withheld:
            arm = arm.where(Outside(version, bindparam("withheld")))
        for number in range(parts):
            yield arm.where(
                here(table),
                table.c.part == bindparam(f"part_{number}"),
                along > bindparam("after"),
                along <= bindparam("upto"),
                version <= bindparam("version"),
            )


def _recorded_us(version: ColumnElement[int]) -> ColumnElement[int]:
    """When an event was recorded. A look-up in any plan, as a join would not be."""
    return (
        select(events.c.recorded_us)
        .where(here(events), events.c.version == version)
        .correlate_except(events)
        .scalar_subquery()
    )


def _last(recorded_us: ColumnElement[int]) -> ColumnElement[int]:
    """The last version of the update that was recorded then."""
    return (
        select(updates.c.version)
        .where(here(updates), updates.c.recorded_us == recorded_us)
        .correlate_except(updates)
        .scalar_subquery()
    )
