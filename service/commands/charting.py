"""`sitrep chart`: a figure over time, drawn in the terminal."""

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from shutil import get_terminal_size

import click
import msgspec

from service.commands.asking import asked
from service.commands.options import (
    as_one_document,
    at_a_moment,
    of_an_incident,
    of_any_store,
    question,
)
from service.commands.paper import Line, heading, line, moment, show
from service.commands.plotting import Held, legend, plotted
from service.domain.paths import read_figure_path
from service.domain.series import FigureStep
from service.domain.wording import say_counted, say_interval
from service.store.axes import Axis
from service.store.charting import Series
from service.web import words
from sitrep_client import Client, asks

POINTS = 1000
PIPED_COLUMNS = 80


@click.command()
@of_an_incident
@click.argument("figure", default="casualties.killed")
@click.option(
    "--axis",
    type=click.Choice([axis.value for axis in Axis]),
    default=Axis.PUBLISHED.value,
    help="As we recorded it, as the world published it (unless told), or as it was in the world.",
)
@click.option(
    "--width", type=click.IntRange(20, 1000), help="So many columns; else the terminal's."
)
@at_a_moment
@as_one_document
@of_any_store
def chart(
    incident: str,
    figure: str,
    url: str | None,
    key: str | None,
    *,
    axis: str,
    width: int | None,
    as_json: bool,
    **moment: int | None,
) -> None:
    """Draw a figure over time, such as casualties.injured; the killed unless told."""
    with asked(url, key, incident) as client:
        ask = asks.series(incident, figure, axis=axis, limit=POINTS, **question(**moment))
        body = client.answer(ask.raw())
        if as_json:
            click.echo(body, nl=False)
            return
        pages = [msgspec.json.decode(body, type=Series)]
        while (cursor := pages[-1].next) is not None:
            following = asks.series(
                incident, figure, axis=axis, limit=POINTS, cursor=cursor, **question(**moment)
            )
            pages.append(msgspec.json.decode(client.answer(following.raw()), type=Series))
        end = _last_update(client, pages[0])
    show(chart_lines(pages, end, width or _columns()))


def chart_lines(pages: Sequence[Series], end: str, width: int) -> Iterator[Line]:
    """The drawing, and each step of it as a line to read."""
    first, steps = pages[0], _steps(pages)
    path = read_figure_path(first.figure)
    what = first.figure if path is None else say_counted(path)
    yield heading(f"{what}, {words.AXES[first.axis]}")
    if not steps:
        yield line("Nothing was said of it.")
        return
    end = max(end, steps[-1].at)
    held = [_held(step) for step in steps]
    for drawn in plotted(held, _seconds(end), width):
        yield line(drawn, depth=0)
    yield line(f"from {moment(steps[0].at)} to {moment(end)}", depth=0)
    yield line(legend(held), depth=0)
    yield line("", depth=0)
    for step in steps:
        contested = f" ({step.status})" if step.status in words.CONTESTED else ""
        told = f"{moment(step.at)}: {say_interval(step.low, step.high)}{contested}"
        yield line(told, step.because, depth=0)


def _steps(pages: Sequence[Series]) -> list[FigureStep]:
    """Every page begins with what held already, which is no step of its own."""
    steps: list[FigureStep] = []
    for page in pages:
        repeated = bool(steps and page.steps and steps[-1].because == page.steps[0].because)
        steps += page.steps[repeated:]
    return steps


def _held(step: FigureStep) -> Held:
    high = None if step.high is None else float(step.high)
    return Held(_seconds(step.at), float(step.low), high, step.status in words.CONTESTED)


def _last_update(client: Client, asked: Series) -> str:
    """When the last update came of those that the series knows."""
    until = asked.published_until
    moments = (
        update.recorded_at if asked.axis == Axis.RECORDED else update.published_at
        for update in client.updates(asked.incident, limit=1000)
        if update.version <= asked.version and (until is None or update.published_at <= until)
    )
    return max(moments, default="")


def _seconds(instant: str) -> float:
    return datetime.fromisoformat(instant).timestamp()


def _columns() -> int:
    return get_terminal_size().columns if sys.stdout.isatty() else PIPED_COLUMNS
