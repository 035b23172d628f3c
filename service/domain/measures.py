"""Measures: any counted thing other than people, by the same rules (DOMAIN.md §5)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from service.domain.adjudication import Settled, settled_cells
from service.domain.aspect import Aspect, Slot
from service.domain.claims import Claim, claim_of, count_slot
from service.domain.derived import Reports
from service.domain.group import EVERYONE, TOTAL, Cell, Group, Scope
from service.domain.policies import Policy
from service.domain.quantity import Quantity, Words
from service.domain.reconcile import Figure, GroupFigure, fields_of, figure, group_figures
from service.domain.report import Origin, Report, Standing
from service.domain.tally import Tally, Told

MEASURES = "overview.measures"

Measurand = tuple[str, str]
"""A name and a unit, which may be empty."""


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


Measuring = tuple[Standing, MeasureReported]


class Measure(Figure, frozen=True, kw_only=True):
    """A counted thing, in the shape of a toll."""

    unit: str | None
    course: str
    by_group: tuple[GroupFigure, ...] = ()


def slot(report: Report, origin: Origin, version: int) -> Slot | None:
    if not isinstance(report, MeasureReported):
        return None
    what = (origin.key, "measure", report.name, report.unit or "")
    return count_slot(what, report.modality, report.group, report.scope, version)


def part(report: Report) -> str:
    return f"{MEASURES}.{report.name}" if isinstance(report, MeasureReported) else MEASURES


ASPECT = Aspect(name="measures", reports=(MeasureReported,), slot=slot, part=part)


def measures(
    standing: Sequence[Standing],
    policy: Policy = Policy.COMPATIBLE,
    settled: Mapping[str, Reports] | None = None,
) -> dict[str, Measure]:
    """Every measure by name under a policy. Where one name is told in several units, each unit is a
    measure. `settled` are the desk's adjudications by the path of what they settle.
    """
    told: defaultdict[Measurand, list[Measuring]] = defaultdict(list)
    for held in standing:
        if isinstance(held.report, MeasureReported):
            told[held.report.name, held.report.unit or ""].append((held, held.report))
    found = {}
    for called, (name, unit) in called_in(told).items():
        acts = (settled or {}).get(f"{MEASURES}.{called}", ())
        found[called] = _measure(unit, told[name, unit], policy, settled_cells(acts))
    return found


def called_in(told: Mapping[Measurand, Iterable[Measuring]]) -> dict[str, Measurand]:
    """What is counted, by what it is called where all these are told."""
    counted = sorted(
        what for what, reports in told.items() if any(report.is_told for _, report in reports)
    )
    names = Counter(name for name, _ in counted)
    return {
        name if names[name] == 1 or not unit else f"{name} [{unit}]": (name, unit)
        for name, unit in counted
    }


def course_of(told: Iterable[Measuring]) -> Course:
    """What was said of it last."""
    courses = [
        (held.rank, report.course)
        for held, report in told
        if report.course is not None and report.is_told
    ]
    return max(courses)[1] if courses else Course.ACCUMULATES


def told_of_measure(told: Iterable[Measuring]) -> Told:
    """One origin's counts of a measure."""
    claims: list[Claim] = []
    uncounted: list[Claim] = []
    for held, report in told:
        claim = claim_of(held, report.quantity, report.group, report.scope)
        (claims if report.is_told else uncounted).append(claim)
    return Told(tuple(claims), uncounted=tuple(uncounted))


def _measure(
    unit: str, told: Sequence[Measuring], policy: Policy, desk: Mapping[Cell, Settled]
) -> Measure:
    course = course_of(told)
    by_origin: defaultdict[str, list[Measuring]] = defaultdict(list)
    for held, report in told:
        by_origin[held.origin.key].append((held, report))
    tally = Tally(
        [told_of_measure(said) for _, said in sorted(by_origin.items())],
        varies=course is Course.VARIES,
    )
    return Measure(
        **fields_of(figure(tally, TOTAL, policy, desk.get(TOTAL))),
        unit=unit or None,
        course=course,
        by_group=group_figures(tally, policy, desk),
    )
