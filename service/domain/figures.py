"""The figures of a situation by their paths."""

from collections.abc import Sequence

from service.domain.casualties import CasualtiesReported, Harm, Toll
from service.domain.group import TOTAL, cell_of
from service.domain.measures import MEASURES, MeasureReported
from service.domain.paths import FigurePath
from service.domain.reconcile import Figure, GroupFigure
from service.domain.report import Report
from service.domain.reports import part_of
from service.domain.situation import Situation


def figure_at(held: Situation, path: FigurePath) -> Figure | None:
    """The figure under a path; None where the situation has none there."""
    kind, _, name = path.whole.rpartition(".")
    total: Figure
    groups: Sequence[GroupFigure]
    if kind == "casualties" and name in set(Harm):
        toll: Toll = getattr(held.casualties, name)
        total, groups = toll, toll.by_group
    elif path.whole.startswith(f"{MEASURES}."):
        measure = held.overview.measures.get(path.whole.removeprefix(f"{MEASURES}."))
        if measure is None:
            return None
        total, groups = measure, measure.by_group
    else:
        return None
    if path.cell == TOTAL:
        return total
    return next((group for group in groups if set(group.group.items()) == path.cell), None)


def counts(report: Report, path: FigurePath) -> bool:
    """Whether a report gives the very figure that a path names."""
    if not (isinstance(report, CasualtiesReported | MeasureReported) and report.is_told):
        return False
    return part_of(report) == path.whole and path.cell in {TOTAL, cell_of(report.group)}


def counts_people(path: FigurePath) -> bool:
    return path.whole.startswith("casualties.")
