"""`sitrep show`: the situation of one incident, now or then."""

import click
import msgspec

from service.commands.finding import incident_in
from service.commands.moments import Moment
from service.commands.paper import show as show_lines
from service.commands.reading import situation_lines
from service.commands.stores import opened_store
from service.domain.situation import Situation
from service.store.answers import Answer, Question
from service.store.store import Store


@click.command()
@click.argument("incident")
@click.option("--as-of", type=Moment(), help="As this store knew it at that time.")
@click.option("--published-until", type=Moment(), help="From what was published until then.")
@click.option("--version", type=click.IntRange(1), help="As of that version of its record.")
@click.option("--json", "as_json", is_flag=True, help="The API's answer, byte for byte.")
def show(
    incident: str,
    as_of: int | None,
    published_until: int | None,
    version: int | None,
    as_json: bool,
) -> None:
    """Show what holds about an incident. Times are RFC 3339 timestamps or dates (UTC).

    The numbers in brackets are the versions of the events that a line stands on.
    """
    question = Question(as_of_us=as_of, published_until_us=published_until, version=version)
    with opened_store() as store, incident_in(store, incident):
        answer = _answer(store, incident, question)
    if as_json:
        click.echo(answer.body, nl=False)
    else:
        show_lines(situation_lines(msgspec.json.decode(answer.body, type=Situation)))


def _answer(store: Store, incident: str, question: Question) -> Answer:
    return store.now(incident) if question == Question() else store.situation(incident, question)
