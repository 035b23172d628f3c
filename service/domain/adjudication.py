"""Figures that the desk settled, until a newer report touches them (DOMAIN.md §5.8)."""

from collections import defaultdict
from collections.abc import Iterable

from msgspec import Struct

from service.domain.editorial import FigureAdjudicated
from service.domain.group import Cell
from service.domain.paths import FigurePath, read_figure_path
from service.domain.quantity import Number, Quantity, amount, tidy
from service.domain.report import Standing


class Settled(Struct, frozen=True, kw_only=True):
    """The desk's word on one figure."""

    by: int
    quantity: Quantity
    rationale: str


class Said(Struct, frozen=True, kw_only=True):
    """What the reports come to under the policy `compatible`, beside the desk's figure."""

    low: Number
    high: Number | None
    because: tuple[int, ...]


class Adjudication(Struct, frozen=True, kw_only=True):
    """`state` is `in_force`, or `needs_review` since the reports in `touched_by` came."""

    by: int
    low: Number
    high: Number | None
    best: Number | None
    rationale: str
    state: str
    touched_by: tuple[int, ...]
    reports_say: Said


def adjudications(standing: Iterable[Standing]) -> dict[str, tuple[Standing, ...]]:
    """The standing adjudications by what is counted, such as `casualties.killed`."""
    told: defaultdict[str, list[Standing]] = defaultdict(list)
    for held in standing:
        if isinstance(held.report, FigureAdjudicated):
            told[_figure(held.report).whole].append(held)
    return {whole: tuple(acts) for whole, acts in told.items()}


def settled_cells(acts: Iterable[Standing]) -> dict[Cell, Settled]:
    """The desk's figures for one thing that is counted, cell by cell."""
    return {
        _figure(held.report).cell: Settled(
            by=held.version,
            quantity=amount(held.report.quantity),
            rationale=held.report.rationale,
        )
        for held in acts
        if isinstance(held.report, FigureAdjudicated)
    }


def adjudication(
    settled: Settled,
    reports: Iterable[int],
    reports_say: tuple[Number, Number | None],
    because: tuple[int, ...],
) -> Adjudication:
    """`reports` are the versions of the reports that the figure rests on."""
    newer = tuple(sorted({version for version in reports if version > settled.by}))
    quantity = settled.quantity
    return Adjudication(
        by=settled.by,
        low=tidy(quantity.low),
        high=None if quantity.high is None else tidy(quantity.high),
        best=None if quantity.best is None else tidy(quantity.best),
        rationale=settled.rationale,
        state="needs_review" if newer else "in_force",
        touched_by=newer,
        reports_say=Said(low=reports_say[0], high=reports_say[1], because=because),
    )


def _figure(report: FigureAdjudicated) -> FigurePath:
    found = read_figure_path(report.path)
    return FigurePath(report.path, frozenset()) if found is None else found
