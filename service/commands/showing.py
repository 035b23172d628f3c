"""`sitrep show`: the situation of one incident, now or then."""

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
from service.commands.paper import show as show_lines
from service.commands.reading import situation_lines
from service.domain.situation import Situation
from sitrep_client import asks


@click.command()
@of_an_incident
@at_a_moment
@as_one_document
@of_any_store
def show(
    incident: str,
    url: str | None,
    key: str | None,
    *,
    as_json: bool,
    **moment: int | None,
) -> None:
    """Show what holds about an incident. Times are RFC 3339 timestamps or dates (UTC).

    The numbers in brackets are the versions of the events that a line stands on.
    """
    with asked(url, key, incident) as client:
        body = client.answer(asks.situation(incident, **question(**moment)).raw())
    if as_json:
        click.echo(body, nl=False)
    else:
        show_lines(situation_lines(msgspec.json.decode(body, type=Situation)))
