"""`sitrep replay`: the story of an incident in time-lapse."""

import time
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

import click
import msgspec

from service.commands.asking import asked
from service.commands.comparing import change_lines
from service.commands.interrupting import ended_by_ctrl_c
from service.commands.options import as_lines, of_an_incident, of_any_store
from service.commands.paper import Line, heading, line, moment, show
from service.store.answers import UpdateRecord
from service.store.comparing import Changes
from service.web import words
from sitrep_client import Client, asks


class Step(NamedTuple):
    """Updates that came at one moment; `start` and `end` are what they lie between."""

    at: str
    updates: tuple[UpdateRecord, ...]
    start: str | int | None
    end: str | int


@click.command()
@of_an_incident
@click.option(
    "--speed",
    type=click.FloatRange(0),
    default=3600.0,
    help="How much faster than it was: 3600, unless told, is an hour in a second; 0 is at once.",
)
@click.option(
    "--longest",
    type=click.FloatRange(0),
    default=3.0,
    help="Seconds that a pause takes at the most; 3 unless told.",
)
@click.option(
    "--axis",
    type=click.Choice(["published", "recorded"]),
    default="published",
    help="As the world published it, or as this store recorded it.",
)
@as_lines
@of_any_store
def replay(
    incident: str,
    url: str | None,
    key: str | None,
    *,
    speed: float,
    longest: float,
    axis: str,
    as_json: bool,
) -> None:
    """Play a story again: what was told, when, and what it changed."""
    with ended_by_ctrl_c(), asked(url, key, incident) as client:
        before = None
        for step in _steps(client, incident, axis):
            if before is not None and speed:
                time.sleep(min(_seconds(before, step.at) / speed, longest))
            before = step.at
            ask = asks.changes(incident, start=step.start, end=step.end, axis=axis)
            body = client.answer(ask.raw())
            if as_json:
                click.echo(body)
            else:
                show(_lines(step, msgspec.json.decode(body, type=Changes)))


def _steps(client: Client, incident: str, axis: str) -> Iterator[Step]:
    pages = asks.updates(incident, order="asc", limit=1000).raw("updates")
    updates = [msgspec.json.decode(one, type=UpdateRecord) for one in client.each(pages)]
    if axis == "recorded":
        for update in updates:
            first = update.reports[0].version
            yield Step(update.recorded_at, (update,), first - 1, update.version)
        return
    before = None
    updates.sort(key=_published)
    for at, together in groupby(updates, key=_published):
        yield Step(at, tuple(together), before, at)
        before = at


def _published(update: UpdateRecord) -> str:
    return update.published_at


def _lines(step: Step, told: Changes) -> Iterator[Line]:
    yield heading(moment(step.at))
    for update in step.updates:
        name = update.publisher.get("name") or update.publisher["key"]
        yield line(f"{name}: {update.summary or words.reports(update)}")
    for change in change_lines(told.changes):
        yield change._replace(depth=2)


def _seconds(earlier: str, later: str) -> float:
    passed = datetime.fromisoformat(later) - datetime.fromisoformat(earlier)
    return max(passed.total_seconds(), 0.0)
