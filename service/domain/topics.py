"""What can be asked about: a part of the situation by its path, what holds there, and which reports
bear on it.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from service.domain.attribution import AttributionReported, Relation
from service.domain.casualties import AFFECTED, CasualtiesReported, CasualtyOutcomeChanged, Harm
from service.domain.figures import figure_at
from service.domain.group import TOTAL, Cell, cell_of, disjoint
from service.domain.measures import MEASURES, MeasureReported
from service.domain.names import folded
from service.domain.paths import FigurePath, LinePath, read_figure_path, read_line_path
from service.domain.report import Report
from service.domain.situation import Situation


class Topic(NamedTuple):
    """`parts` are those parts of the situation whose reports may bear on it, `concerns` tells which
    of them do, `holds` what the situation says there: None where it says nothing.
    """

    path: str
    parts: tuple[str, ...]
    concerns: Callable[[Report], bool]
    holds: Callable[[Situation], Any]


def topic_of(path: str) -> Topic | None:
    """None for a path that no situation has."""
    if (figure := read_figure_path(path)) is not None:
        return _figure(path, figure)
    if (line := read_line_path(path)) is not None:
        return _line(path, line)
    return _PLAIN[path](path) if path in _PLAIN else _keyed(path)


def _figure(path: str, figure: FigurePath) -> Topic | None:
    kind, _, name = figure.whole.rpartition(".")
    if figure.whole == AFFECTED and figure.cell == TOTAL:
        parts = ("casualties", *(f"casualties.{harm}" for harm in Harm))
        return Topic(path, parts, _anything, lambda held: held.casualties.affected)
    if kind == "casualties" and name in set(Harm):
        harm = Harm(name)
        parts = (figure.whole, "casualties")

        def bears(report: Report) -> bool:
            return _bears_on(report, harm, figure.cell)

        return Topic(path, parts, bears, lambda held: figure_at(held, figure))
    if not figure.whole.startswith(f"{MEASURES}."):
        return None
    of_unit, unit, _ = figure.whole.partition(" [")
    parts = (figure.whole, of_unit) if unit else (figure.whole,)
    return Topic(
        path,
        parts,
        lambda report: (
            not isinstance(report, MeasureReported) or figure.cell <= cell_of(report.group)
        ),
        lambda held: figure_at(held, figure),
    )


def _bears_on(report: Report, harm: Harm, cell: Cell) -> bool:
    match report:
        case CasualtiesReported():
            return cell <= cell_of(report.group)
        case CasualtyOutcomeChanged():
            moved = cell_of(report.group)
            return harm in {report.from_, report.to} and not disjoint(cell, moved)
    return True


def _line(path: str, line: LinePath) -> Topic:
    def concerns(report: Report) -> bool:
        if not isinstance(report, AttributionReported) or report.subject is None:
            return False
        relation = report.relation or Relation.PERPETRATOR
        return folded(report.subject) == folded(line.subject) and relation == line.relation

    def holds(held: Situation) -> Any:
        lines = held.attribution.lines
        return next(
            (
                one
                for one in lines
                if folded(one.subject) == folded(line.subject) and one.relation == line.relation
            ),
            None,
        )

    return Topic(path, ("attribution",), concerns, holds)


def _keyed(path: str) -> Topic | None:
    """A response by its key, a place by its role."""
    kind, _, key = path.partition(".")
    if kind == "responses" and key:

        def response(held: Situation) -> Any:
            return next((one for one in held.responses if one.response == key), None)

        return Topic(path, (path,), _anything, response)
    if path.startswith("overview.locations."):
        role = path.removeprefix("overview.locations.")

        def places(held: Situation) -> Any:
            return tuple(place for place in held.overview.locations if place.role == role) or None

        return Topic(path, (path,), _anything, places)
    return None


def _anything(_: Report) -> bool:
    return True


def _told(read: Callable[[Situation], Any], *parts: str) -> Callable[[str], Topic]:
    return lambda path: Topic(path, parts or (path,), _anything, read)


_PLAIN: dict[str, Callable[[str], Topic]] = {
    "title": _told(lambda held: held.title),
    "status": _told(lambda held: held.status),
    "links": _told(lambda held: held.links),
    "merged": _told(lambda held: held.merged),
    "overview.occurred": _told(lambda held: held.overview.occurred),
    "overview.means": _told(lambda held: held.overview.means),
    "overview.actors": _told(lambda held: held.overview.actors),
    "overview.damage": _told(lambda held: held.overview.damage),
    "attribution.responsibility": _told(lambda held: held.attribution, "attribution"),
}
