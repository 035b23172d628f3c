"""`sitrep log`: the story of an incident as it was told, or the record of its events."""

from collections.abc import Iterable, Iterator
from itertools import islice

import click
import msgspec

from service.commands.asking import asked
from service.commands.options import as_lines, of_an_incident, of_any_store
from service.commands.paper import Line, heading, line, moment, show
from service.domain.wording import at_head, plain
from service.store.answers import EventRecord, UpdateRecord
from service.web import words
from sitrep_client import Client, asks

PAGE = 200


@click.command()
@of_an_incident
@click.option("--oldest-first", is_flag=True, help="In the order in which it was told.")
@click.option("--events", is_flag=True, help="Event by event, the oldest first: the record.")
@click.option("--limit", type=click.IntRange(1), help="So many at the most.")
@as_lines
@of_any_store
def log(
    incident: str,
    url: str | None,
    key: str | None,
    *,
    oldest_first: bool,
    events: bool,
    limit: int | None,
    as_json: bool,
) -> None:
    """Show the updates of an incident as they were told, the newest first."""
    with asked(url, key, incident) as client:
        if events:
            told: Iterable[bytes] = client.each(asks.events(incident, limit=PAGE).raw("events"))
        else:
            order = "asc" if oldest_first else "desc"
            pages = asks.updates(incident, order=order, limit=min(limit or PAGE, PAGE))
            told = client.each(pages.raw("updates"))
        for one in islice(told, limit):
            if as_json:
                click.echo(one)
            elif events:
                show([event_line(msgspec.json.decode(one, type=EventRecord))])
            else:
                show(update_lines(msgspec.json.decode(one, type=UpdateRecord)))


def update_lines(update: UpdateRecord) -> Iterator[Line]:
    name = update.publisher.get("name") or update.publisher["key"]
    yield heading(f"{update.version}  {words.published(update)}, {name}")
    if update.summary:
        yield line(update.summary)
    yield line(at_head(words.reports(update)))
    recorded = f"recorded {moment(update.recorded_at)} by {update.recorded_by}"
    yield line(at_head(f"{words.events(update)}, {recorded}"))


def event_line(event: EventRecord) -> Line:
    origin = event.origin["key"] if isinstance(event.origin, dict) else ""
    said = f"{event.version}  {moment(event.recorded_at)}  {plain(event.type)}"
    return line(f"{said}, says {origin}" if origin else said, depth=0)


def update_of(client: Client, incident: str, update_id: str) -> UpdateRecord:
    body = client.answer(asks.update(incident, update_id).raw())
    return msgspec.json.decode(body, type=UpdateRecord)
