"""A figure over time as a drawing: its range as a band, each origin as a line of its own, what was
corrected or retracted as marks. Positions are in the units of the drawing.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import NamedTuple

from service.domain.quantity import Number
from service.domain.series import FigureStep, OriginStep, OriginSteps
from service.store.charting import Series
from service.store.timeline import Stop
from service.web.scales import Scale, moments, numbers

WIDTH, HEIGHT = 760, 300
LEFT, RIGHT, TOP, BOTTOM = 48, 14, 24, 36
FLOOR = HEIGHT - BOTTOM
ROW, COLUMNS = 20, 2
DASHES = ("none", "7 3", "2 3", "9 3 2 3", "13 4")
COLOURS = 6
HEADROOM = 1.08
SPREAD = 9.0
"""How far apart the lines of origins that say the same lie, all together."""

Step = FigureStep | OriginStep


class Line(NamedTuple):
    """One origin: `d` is an SVG path, `row` and `column` its place in the legend."""

    origin: str
    d: str
    dash: str
    colour: int
    row: int
    column: int


class Mark(NamedTuple):
    """Something was corrected, retracted or settled: `act`, by whom."""

    x: float
    act: str
    publisher: str


class Drawing(NamedTuple):
    """`open_band` is where no upper bound is known; `height` has the rows of the legend."""

    height: int
    down: list[tuple[float, str]]
    along: list[tuple[float, str]]
    band: str
    open_band: str
    low: str
    high: str
    lines: list[Line]
    marks: list[Mark]
    first: float
    last: float
    """Seconds since 1970 at the plot's left and right."""


class _Span(NamedTuple):
    start: float
    end: float
    low: float
    high: float | None


def drawn(series: Series, stops: Sequence[Stop]) -> Drawing:
    """Along the axis of the series, from its first step to the last update of the story."""
    told: list[Step] = [*series.steps, *(step for one in series.origins for step in one.steps)]
    when = {stop: _read(_moment(stop, series.axis)) for stop in stops}
    begun = [_read(step.at) for step in told]
    first = min(begun or when.values())
    last = max([*begun, *when.values()])
    rising = numbers(HEADROOM * max((_most(step) for step in told), default=1))
    x = Scale(first.timestamp(), last.timestamp(), LEFT, WIDTH - RIGHT)
    y = Scale(0, rising[-1].value, FLOOR, TOP)
    spans = list(_spans(series.steps, x, y))
    return Drawing(
        height=HEIGHT + -(-len(series.origins) // COLUMNS) * ROW,
        down=[(y.at(tick.value), tick.words) for tick in rising],
        along=[(x.at(tick.value), tick.words) for tick in moments(first, last)],
        band=_area(span for span in spans if span.high is not None),
        open_band=_area(span._replace(high=TOP) for span in spans if span.high is None),
        low=_path((span.start, span.end, span.low) for span in spans),
        high=_path((span.start, span.end, span.high) for span in spans if span.high is not None),
        lines=[_line(place, one, x, y, len(series.origins)) for place, one in _each(series)],
        marks=[
            Mark(x.at(at.timestamp()), act, stop.publisher)
            for stop, at in when.items()
            if at >= first
            for act in stop.acts
        ],
        first=first.timestamp(),
        last=last.timestamp(),
    )


def _each(series: Series) -> Iterable[tuple[int, OriginSteps]]:
    """Who spoke first stands first."""
    return enumerate(sorted(series.origins, key=lambda one: (one.steps[0].at, one.origin)))


def _line(place: int, one: OriginSteps, x: Scale, y: Scale, among: int) -> Line:
    shift = (place - (among - 1) / 2) * min(2.0, SPREAD / among)
    spans = list(_spans(one.steps, x, y))
    low = _path((span.start, span.end, span.low + shift) for span in spans)
    high = _path(
        (span.start, span.end, span.high + shift)
        for span in spans
        if span.high is not None and span.high != span.low
    )
    return Line(
        origin=one.origin,
        d=f"{low}{high}",
        dash=DASHES[place % len(DASHES)],
        colour=place % COLOURS,
        row=HEIGHT + place // COLUMNS * ROW,
        column=LEFT + place % COLUMNS * (WIDTH - LEFT - RIGHT) // COLUMNS,
    )


def _spans(steps: Sequence[Step], x: Scale, y: Scale) -> Iterator[_Span]:
    """What holds from each step to the next, and from the last one on."""
    for step, following in zip_longest(steps, steps[1:]):
        if step.low is None:
            continue
        yield _Span(
            x.at(_read(step.at).timestamp()),
            x.end if following is None else x.at(_read(following.at).timestamp()),
            y.at(float(step.low)),
            None if step.high is None else y.at(float(step.high)),
        )


def _path(levels: Iterable[tuple[float, float, float | None]]) -> str:
    """Level by level; joined where one ends as the next begins."""
    drawn, reached = [], None
    for start, end, level in levels:
        drawn.append(f"{'L' if start == reached else 'M'}{start:g} {level:g}H{end:g}")
        reached = end
    return "".join(drawn)


def _area(spans: Iterable[_Span]) -> str:
    return "".join(
        f"M{span.start:g} {span.low:g}H{span.end:g}V{span.high:g}H{span.start:g}Z" for span in spans
    )


def _most(step: Step) -> float:
    known: list[Number] = [bound for bound in (step.low, step.high) if bound is not None]
    return float(max(known, default=0))


def _moment(stop: Stop, axis: str) -> str:
    return stop.recorded_at if axis == "recorded" else stop.published_at


def _read(instant: str) -> datetime:
    return datetime.fromisoformat(instant)
