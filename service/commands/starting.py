"""`sitrep migrate` and `run`: from nothing to a running server."""

import sys

import click

from service.commands.importing import import_taji
from service.commands.rebuilding import derive_older
from service.commands.server import free_address, look_at, serve_until_stopped
from service.commands.stores import ensure_signed, opened_store, read_settings
from service.commands.stores import migrate as migrate_store
from service.commands.talk import say
from service.store.store import Store

LOCAL = "local"


@click.command()
def migrate() -> None:
    """Bring the store to this release's schema, making it where there is none.

    What an older release derived from the log is derived again.
    """
    _migrate()
    with opened_store() as store:
        derive_older(store)


def _migrate() -> None:
    say(migrate_store())
    if (signed := ensure_signed()) is not None:
        say(signed)


@click.command()
def run() -> None:
    """Make everything ready for a first look, then serve."""
    settings = read_settings()
    address = free_address(settings.host, settings.port)
    _migrate()
    with opened_store() as store:
        derive_older(store)
        if not store.incidents(cursor=None, limit=1).incidents:
            say("The story of the attack on Camp Taji is being loaded.")
            import_taji(store)
        key = _first_key(store)
    _welcome(look_at(*address), key)
    serve_until_stopped(*address, settings)


def _first_key(store: Store) -> str | None:
    """A key for whoever runs this, unless somebody has one already."""
    return None if store.keys() else store.add_key(LOCAL, "editor")


def _welcome(url: str, key: str | None) -> None:
    if key is None:
        say("\nA key to write with was made earlier and cannot be shown again. To make another:")
        say("  sitrep key add NAME --role editor")
    else:
        say(f"\nYour key to write with, named {LOCAL}. It is shown this once:\n")
        click.echo(key)
        sys.stdout.flush()
    say(f"\nThe incidents   {url}/")
    say(f"The desk        {url}/desk, to write in the browser: sign in with the key")
    say(f"The API         {url}/docs")
    if key is not None:
        say(f"\nTo open an incident of your own:\n{_example(url, key)}")
    say()


def _example(url: str, key: str) -> str:
    body = (
        '{"title": "Fire at the harbour", "kind": "accident",'
        '\n       "publisher": {"key": "my-desk", "kind": "desk"},'
        '\n       "reports": [{"type": "casualties", "harm": "injured", "quantity": "at least 2"}]}'
    )
    return (
        f"  curl {url}/v1/incidents \\\n"
        f"    -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' \\\n"
        f"    -d '{body}'"
    )
