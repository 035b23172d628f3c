"""Figures in words: how many, on whose word, and who disagrees with whom."""

from collections.abc import Iterator

from service.commands.paper import Line, line
from service.domain.casualties import Toll
from service.domain.measures import Measure
from service.domain.reconcile import Dispute, Figure, GroupFigure, Outdated
from service.domain.wording import plain, say_figure, say_group, say_interval


def figure_lines(name: str, figure: Figure, *, unit: str | None = None) -> Iterator[Line]:
    """The figure itself, its disputes, and what was overtaken."""
    yield from _figure(name, figure, unit, depth=1)
    groups = figure.by_group if isinstance(figure, Toll | Measure) else ()
    for group in groups:
        yield from _group(group, unit)


def _group(group: GroupFigure, unit: str | None) -> Iterator[Line]:
    return _figure(say_group(group.group), group, unit, depth=2)


def _figure(name: str, figure: Figure, unit: str | None, *, depth: int) -> Iterator[Line]:
    counted = f"{say_figure(figure)} {unit}" if unit else say_figure(figure)
    told = [counted, plain(figure.status)]
    if figure.best is not None and figure.low != figure.high:
        told.insert(1, f"best {figure.best}")
    if len(figure.origins) == 1 and figure.adjudication is None:
        told.append(f"says {figure.origins[0]}")
    yield line(f"{name}: {', '.join(told)}", figure.because, depth=depth)
    for dispute in figure.disputes:
        yield _dispute(dispute, depth + 1)
    for overtaken in figure.outdated:
        yield _overtaken(overtaken, depth + 1)


def _dispute(dispute: Dispute, depth: int) -> Line:
    floor, cap = dispute.floor, dispute.cap
    return line(
        f"disputed: {floor.origin} says at least {floor.low} {list(floor.because)}, "
        f"{cap.origin} at most {cap.high} {list(cap.because)}",
        depth=depth,
    )


def _overtaken(old: Outdated, depth: int) -> Line:
    return line(
        f"overtaken: {old.origin} said {say_interval(old.low, old.high)}", old.because, depth=depth
    )
