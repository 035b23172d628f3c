"""The table, the machine it was made on, and what each yardstick does."""

import os
import platform
from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.grounds import Ground
from benchmarks.lines import Line, Unit
from benchmarks.rounds import Measured

WIDTH = 165
TITLE = (
    "Medians of alternating rounds (lowest–highest); ratio: the median of the rounds' own ratios"
)


def show(lines: Sequence[Line], grounds: Sequence[Ground], *, load: float, took_s: float) -> None:
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=WIDTH)
    console.print(_table(lines))
    for yardstick in dict.fromkeys(line.yardstick for line in lines):
        console.print(f"[bold]{yardstick.label}[/]: {yardstick.does}.")
    console.print(_machine(grounds, load), f"Took {took_s:.0f} s.")


def _table(lines: Sequence[Line]) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD,
        title=TITLE,
    )
    for heading in ("case", "engine", "what", "yardstick"):
        table.add_column(heading)
    for heading in ("project", "its yardstick", "ratio", "goal", "met"):
        table.add_column(heading, justify="right", no_wrap=True)
    last = None
    for line in lines:
        if last is not None and (line.case, line.engine, line.what) != last:
            table.add_section()
        last = (line.case, line.engine, line.what)
        table.add_row(
            str(line.case),
            line.engine,
            line.what,
            line.yardstick.label,
            _figure(line.project, line.unit),
            _figure(line.other, line.unit),
            f"{line.ratio:.2f}×",
            _goal(line),
            {True: "[green]yes[/]", False: "[red]no[/]", None: ""}[line.met],
        )
    return table


def _goal(line: Line) -> str:
    if line.goal is None:
        return "–"
    return f"{'≥' if line.unit is Unit.PER_SECOND else '≤'} {line.goal:g}×"


def _figure(found: Measured, unit: Unit) -> str:
    digits = 0 if unit is Unit.PER_SECOND else 2
    low, high = (f"{figure:,.{digits}f}" for figure in (min(found.rounds), max(found.rounds)))
    return f"{found.median:,.{digits}f}{unit} ({low}–{high})"


def _machine(grounds: Sequence[Ground], load: float) -> str:
    engines = "; ".join(
        f"{ground.engine} {ground.version}, a bare commit {ground.commit_ms:.2f} ms"
        for ground in grounds
    )
    cores = f"{os.cpu_count()} cores with a load of {load:.1f} before the run"
    return f"Python {platform.python_version()}; {cores}; {engines}."
