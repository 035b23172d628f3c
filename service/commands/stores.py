"""The store that the environment names."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import click

from service.errors import Unavailable
from service.proof.note import Signer
from service.settings import Settings
from service.store.schema import REVISION
from service.store.schema import migrate as bring_up_to_date
from service.store.signers import add_signer, key_file, read_key, write_key
from service.store.store import Store


def read_settings() -> Settings:
    try:
        return Settings.read()
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from wrong


@contextmanager
def opened_store() -> Iterator[Store]:
    """The store, closed when the command is done. Raises Unavailable as Store.connect does."""
    with naming_the_store() as url:
        store = Store.connect(url, signer=read_key(signing_key_file()))
    try:
        yield store
    finally:
        store.close()


def signing_key_file() -> Path:
    settings = read_settings()
    return key_file(settings.database_url, settings.signing_key)


def refuse_unready() -> None:
    """Raises Unavailable unless the store can be served as it is. Leaves nothing open."""
    with opened_store() as store:
        store.custody.refuse_unsigned()


def migrate() -> str:
    """Bring the store to this release's schema; what was done, as a sentence."""
    try:
        with opened_store():
            return f"The store is at schema {REVISION} already."
    except Unavailable:
        with naming_the_store() as url:
            revision = bring_up_to_date(url, lanes=read_settings().lanes)
        return f"The store was brought to schema {revision}."


def ensure_signed() -> str | None:
    """Sees to it that the store's log is signed from now on; what was done, if anything was.

    A store that nobody signs yet gets a signer, whose key is the file that the settings name.
    """
    file, settings = signing_key_file(), read_settings()
    with opened_store() as store:
        if store.verifiers():
            store.custody.refuse_unsigned()
            store.custody.sign()
            return None
    try:
        signer = read_key(file)
        if signer is None:
            signer = Signer.new(settings.log_name or f"sitrep-{token_hex(4)}")
            write_key(file, signer)
    except (ValueError, OSError) as wrong:
        raise Unavailable(f"the signing key: {wrong}") from wrong
    with naming_the_store() as url:
        add_signer(url, signer)
    return f"The log is signed by {signer.verifier}; the key is in {file}."


@contextmanager
def naming_the_store() -> Iterator[str]:
    """The store's address. An address that names no store is the fault of whoever set it."""
    try:
        yield read_settings().database_url
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from wrong
