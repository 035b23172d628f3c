"""`sitrep backup` and `restore`."""

from pathlib import Path

import click

from service.commands.bars import bar
from service.commands.stores import opened_store, read_settings, signing_key_file
from service.commands.talk import say
from service.store.backups import back_up
from service.store.backups import restore as restore_backup

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
def backup(file: Path) -> None:
    """Write the whole store, as of one moment, to FILE. It may be served meanwhile.

    SQLite's is a store of its own, PostgreSQL's an archive of pg_dump. The signing key is in
    neither.
    """
    settings = read_settings()
    with bar("backup"):
        back_up(settings.database_url, file, settings.pg_programs)
    say(f"The store was written to {file}. Keep {signing_key_file()} elsewhere: it is not in it.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Make a store of a backup, where SITREP_DATABASE_URL has none yet, and check its log."""
    settings = read_settings()
    with bar("backup"):
        restore_backup(settings.database_url, file, settings.pg_programs)
    with opened_store() as store:
        store.custody.take_stock()
        known = store.verifiers()
        with bar("events") as tell:
            lanes = store.custody.verify_log(known[0] if known else None, {}, progress=tell)
    say(f"A store was made of {file}; its {sum(lane.events for lane in lanes)} events hold.")
    if not signing_key_file().exists():
        say(f"To write to it, put its signing key at {signing_key_file()}.")
