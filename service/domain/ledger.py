"""The source ledger: what became of each source's reports, and of the first figures that it gave.

A source is a publisher, an origin, or an origin at one publisher. Its **first figure** for a cell
is its earliest count of it by (published, version), as it was posted and whatever became of it
since: of everybody with the scope `whole`, or of a group. Additional counts, parts of a total whose
group is not told, what is denied or supposed, and *unknown* (0 to open-ended) are no first figures.
Against the figure that stands now under the policy `compatible` a first figure

- **stood** where the present interval lies inside it,
- **fell** where they share no number,
- is **open** otherwise: it cannot be told yet.

Where nothing is reported of the cell any more it fell if the report that gave it was retracted or
corrected, and is open else. A measure that varies is a level: another one later says nothing about
the first, which is open.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from service.domain.casualties import CasualtiesReported, Harm
from service.domain.editorial import (
    ReportCorrected,
    ReportDisputed,
    ReportEndorsed,
    ReportRetracted,
)
from service.domain.group import EVERYONE, Scope, cell_of, group_of, scope_of
from service.domain.measures import MEASURES, Course, Measure, MeasureReported
from service.domain.paths import group_path
from service.domain.quantity import DECIMAL_PLACES, Number, Quantity, Words, amount
from service.domain.reconcile import UNREPORTED, Figure, GroupFigure
from service.domain.report import Event, Standing
from service.domain.reports import ASPECTS, EVENT_NAMES
from service.domain.situation import Situation

ANY = ""
"""In the place of a publisher or an origin: whichever it is."""

MILLION = 10**DECIMAL_PLACES
ACTS_ON_REPORTS = (ReportCorrected, ReportRetracted, ReportDisputed, ReportEndorsed)
CLAIMS = {
    EVENT_NAMES[report]
    for aspect in ASPECTS
    for report in aspect.reports
    if aspect.name not in {"lifecycle", "editorial"}
}
"""The events that say something about the world, rather than about reports or the incident."""


_HARMS = tuple(harm.value for harm in Harm)


class Source(NamedTuple):
    """Whose reports: those of a publisher, of an origin, or of an origin at one publisher."""

    publisher: str
    origin: str


class Outcome(StrEnum):
    STOOD = "stood"
    FELL = "fell"
    OPEN = "open"


class Interval(NamedTuple):
    """A count in millionths, both ends included; `high` None is open-ended. A level is that of one
    moment.
    """

    low: int
    high: int | None
    level: bool = False


class Count(NamedTuple):
    """A report that may be a first figure: of what, such as `casualties.killed`, and of whom."""

    whole: str
    figure: str
    quantity: Quantity | Words


class Amendments(Struct, frozen=True, kw_only=True):
    """Which reports are corrected, by which publisher last, and which are disputed or endorsed."""

    corrected: Mapping[int, str] = {}
    disputed: frozenset[int] = frozenset()
    endorsed: frozenset[int] = frozenset()


def sources_of(publisher: str, origin: str) -> tuple[Source, Source, Source]:
    """Every source that a report counts for."""
    return Source(publisher, ANY), Source(ANY, origin), Source(publisher, origin)


def count_of(event: Event) -> Count | None:
    """What an event counts, where that may be a first figure."""
    report = event.report
    match report:
        case CasualtiesReported():
            whole = f"casualties.{report.harm}"
        case MeasureReported():
            whole = _measure_path(report.name, report.unit)
        case _:
            return None
    scope = scope_of(report.scope, report.group)
    everyone = report.group == EVERYONE
    partial = scope is Scope.ADDITIONAL or (everyone and scope is Scope.PART)
    if partial or not report.is_told:
        return None
    figure = whole if everyone else group_path(whole, group_of(cell_of(report.group)))
    return Count(whole, figure, report.quantity)


def interval_of(quantity: Quantity | Words) -> Interval | None:
    """A count as posted; None where it excludes no number."""
    counted = amount(quantity)
    if not counted.low and counted.high is None:
        return None
    return Interval(_millionths(counted.low), _optional(counted.high))


def outcome(first: Interval, present: Interval | None, *, amended: bool) -> Outcome:
    """How a first figure fares against the one that stands now. `present` is None where nothing is
    reported, `amended` says that the first figure's report was retracted or corrected.
    """
    if present is None:
        return Outcome.FELL if amended else Outcome.OPEN
    if present.level:
        return Outcome.OPEN
    if first.low <= present.low and _reaches(first.high, present.high):
        return Outcome.STOOD
    apart = (present.high is not None and present.high < first.low) or (
        first.high is not None and first.high < present.low
    )
    return Outcome.FELL if apart else Outcome.OPEN


def moved(before: Situation | None, after: Situation) -> Iterator[str]:
    """What may be counted otherwise than before: of each harm and measure its path."""
    for name in _HARMS:
        if before is None or getattr(before.casualties, name) is not getattr(
            after.casualties, name
        ):
            yield f"casualties.{name}"
    known = {} if before is None else before.overview.measures
    now = after.overview.measures
    if known is not now:
        told = [one for one in now.items() if known.get(one[0]) != one[1]]
        told += [one for one in known.items() if one[0] not in now]
        yield from {_called(*one): None for one in told}


def intervals(held: Situation | None, whole: str) -> dict[str, Interval]:
    """What stands of one harm or measure, of everybody and of each group, by path."""
    told = None if held is None else _figures(held, whole)
    if told is None:
        return {}
    total, groups = told
    level = isinstance(total, Measure) and total.course == Course.VARIES
    found = {} if _is_silent(total) else {whole: _interval(total, level=level)}
    for group in groups:
        if not _is_silent(group):
            found[group_path(whole, group.group)] = _interval(group, level=level)
    return found


def whole_of(figure: str) -> str:
    """What a figure's path counts, whoever it counts."""
    return figure.partition(".by_group[")[0]


