"""`sitrep diff`: what changed between two points of an incident's past."""

from collections.abc import Iterable, Iterator

import click
import msgspec

from service.commands.asking import asked
from service.commands.moments import Moment
from service.commands.options import as_one_document, of_an_incident, of_any_store
from service.commands.paper import Line, heading, line, moment, show
from service.commands.talk import say
from service.domain.changes import Change
from service.domain.moments import write_instant
from service.store.comparing import Changes, Point
from sitrep_client import asks


class VersionOrMoment(click.ParamType[str]):
    name = "version or time"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return value if value.isdecimal() else write_instant(Moment().convert(value, param, ctx))


@click.command()
@of_an_incident
@click.argument("start", metavar="[FROM]", type=VersionOrMoment(), required=False)
@click.argument("end", metavar="[TO]", type=VersionOrMoment(), required=False)
@click.option(
    "--axis",
    type=click.Choice(["recorded", "published"]),
    default="recorded",
    help="The clock of FROM and TO: of this store, or of the world's publications.",
)
@as_one_document
@of_any_store
def diff(
    incident: str,
    start: str | None,
    end: str | None,
    url: str | None,
    key: str | None,
    *,
    axis: str,
    as_json: bool,
) -> None:
    """Show what changed from one point to another: versions, timestamps or dates (UTC).

    Without FROM since the beginning, without TO until now.
    """
    with asked(url, key, incident) as client:
        ask = asks.changes(incident, start=start, end=end, axis=axis)
        body = client.answer(ask.raw())
    if as_json:
        click.echo(body, nl=False)
        return
    told = msgspec.json.decode(body, type=Changes)
    show([heading(f"From {_point(told.from_)} to {_point(told.to)}"), *change_lines(told.changes)])
    if not told.changes:
        say("Nothing changed.")


def change_lines(changes: Iterable[Change]) -> Iterator[Line]:
    return (line(change.sentence, change.because) for change in changes)


def _point(point: Point) -> str:
    if not point.version:
        return "the beginning"
    until = point.published_until
    published = f", as published by {moment(until)}" if until else ""
    return f"version {point.version}{published}"
