"""`sitrep import FILE.csv`: what is wrong is said row by row, and what was taken in sums."""

from collections.abc import Sequence
from pathlib import Path

from service.commands.bars import bar
from service.commands.destinations import Destination
from service.commands.sheets import Verdict, rehearse, send, without_doubtful
from service.commands.taking import Tally
from service.commands.talk import say
from service.errors import Malformed, SitrepError
from service.formats.sheet import MOST_BYTES, Sheet, read

TABLE = ".csv"


def import_tables(
    files: Sequence[str], destination: Destination, *, dry_run: bool, skip_bad: bool
) -> bool:
    """One file after the other; whether all rows were right."""
    is_right = True
    for name in files:
        sheet = _read(name)
        with bar("rehearsed") as tell:
            verdict = rehearse(destination, sheet, tell)
        if skip_bad and verdict.faults:
            verdict = without_doubtful(verdict, sheet)
        for fault in verdict.faults:
            say(f"{name}: {fault}")
        is_right = is_right and not verdict.faults
        say(_take(destination, sheet, verdict, dry_run=dry_run, skip_bad=skip_bad))
    return is_right


def _take(
    destination: Destination, sheet: Sheet, verdict: Verdict, *, dry_run: bool, skip_bad: bool
) -> str:
    """What was done, as a sentence."""
    refused = len(sheet.updates) + sheet.wrong - len(verdict.right)
    if dry_run:
        new = len(verdict.new)
        known = len(verdict.right) - new
        return f"{new} to take, {known} already there, {refused} refused; nothing was stored"
    if verdict.faults and not skip_bad:
        return f"{refused} refused; nothing was stored"
    tally = Tally()
    tally.refused = refused
    try:
        with bar("updates") as tell:
            for number, update in enumerate(verdict.right, 1):
                new = send(destination, update)
                tally.taken += new
                tally.known += not new
                tell(number, len(verdict.right))
    except SitrepError:
        say(f"Broken off after {tally.taken}; the same command goes on from there.")
        raise
    destination.take_stock()
    return str(tally)


def _read(name: str) -> Sheet:
    path = Path(name)
    if path.stat().st_size > MOST_BYTES:
        raise Malformed(f"{name} has more than {MOST_BYTES} bytes: split it")
    try:
        return read(path.read_bytes())
    except Malformed as wrong:
        raise Malformed(f"{name}: {wrong}") from wrong
