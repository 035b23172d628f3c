"""`sitrep key`: who may write."""

import sys

import click
import msgspec
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from service.commands.stores import opened_store
from service.commands.talk import say
from service.roles import ROLES
from service.store.answers import Key

PIPED_COLUMNS = 200


@click.group()
def key() -> None:
    """Writers' keys. Only a digest of each is stored."""


@key.command()
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What the key allows.")
def add(name: str, role: str) -> None:
    """Make a key and print it, alone; it cannot be shown again."""
    with opened_store() as store:
        click.echo(store.add_key(name, role))


@key.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_keys(as_json: bool) -> None:
    """All keys, also revoked ones, by their names."""
    with opened_store() as store:
        keys = store.keys()
    if as_json:
        click.echo(msgspec.json.encode({"keys": keys}))
    elif keys:
        columns = None if sys.stdout.isatty() else PIPED_COLUMNS
        Console(width=columns).print(_table(keys))
    else:
        say("There is no key. To make one: sitrep key add NAME --role ROLE")


@key.command()
@click.argument("name")
def revoke(name: str) -> None:
    """Make a key useless from now on."""
    with opened_store() as store:
        store.revoke_key(name)
    say(f"The key {name} opens nothing any more.")


def _table(keys: tuple[Key, ...]) -> Table:
    table = Table(box=SIMPLE)
    for heading in ("name", "role", "made", "revoked"):
        table.add_column(heading)
    for held in keys:
        told = (held.name, held.role, _second(held.created_at), _second(held.revoked_at))
        table.add_row(*(Text(part) for part in told))
    return table


def _second(moment: str | None) -> str:
    return "" if moment is None else f"{moment[:19].replace('T', ' ')} UTC"
