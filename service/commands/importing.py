"""`sitrep import`: stories from files into the store at hand, or over HTTP into another."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import as_file

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from service.commands.copying import copy
from service.commands.destinations import AtHand, Destination
from service.commands.lines import Line, opened
from service.commands.remote import Remote
from service.commands.stores import opened_store
from service.commands.tables import TABLE, import_tables
from service.commands.taking import HOPELESS, Taking
from service.commands.talk import faults_of, place_of, say
from service.errors import SitrepError
from service.store.store import Store
from service.stories import TAJI
from sitrep_client import NO_PATIENCE, Patience

LINES_A_TICK = 50


@click.command("import")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
)
@click.option("--url", help="Import over HTTP, into the Sitrep at this address.")
@click.option("--key", envvar="SITREP_KEY", help="The key for --url; else SITREP_KEY.")
@click.option("--dry-run", is_flag=True, help="CSV: say what would be taken, and store nothing.")
@click.option("--skip-bad", is_flag=True, help="CSV: take what is right though other rows are not.")
@click.option("--exact", is_flag=True, help="FILE is an export: copy its events as they were.")
def import_files(
    files: tuple[str, ...],
    url: str | None,
    key: str | None,
    *,
    exact: bool,
    dry_run: bool,
    skip_bad: bool,
) -> None:
    """Take updates from files of NDJSON; `-` is stdin, `.zst` is unpacked.

    Each line is an update with `incident`, `title` and `kind` beside its own keys. Doing it again
    does no harm, and goes on where it was broken off.

    A file that ends in .csv is a table of updates, one row for each report (docs/formats.md):
    nothing of it is stored unless all rows are right.

    With --exact it is the export of a whole store, for a store that has nothing else: versions,
    moments and hashes stay what they were.
    """
    if exact:
        if len(files) != 1 or url is not None:
            raise click.UsageError("--exact takes one export, into the store at hand")
        copy(files[0])
        return
    tables = [name for name in files if name.endswith(TABLE)]
    if tables and len(tables) < len(files):
        raise click.UsageError("tables (.csv) are imported by themselves")
    if not tables and (dry_run or skip_bad):
        raise click.UsageError("--dry-run and --skip-bad are for tables (.csv)")
    if tables:
        with _destination(url, key, Patience()) as destination:
            whole = import_tables(tables, destination, dry_run=dry_run, skip_bad=skip_bad)
    else:
        with _destination(url, key, NO_PATIENCE) as destination:
            whole = not _import(files, destination)
    if not whole:
        click.get_current_context().exit(1)


def import_taji(store: Store) -> None:
    with as_file(TAJI) as file:
        _import([str(file)], AtHand(store))


def _import(files: Sequence[str], destination: Destination) -> int:
    """How many updates were refused; each with its reasons, and the sums, are said on the way."""
    console = Console(stderr=True, soft_wrap=True)
    taking = Taking(destination, _refusals(console))
    try:
        with _progress(console) as progress:
            taking.take(_lines(files, progress))
        destination.take_stock()
    except HOPELESS:
        say("Broken off; the same command goes on from there.")
        raise
    finally:
        say(str(taking.tally))
    return taking.tally.refused


@contextmanager
def _destination(url: str | None, key: str | None, patience: Patience) -> Iterator[Destination]:
    """`patience` is with what is reached over HTTP."""
    if url is None:
        with opened_store() as store:
            yield AtHand(store)
        return
    if not url.startswith(("http://", "https://")):
        raise click.BadParameter("must start with http:// or https://", param_hint="--url")
    if key is None:
        raise click.UsageError("--url needs a key: give --key, or set SITREP_KEY")
    remote = Remote(url, key, patience)
    try:
        yield remote
    finally:
        remote.close()


def _refusals(console: Console) -> Callable[[str, SitrepError], None]:
    def refuse(place: str, refusal: SitrepError) -> None:
        for fault in faults_of(refusal):
            console.print(f"{place}: {place_of(fault)}", markup=False, highlight=False)

    return refuse


def _progress(console: Console) -> Progress:
    """A bar for each file, where somebody is looking."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal)


def _lines(files: Sequence[str], progress: Progress) -> Iterator[Line]:
    """All lines of all files."""
    for name in files:
        with opened(name) as source:
            bar = progress.add_task(source.name, total=source.size)
            for number, line in enumerate(source.lines):
                if number % LINES_A_TICK == 0:
                    progress.update(bar, completed=source.done())
                yield line
            progress.update(bar, completed=source.done())
