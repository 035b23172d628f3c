"""Talk goes to stderr, in whole sentences; stdout is for data alone."""

import click

from service.errors import Fault, Refused, SitrepError


def say(sentence: str = "") -> None:
    click.echo(sentence, err=True)


def tell(failure: SitrepError | OSError) -> None:
    """Why it did not work: one line, and one more for each fault in what was handed in."""
    if isinstance(failure, Refused):
        say("Error: refused, nothing was stored")
        for fault in failure.faults:
            say(f"  {place_of(fault)}")
    elif isinstance(failure, OSError) and failure.filename:
        say(f"Error: {failure.filename}: {failure.strerror}")
    else:
        say(f"Error: {failure}")
        _tell_what_the_database_said(failure)


def _tell_what_the_database_said(failure: Exception) -> None:
    said = getattr(failure.__cause__, "orig", None)
    if said is not None:
        say(f"  {str(said).splitlines()[0]}")


def place_of(fault: Fault) -> str:
    return f"{fault.pointer}: {fault.detail}" if fault.pointer else fault.detail


def faults_of(failure: SitrepError) -> tuple[Fault, ...]:
    """Every fault of a failure; where it names none, the failure itself."""
    return failure.faults if isinstance(failure, Refused) else (Fault("", str(failure)),)
