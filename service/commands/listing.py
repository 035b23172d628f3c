"""`sitrep list`: incidents that are sought."""

from collections.abc import Iterator
from typing import Any

import click
import msgspec

from service.commands.asking import asked
from service.commands.moments import Moment
from service.commands.options import as_one_document, of_any_store, without_the_unsaid
from service.commands.paper import Line, heading, line, show
from service.commands.talk import say
from service.domain.moments import write_instant
from service.domain.wording import label
from service.store.answers import IncidentBrief, IncidentPage
from service.web import words
from sitrep_client import asks

SORTS = ("opened", "updated", "occurred", "killed")


@click.command("list")
@click.argument("sought", metavar="[WORDS]...", nargs=-1)
@click.option("--kind", multiple=True, help="Of this kind; `attack` is any attack.")
@click.option("--status", multiple=True, help="In this state.")
@click.option("--country", multiple=True, help="In this country (ISO 3166-1 alpha-2).")
@click.option("--min-killed", type=click.IntRange(0), help="At least so many killed.")
@click.option("--as-of", type=Moment(), help="The list as this store knew it at that time.")
@click.option("--sort", type=click.Choice(SORTS), help="The latest, or the most, first.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, help="So many; 20 unless told.")
@click.option("--cursor", help="Go on from there: what `next` was in the answer before.")
@as_one_document
@of_any_store
def list_incidents(
    sought: tuple[str, ...],
    url: str | None,
    key: str | None,
    *,
    as_of: int | None,
    as_json: bool,
    **wanted: Any,
) -> None:
    """List incidents of which all these words were told.

    A word in quotes is a phrase, and `rock*` is how a word begins (docs/finding.md).
    """
    wanted["q"] = " ".join(map(_phrase, sought)) or None
    wanted["as_of"] = None if as_of is None else write_instant(as_of)
    with asked(url, key) as client:
        body = client.answer(asks.incidents(**without_the_unsaid(wanted)).first.raw())
    if as_json:
        click.echo(body, nl=False)
        return
    page = msgspec.json.decode(body, type=IncidentPage)
    show(told for brief in page.incidents for told in brief_lines(brief))
    if page.next is not None:
        say(f"There are more: --limit, or --cursor {page.next}")


def brief_lines(brief: IncidentBrief) -> Iterator[Line]:
    yield heading(brief.incident)
    yield line(f"{brief.title}, {words.kind(brief.kind)}, {brief.status}")
    when = words.occurred(brief.occurred) or "time not reported"
    yield line(", ".join([when, *brief.countries]))
    harms = {"killed": brief.killed, "injured": brief.injured}
    told = [f"{label(harm)}: {words.brief(figure)}" for harm, figure in harms.items()]
    yield line(f"{'; '.join(told)}; version {brief.version}")


def _phrase(sought: str) -> str:
    """What the shell was given as one word is sought as one."""
    return f'"{sought}"' if " " in sought and '"' not in sought else sought
