"""`sitrep watch`: what is recorded, as it is recorded, and what it changed."""

import time
from collections.abc import Iterator

import click
import msgspec

from service.commands.asking import asked
from service.commands.comparing import change_lines
from service.commands.interrupting import ended_by_ctrl_c
from service.commands.options import as_lines, names_beginning, of_any_store
from service.commands.paper import Line, line, show
from service.commands.talk import say
from service.commands.telling import update_lines, update_of
from service.store.answers import UpdateRecord
from service.store.comparing import Changes
from sitrep_client import Client, Event, SitrepError, asks
from sitrep_client.asks import feed

POLL_S = 1.0
"""Between two looks at a store that is at hand and has no streams."""


@click.command()
@click.argument("incident", required=False, shell_complete=names_beginning)
@as_lines
@of_any_store
def watch(incident: str | None, url: str | None, key: str | None, *, as_json: bool) -> None:
    """Tell what is recorded from now on, of one incident or of all, until Ctrl-C.

    A connection that is lost is made again, and nothing that came meanwhile is missed.
    """
    with ended_by_ctrl_c(), asked(url, key, incident) as client:
        heard = _polled(client, incident) if url is None else _streamed(client, incident)
        if as_json:
            for _, told in heard:
                click.echo(told)
        else:
            for update in _updates(client, heard):
                show(_news(client, update, named=incident is None))


Heard = Iterator[tuple[Event, bytes]]
"""Events, and the JSON in which each was told."""


def _streamed(client: Client, incident: str | None) -> Heard:
    after = _feed_end(client) if incident is None else client.situation(incident).version
    _say_from_when(incident)
    for told in client.follow(incident, after=after, on_loss=_say_lost):
        yield told.event, told.line


def _polled(client: Client, incident: str | None) -> Heard:
    if incident is not None:
        client.situation(incident)
    after = _feed_end(client)
    _say_from_when(incident)
    while True:
        body = client.answer(feed(after=after, incident=incident).first.raw())
        page = msgspec.json.decode(body, type=_Lines)
        for event in page.events:
            yield msgspec.json.decode(event, type=Event), bytes(event)
        after = page.cursor
        if page.next is None:
            time.sleep(POLL_S)


def _feed_end(client: Client) -> str:
    return client.answer(feed(after="now", limit=1).first).cursor


def _say_from_when(incident: str | None) -> None:
    say(f"Watching {incident or 'all incidents'} from now on; Ctrl-C ends it.")


def _say_lost(loss: SitrepError) -> None:
    say(f"{loss}; listening again.")


class _Lines(msgspec.Struct):
    events: tuple[msgspec.Raw, ...]
    next: str | None
    cursor: str


def _updates(client: Client, heard: Heard) -> Iterator[UpdateRecord]:
    """Each update once, at the first of its events: they are recorded together."""
    last = None
    for event, _ in heard:
        if event.update_id != last:
            last = event.update_id
            yield update_of(client, event.incident, event.update_id)


def _news(client: Client, update: UpdateRecord, *, named: bool) -> Iterator[Line]:
    before = update.reports[0].version - 1
    ask = asks.changes(update.incident, start=before, end=update.version)
    told = msgspec.json.decode(client.answer(ask.raw()), type=Changes)
    if named:
        yield line(update.incident, depth=0)
    yield from update_lines(update)
    yield from change_lines(told.changes)
    yield line("", depth=0)
