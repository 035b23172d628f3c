"""`sitrep promote`."""

import click

from service.commands.talk import say
from service.store.promoting import promote as promote_standby


@click.command()
@click.argument("standbys", nargs=-1, required=True, metavar="STANDBY...")
@click.option(
    "--accept-loss",
    is_flag=True,
    help="Go on with a single standby, which may lack what was acknowledged.",
)
def promote(standbys: tuple[str, ...], *, accept_loss: bool) -> None:
    """Make the standby that received most the primary, because the primary is gone.

    Each STANDBY is the URL of one as a superuser: postgresql://postgres@host:port/postgres, the
    password from ~/.pgpass or PGPASSWORD. All of them have to be given; the others follow the new
    primary. See docs/failover.md.
    """
    if len(standbys) < 2 and not accept_loss:
        raise click.UsageError(
            "the other standby may have received more: name both, or say --accept-loss"
        )
    promoted = promote_standby(standbys)
    click.echo(promoted.address)
    for ahead in promoted.ahead:
        say(f"It had received {ahead} bytes more than another, which follows it now.")
