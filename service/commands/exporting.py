"""`sitrep export`: the log as a file that proves itself."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

import click
import zstandard

from service.commands.bars import bar
from service.commands.finding import incident_in
from service.commands.lines import PACKED
from service.commands.stores import opened_store
from service.commands.talk import say
from service.proof.bundle import read_heading
from service.proof.checkpoint import Checkpoint

LINES_A_TICK = 50


@click.command()
@click.argument("incident", required=False)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to; else stdout. What ends in .zst is packed.",
)
def export(incident: str | None, output: Path | None) -> None:
    """Write the whole log, or one incident of it, as lines of JSON with their proofs.

    `sitrep verify FILE` checks it offline; `sitrep import --exact FILE` makes another store of it.
    A file takes its name once it is complete.
    """
    number = -2  # for its first line and its last
    with ExitStack() as stack:
        store = stack.enter_context(opened_store())
        stack.enter_context(incident_in(store, incident))
        lines = stack.enter_context(store.custody.export(incident))
        file = stack.enter_context(_opened(output))
        tell = stack.enter_context(bar("events", beside_data=output is None))
        total = None
        for line in lines:
            file.write(line)
            number += 1
            if total is None:
                total = _events_after(line)
            if total and (number % LINES_A_TICK == 0 or number == total):
                tell(number, total)
    say(f"{number} events were exported.")


def _events_after(heading: bytes) -> int:
    """How many a whole export has; 0 where the heading, of a single incident, does not say."""
    told = read_heading(heading)
    if told.incident is not None:
        return 0
    notes = (note.partition("\n\n")[0] for note in told.checkpoints.values())
    return sum(Checkpoint.read(f"{note}\n").size for note in notes)


@contextmanager
def _opened(output: Path | None) -> Iterator[BinaryIO]:
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    unfinished = output.with_name(f"{output.name}.unfinished")
    try:
        with unfinished.open("wb") as file:
            if output.suffix == PACKED:
                with zstandard.ZstdCompressor().stream_writer(file, closefd=False) as packed:
                    yield packed
            else:
                yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(output)
    finally:
        unfinished.unlink(missing_ok=True)
