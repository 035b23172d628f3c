"""Measures: any counted thing other than people, by the same rules (DOMAIN.md §5)."""

from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum

from service.domain.aspect import Aspect, Slot
from service.domain.claims import claim_of, count_slot
from service.domain.group import EVERYONE, Group, Scope
from service.domain.quantity import Quantity, Words
from service.domain.reconcile import Figure, GroupFigure, figure, group_figures
from service.domain.report import Origin, Report, Standing

MEASURES = "overview.measures"


class Course(StrEnum):
    """Whether a measure only grows, or is a level such as hectares burning."""

    ACCUMULATES = "accumulates"
    VARIES = "varies"


class MeasureReported(Report, frozen=True, kw_only=True, tag="measure"):
    """An origin counted or measured something other than people."""

    name: str
    quantity: Quantity | Words
    unit: str | None = None
    course: Course | None = None
    group: Group = EVERYONE
    scope: Scope | None = None


class Measure(Figure, frozen=True, kw_only=True):
    """A counted thing, in the shape of a toll."""

    unit: str | None
    course: str
    by_group: tuple[GroupFigure, ...] = ()


def slot(report: Report, origin: Origin, version: int) -> Slot | None:
    if not isinstance(report, MeasureReported):
        return None
    what = (origin.key, "measure", report.name, report.unit or "")
    return count_slot(what, report.group, report.scope, version)


def part(report: Report) -> str:
    return f"{MEASURES}.{report.name}" if isinstance(report, MeasureReported) else MEASURES


ASPECT = Aspect(name="measures", reports=(MeasureReported,), slot=slot, part=part)


def measures(standing: Sequence[Standing]) -> dict[str, Measure]:
    """Every measure by name. Where one name is told in several units, each unit is a measure."""
    told: defaultdict[tuple[str, str], list[tuple[Standing, MeasureReported]]] = defaultdict(list)
    for held in standing:
        if isinstance(held.report, MeasureReported):
            told[held.report.name, held.report.unit or ""].append((held, held.report))
    names = [name for name, _ in told]
    return {
        (name if names.count(name) == 1 or not unit else f"{name} [{unit}]"): _measure(unit, said)
        for (name, unit), said in sorted(told.items(), key=lambda item: item[0])
    }


def _measure(unit: str, told: Sequence[tuple[Standing, MeasureReported]]) -> Measure:
    courses = [(held.rank, report.course) for held, report in told if report.course is not None]
    course = max(courses)[1] if courses else Course.ACCUMULATES
    claims = [claim_of(held, report.quantity, report.group, report.scope) for held, report in told]
    if course is Course.VARIES:
        latest_us = max(claim.rank.effective_us for claim in claims)
        claims = [claim for claim in claims if claim.rank.effective_us == latest_us]
    total = figure(claims)
    return Measure(
        **{name: getattr(total, name) for name in Figure.__struct_fields__},
        unit=unit or None,
        course=course,
        by_group=group_figures(claims),
    )
