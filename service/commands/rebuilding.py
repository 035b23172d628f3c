"""`sitrep rebuild`: every view and index again, from the log."""

import click

from service.commands.bars import bar
from service.commands.stores import opened_store
from service.commands.talk import say
from service.store.rebuilding import Which
from service.store.store import Store


@click.command()
def rebuild() -> None:
    """Derive every view and index again from the log. It changes no answer.

    The store may be served and written to meanwhile. Breaking it off does no harm.
    """
    with opened_store() as store:
        say(f"Derived again from the log: {_incidents(derive(store, Which.ALL))}.")


def derive_older(store: Store) -> None:
    """After a migration: what the release before derived, as this release derives it."""
    number = derive(store, Which.OLDER)
    if number:
        say(f"Derived again for this release: {_incidents(number)}.")


def derive(store: Store, which: Which) -> int:
    """How many incidents. A bar shows how far it is, where somebody is looking."""
    with bar("events") as tell:
        return store.custody.rebuild(which, progress=tell)


def _incidents(number: int) -> str:
    return "1 incident" if number == 1 else f"{number} incidents"
