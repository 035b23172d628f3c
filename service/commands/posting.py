"""`sitrep post`: one update, from a file or stdin."""

from typing import BinaryIO

import click
import msgspec

from schemas.update import load_update
from service.commands.asking import asked
from service.commands.finding import incident_in
from service.commands.options import of_an_incident, of_any_store
from service.commands.stores import opened_store
from service.commands.talk import say
from service.domain.update import Writer
from service.store.answers import Appended, Receipt, encode
from sitrep_client import asks

POST = Writer(name="post", role="admin")


@click.command()
@of_an_incident
@click.argument("file", type=click.File("rb"))
@of_any_store
def post(incident: str, file: BinaryIO, url: str | None, key: str | None) -> None:
    """Append one update to an incident and print the receipt.

    FILE holds the update as JSON; `-` is stdin.
    """
    body = file.read()
    is_own = url is None and key is None
    appended = _own(incident, body) if is_own else _keyed(incident, body, url, key)
    click.echo(encode(appended.receipt))
    if appended.replayed:
        say("This update was recorded before.")
    for change in appended.receipt.changes:
        say(change.sentence)


def _own(incident: str, body: bytes) -> Appended:
    update = load_update(body)
    with opened_store() as store, incident_in(store, incident):
        return store.append(incident, update, POST)


def _keyed(incident: str, body: bytes, url: str | None, key: str | None) -> Appended:
    asking = asks.post_update(incident, body)
    with asked(url, key, incident) as client:
        told, replayed = client.answer(
            asking.reading(lambda reply: (reply.body, asking.read(reply).replayed))
        )
    return Appended(receipt=msgspec.json.decode(told, type=Receipt), replayed=replayed)
