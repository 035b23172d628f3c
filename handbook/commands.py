"""The reference of `sitrep`: every command as it explains itself."""

from collections.abc import Iterator

import click

from service.cli import main


def commands() -> str:
    return "\n".join(
        [
            "# Commands",
            "",
            "Data goes to stdout, talk to stderr. Exit: 0 done, 1 refused or failed, 2 usage.",
            "",
            *_of(main, "sitrep"),
        ]
    )


def _of(group: click.Group, name: str) -> Iterator[str]:
    context = click.Context(group, info_name=name)
    for word in group.list_commands(context):
        command = group.get_command(context, word)
        if command is None or command.hidden:
            continue
        full = f"{name} {word}"
        if isinstance(command, click.Group):
            yield from _of(command, full)
        else:
            yield from _one(command, full)


def _one(command: click.Command, name: str) -> Iterator[str]:
    context = click.Context(command, info_name=name)
    pieces = " ".join(command.collect_usage_pieces(context))
    yield from [f"## {name}", "", "```", f"{name} {pieces}", "```", ""]
    if command.help:
        yield from [_told(command.help), ""]
    records = [param.get_help_record(context) for param in command.get_params(context)]
    options = [record for record in records if record and record[0] != "-h, --help"]
    if options:
        yield from ["| option | meaning |", "|---|---|"]
        yield from (f"| `{_cell(said)}` | {_cell(told)} |" for said, told in options)
        yield ""


def _told(text: str) -> str:
    return "\n".join(line.strip() for line in text.replace("\b", "").splitlines())


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
