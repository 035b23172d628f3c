"""What reading commands have in common on the command line."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from service.commands.asking import asked
from service.commands.moments import Moment
from service.domain.moments import write_instant
from service.errors import SitrepError
from sitrep_client.asks import Question

Command = TypeVar("Command", bound=Callable[..., Any])
T = TypeVar("T")


def of_any_store(command: Command) -> Command:
    """Adds the options that say which store is asked."""
    url = click.option(
        "--url",
        envvar="SITREP_URL",
        is_eager=True,
        help="Ask the Sitrep at this address; else SITREP_URL.",
    )
    key = click.option(
        "--key",
        envvar="SITREP_KEY",
        callback=_for_that_store,
        help="The key to ask with; for an address, else SITREP_KEY.",
    )
    return url(key(command))


def _for_that_store(
    context: click.Context, parameter: click.Parameter, key: str | None
) -> str | None:
    """The key in the environment is one for elsewhere."""
    source = context.get_parameter_source(parameter.name or "")
    is_around = source is ParameterSource.ENVIRONMENT
    return None if is_around and context.params.get("url") is None else key


def of_an_incident(command: Command) -> Command:
    return click.argument("incident", shell_complete=names_beginning)(command)


def at_a_moment(command: Command) -> Command:
    """Adds the options that say of which past something is asked."""
    as_of = click.option("--as-of", type=Moment(), help="As this store knew it at that time.")
    until = click.option(
        "--published-until", type=Moment(), help="From what was published until then."
    )
    version = click.option(
        "--version", type=click.IntRange(1), help="As of that version of its record."
    )
    return as_of(until(version(command)))


def as_one_document(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="The API's answer, byte for byte.")(
        command
    )


def as_lines(command: Command) -> Command:
    return click.option(
        "--json", "as_json", is_flag=True, help="As the API tells it, one JSON object a line."
    )(command)


def question(**moment: int | None) -> Question:
    """What `at_a_moment` was told, as the client asks it."""
    version, moments = moment.pop("version", None), without_the_unsaid(moment)
    wanted: dict[str, Any] = {name: write_instant(at_us) for name, at_us in moments.items()}
    return cast(Question, wanted if version is None else {**wanted, "version": version})


def without_the_unsaid(options: Mapping[str, T]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def names_beginning(
    context: click.Context, _: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """The incidents that a shell may complete to; none where the store cannot be asked."""
    url, key = (context.params.get(name) for name in ("url", "key"))
    try:
        with asked(url, key) as client:
            briefs = list(client.incidents(limit=1000))
    except (SitrepError, click.UsageError, OSError):
        return []
    return [
        CompletionItem(brief.incident, help=brief.title)
        for brief in briefs
        if brief.incident.startswith(incomplete)
    ]
