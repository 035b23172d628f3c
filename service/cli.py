"""The `sitrep` command: data on stdout, talk on stderr; 0 is done, 1 refused or failed, 2 usage."""

import errno
from importlib import import_module
from typing import Any

import click

from service.commands.talk import tell
from service.errors import SitrepError

COMMANDS = {
    "backup": "backups:backup",
    "chart": "charting:chart",
    "diff": "comparing:diff",
    "draft": "drafting:draft_updates",
    "explain": "explaining:explain",
    "export": "exporting:export",
    "import": "importing:import_files",
    "key": "keys:key",
    "list": "listing:list_incidents",
    "log": "telling:log",
    "migrate": "starting:migrate",
    "post": "posting:post",
    "promote": "promoting:promote",
    "rebuild": "rebuilding:rebuild",
    "replay": "replaying:replay",
    "restore": "backups:restore",
    "run": "starting:run",
    "serve": "serving:serve",
    "show": "showing:show",
    "signer": "signing:signer",
    "verify": "verifying:verify",
    "watch": "watching:watch",
}
"""Where each is, in service.commands. What one needs takes up to half a second to load, and it
needs little of what others do.
"""


class Commands(click.Group):
    """Failures that a caller can be told are told, without a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's
        return sorted(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - likewise
        cmd_name: str,
    ) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"service.commands.{module}"), name)
        return command

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


if __name__ == "__main__":
    main()
