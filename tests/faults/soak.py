"""`make soak`: rounds of every fault for as long as SOAK_MINUTES says, and a table of what became
of everything (docs/reliability.md). Ends with 1 where a promise was broken.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from tests.failover.losing import primary_killed
from tests.faults.crowd import Figures
from tests.faults.rounds import run_rounds
from tests.faults.sites import FAULTS as ONE_SERVER
from tests.faults.sites import Grounds, Site
from tests.postgres import Breakable, breakable_postgres

MINUTES = 10
FAULTS: dict[tuple[str, str], Callable[[Grounds, str], AbstractContextManager[Site]]] = {
    **ONE_SERVER,
    ("postgresql", "primary killed, standby promoted"): lambda _, __: primary_killed(),
}
WEIGHTS = {
    "service killed (-9)": 4,
    "database killed (-9 or at once)": 2,
    "primary killed, standby promoted": 3,
}
"""A fault gets so many times the usual share of the time."""

COLUMNS = {
    "rounds": "rounds",
    "acknowledged": "acknowledged",
    "stored": "stored",
    "unanswered": "never answered",
    "lost": "lost",
    "half_written": "half-written",
    "never_sent": "never sent",
    "gaps": "gaps",
    "seen_twice": "seen twice",
    "missed": "missed by the reader",
}

Told = tuple[str, str, Figures]


def main() -> None:
    minutes = float(os.environ.get("SOAK_MINUTES", MINUTES))
    click.echo(
        f"The soak takes about {minutes:g} minutes for {len(FAULTS)} faults on two engines"
        " (SOAK_MINUTES sets another length).",
        err=True,
    )
    told = list(_run(minutes * 60))
    click.echo(_table(told))
    broken = [(engine, name, figures.broken) for engine, name, figures in told if figures.broken]
    for engine, name, found in broken:
        click.echo(f"BROKEN: {engine}, {name}: {found}", err=True)
    sys.exit(1 if broken else 0)


def _run(seconds: float) -> Iterator[Told]:
    shares = sum(WEIGHTS.get(name, 1) for _, name in FAULTS)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="sitrep-soak-")))

        @cache
        def postgres() -> Breakable:
            return stack.enter_context(breakable_postgres())

        grounds = Grounds(folder, postgres)
        for (engine, name), fault in FAULTS.items():
            end = time.monotonic() + seconds * WEIGHTS.get(name, 1) / shares
            figures = run_rounds(fault(grounds, engine), lambda _, end=end: time.monotonic() < end)
            click.echo(f"{engine}, {name}: {figures.rounds} rounds", err=True)
            yield engine, name, figures


def _table(told: list[Told]) -> str:
    """In Markdown, with a line for each engine's sum."""
    lines = [
        f"| engine | fault | {' | '.join(COLUMNS.values())} |",
        f"|---|---|{'---:|' * len(COLUMNS)}",
    ]
    lines += [_line(engine, name, [figures]) for engine, name, figures in told]
    for engine in dict.fromkeys(engine for engine, _, _ in told):
        mine = [figures for of, _, figures in told if of == engine]
        lines.append(_line(f"**{engine}**", "**all**", mine))
    return "\n".join(lines)


def _line(engine: str, name: str, several: list[Figures]) -> str:
    sums = [sum(getattr(figures, column) for figures in several) for column in COLUMNS]
    return f"| {engine} | {name} | {' | '.join(f'{total:,}' for total in sums)} |"


if __name__ == "__main__":
    main()
