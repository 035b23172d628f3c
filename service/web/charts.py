"""Charts: a figure over time as part of a page, as a drawing to keep, as rows of numbers."""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any, NamedTuple

from flask import Response, render_template

from service.api.access import store
from service.api.parameters import Choice, SituationQuery, described, question, read
from service.api.representations import IMMUTABLE, NO_CACHE, representation
from service.api.series import FigureName
from service.domain.situation import Situation
from service.store.answers import Question
from service.store.axes import Axis
from service.store.charting import Series, Wanted
from service.web import words
from service.web.drawing import Drawing, drawn
from service.web.incident import answer_to, situation_in
from service.web.moments import Shown
from service.web.site import page, pages
from service.web.tongues.wording import say_path

SVG = "image/svg+xml"
CSV = "text/csv; charset=utf-8"
COLUMNS = ("origin", "at", "version", "low", "high", "best", "status", "because")

KILLED = "casualties.killed"
MOST_POINTS = 10_000
"""Moments of a story at which something was said of the figure, as many as one chart has."""


class ChartQuery(SituationQuery):
    figure = described(FigureName(), "What is drawn; the toll of the killed where nothing is said.")
    axis = described(Choice(Axis, Axis.PUBLISHED), "The clock along which it is drawn.")


CHART = ChartQuery()


class Chart(NamedTuple):
    series: Series
    drawing: Drawing
    what: str


class Asked(NamedTuple):
    figure: str
    axis: Axis
    question: Question


@pages.get("/incidents/<slug:incident>/chart")
def chart_of(incident: str) -> Response:
    """A figure over time, with its steps as a table, and where to get both."""
    asked = _asked()
    held = situation_in(answer_to(incident, asked.question))
    chart, immutable = _chart(incident, asked, held)
    shown = Shown(asked.question)
    return page(
        "chart.html",
        caching=IMMUTABLE if immutable else NO_CACHE,
        held=held,
        named=words.names(held),
        shown=shown,
        chart=chart,
        asked={**shown.parameters, "figure": asked.figure, "axis": asked.axis.value},
        figures={path: say_path(held, path) for path in words.figures(held)},
        axes=tuple(Axis),
    )


@pages.get("/incidents/<slug:incident>/chart.svg")
def chart_drawn(incident: str) -> Response:
    asked = _asked()
    held = situation_in(answer_to(incident, asked.question))
    chart, immutable = _chart(incident, asked, held)
    body = render_template("chart.svg", chart=chart, held=held, named=words.names(held))
    caching = IMMUTABLE if immutable else NO_CACHE
    return representation(body.encode(), media_type=SVG, caching=caching)


@pages.get("/incidents/<slug:incident>/chart.csv")
def chart_numbers(incident: str) -> Response:
    """Each step of the figure, then each of every origin, which the first column names."""
    asked = _asked()
    series, immutable = _series(incident, asked)
    written = StringIO()
    rows = csv.writer(written)
    rows.writerow(COLUMNS)
    rows.writerows(_rows(series))
    body = written.getvalue().encode()
    return representation(body, media_type=CSV, caching=IMMUTABLE if immutable else NO_CACHE)


def _asked() -> Asked:
    asked = read(CHART)
    axis = Axis(asked.get("axis", Axis.PUBLISHED))
    return Asked(asked.get("figure", KILLED), axis, question(asked))


def _chart(incident: str, asked: Asked, held: Situation) -> tuple[Chart, bool]:
    series, immutable = _series(incident, asked)
    stops = [
        stop
        for stop in store().timeline(incident).stops
        if stop.version <= series.version
        and (series.published_until is None or stop.published_at <= series.published_until)
    ]
    return Chart(series, drawn(series, stops), say_path(held, series.figure)), immutable


def _series(incident: str, asked: Asked) -> tuple[Series, bool]:
    wanted = Wanted(figure=asked.figure, axis=asked.axis, limit=MOST_POINTS)
    return store().series(incident, wanted, asked.question)


def _rows(series: Series) -> Iterator[tuple[Any, ...]]:
    for step in series.steps:
        because = " ".join(map(str, step.because))
        yield "", step.at, step.version, step.low, step.high, step.best, step.status, because
    for one in series.origins:
        for told in one.steps:
            because = " ".join(map(str, told.because))
            yield one.origin, told.at, told.version, told.low, told.high, None, None, because
