"""`sitrep post`: one update, from a file or stdin."""

from typing import BinaryIO

import click

from schemas.update import load_update
from service.commands.finding import incident_in
from service.commands.stores import opened_store
from service.commands.talk import say
from service.domain.update import Writer
from service.store.reading import encode

POST = Writer(name="post", role="admin")


@click.command()
@click.argument("incident")
@click.argument("file", type=click.File("rb"))
def post(incident: str, file: BinaryIO) -> None:
    """Append one update to an incident and print the receipt.

    FILE holds the update as JSON; `-` is stdin.
    """
    update = load_update(file.read())
    with opened_store() as store, incident_in(store, incident):
        appended = store.append(incident, update, POST)
    click.echo(encode(appended.receipt))
    if appended.replayed:
        say("This update was recorded before.")
    for change in appended.receipt.changes:
        say(change.sentence)
