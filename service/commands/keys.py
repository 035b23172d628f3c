"""`sitrep key`: who may read and write, and what they did."""

import click
import msgspec

from service.commands.keytables import printed, table_of_keys, table_of_uses
from service.commands.moments import Moment
from service.commands.stores import opened_store, read_settings
from service.commands.talk import say
from service.roles import ROLES

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US

EXPIRES = click.option("--expires", type=Moment(), help="When it ends by itself.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="As JSON.")


@click.group()
def key() -> None:
    """Keys. Only a digest of each is stored."""


@key.command()
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What the key allows.")
@EXPIRES
def add(name: str, role: str, expires: int | None) -> None:
    """Make a key and print it, alone; it cannot be shown again."""
    with opened_store() as store:
        click.echo(store.add_key(name, role, expires))


@key.command()
@click.argument("name")
@click.option(
    "--keep",
    type=click.FloatRange(0, 24 * 365),
    default=24,
    show_default=True,
    metavar="HOURS",
    help="How long the secret of before opens too; 0 where it got into wrong hands.",
)
@EXPIRES
def rotate(name: str, keep: float, expires: int | None) -> None:
    """Give a key another secret and print it, alone. Its name and its role stay."""
    with opened_store() as store:
        click.echo(store.rotate_key(name, keep_us=int(keep * HOUR_US), expires_us=expires))
    say(f"The secret of before opens for {keep:g} hours more." if keep else "The old one is void.")


@key.command("list")
@AS_JSON
def list_keys(as_json: bool) -> None:
    """All keys, also revoked ones, by their names, and when each was used last."""
    with opened_store() as store:
        keys = store.keys()
    if as_json:
        click.echo(msgspec.json.encode({"keys": keys}))
    elif keys:
        printed(table_of_keys(keys))
    else:
        say("There is no key. To make one: sitrep key add NAME --role ROLE")


@key.command()
@click.argument("name")
def revoke(name: str) -> None:
    """Make a key useless from now on."""
    with opened_store() as store:
        store.revoke_key(name)
    say(f"The key {name} opens nothing any more.")


@key.command()
@click.argument("name", required=False)
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True)
@click.option("--cursor", help="The `next` of the page before.")
@AS_JSON
def audit(name: str | None, limit: int, cursor: str | None, as_json: bool) -> None:
    """What was done with the key NAME, or with any, the newest first."""
    with opened_store() as store:
        told = store.uses(name, cursor=cursor, limit=limit)
    if as_json:
        click.echo(msgspec.json.encode(told))
        return
    if told.uses:
        printed(table_of_uses(told.uses))
    else:
        say("Nothing was done." if name is None else f"Nothing was done with the key {name}.")
    if told.next:
        say(f"There is more: --cursor {told.next}")


@key.command()
@click.option("--days", type=click.IntRange(1), help="Else SITREP_KEY_USES_DAYS.")
def prune(days: int | None) -> None:
    """Forget what was done with keys so many days ago and before. A server does so every day."""
    days = days or read_settings().key_uses_days
    with opened_store() as store:
        gone = store.drop_uses(days * DAY_US)
    say(f"{gone} uses, older than {days} days, were dropped.")
