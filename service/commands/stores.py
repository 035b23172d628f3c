"""The store that the environment names."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from service.errors import Unavailable
from service.settings import Settings
from service.store.schema import latest_revision
from service.store.schema import migrate as bring_up_to_date
from service.store.store import Store


def read_settings() -> Settings:
    try:
        return Settings.read()
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from wrong


@contextmanager
def opened_store() -> Iterator[Store]:
    """The store, closed when the command is done. Raises Unavailable as Store.connect does."""
    with _named() as url:
        store = Store.connect(url)
    try:
        yield store
    finally:
        store.close()


def refuse_unready() -> None:
    """Raises Unavailable unless the store can be served as it is. Leaves nothing open."""
    with opened_store():
        pass


def migrate() -> str:
    """Bring the store to this release's schema; what was done, as a sentence."""
    try:
        refuse_unready()
    except Unavailable:
        with _named() as url:
            revision = bring_up_to_date(url, lanes=read_settings().lanes)
        return f"The store was brought to schema {revision}."
    return f"The store is at schema {latest_revision()} already."


@contextmanager
def _named() -> Iterator[str]:
    """The store's address. An address that names no store is the fault of whoever set it."""
    try:
        yield read_settings().database_url
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from wrong
