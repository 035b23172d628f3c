"""The `sitrep` command: data on stdout, talk on stderr; 0 is done, 1 refused or failed, 2 usage."""

import errno
from typing import Any

import click

from service.commands.backups import backup, restore
from service.commands.charting import chart
from service.commands.comparing import diff
from service.commands.drafting import draft_updates
from service.commands.explaining import explain
from service.commands.exporting import export
from service.commands.importing import import_files
from service.commands.keys import key
from service.commands.listing import list_incidents
from service.commands.posting import post
from service.commands.promoting import promote
from service.commands.rebuilding import rebuild
from service.commands.replaying import replay
from service.commands.serving import migrate, run, serve
from service.commands.showing import show
from service.commands.signing import signer
from service.commands.talk import tell
from service.commands.telling import log
from service.commands.verifying import verify
from service.commands.watching import watch
from service.errors import SitrepError


class Commands(click.Group):
    """Failures that a caller can be told are told, without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SitrepError as failure:
            tell(failure)
            ctx.exit(1)
        except OSError as failure:
            if failure.errno == errno.EPIPE:
                raise
            tell(failure)
            ctx.exit(1)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sitrep")
def main() -> None:
    """Sitrep: what was reported about incidents, when, by whom, and what holds now.

    The store is the one that SITREP_DATABASE_URL names, an SQLite file under var/ by default.
    """


for command in (
    *(migrate, serve, run, import_files, export, draft_updates, post),
    *(list_incidents, show, log, diff, explain, chart, replay, watch),
    *(verify, signer, rebuild, backup, restore, promote, key),
):
    main.add_command(command)

if __name__ == "__main__":
    main()