def amendments(standing: Iterable[Standing]) -> Amendments:
    """What stands corrected, disputed and endorsed."""
    last: dict[int, Standing] = {}
    disputed, endorsed = set(), set()
    for held in standing:
        match held.report:
            case ReportCorrected():
                root = held.refs.targets[0]
                if root not in last or _said(last[root]) < _said(held):
                    last[root] = held
            case ReportDisputed():
                disputed.add(held.refs.targets[0])
            case ReportEndorsed():
                endorsed.add(held.refs.targets[0])
    return Amendments(
        corrected={root: held.publisher.key for root, held in last.items()},
        disputed=frozenset(disputed),
        endorsed=frozenset(endorsed),
    )


def _said(held: Standing) -> tuple[int, int]:
    return held.published_us, held.version


def _measure_path(name: str, unit: str | None) -> str:
    """A measure by name and unit, whether or not others share its name."""
    return f"{MEASURES}.{name} [{unit}]" if unit else f"{MEASURES}.{name}"


def _called(name: str, measure: Measure) -> str:
    mark = f" [{measure.unit}]" if measure.unit else ""
    return _measure_path(name.removesuffix(mark), measure.unit)


def _figures(held: Situation, whole: str) -> tuple[Figure, Sequence[GroupFigure]] | None:
    kind, _, name = whole.partition(".")
    if kind == "casualties":
        toll = getattr(held.casualties, name)
        return toll, toll.by_group
    path = whole.removeprefix(f"{MEASURES}.")
    for called in (path, path.rpartition(" [")[0]):
        measure = held.overview.measures.get(called)
        if measure is not None and _called(called, measure) == whole:
            return measure, measure.by_group
    return None


def _is_silent(figure: Figure) -> bool:
    return figure.status == UNREPORTED.status


def _interval(figure: Figure, *, level: bool) -> Interval:
    return Interval(_millionths(figure.low), _optional(figure.high), level)


def _millionths(number: Number) -> int:
    return int(number * MILLION)


def _optional(number: Number | Decimal | None) -> int | None:
    return None if number is None else _millionths(number)


def _reaches(high: int | None, other: int | None) -> bool:
    return high is None or (other is not None and other <= high)
