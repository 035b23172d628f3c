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

WIDTH = 150


def show(lines: Sequence[Line], grounds: Sequence[Ground], *, took_s: float) -> None:
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=WIDTH)
    console.print(_table(lines))
    for yardstick in dict.fromkeys(line.yardstick for line in lines):
        console.print(f"[bold]{yardstick.label}[/]: {yardstick.does}.")
    console.print(_machine(grounds), f"Took {took_s:.0f} s.")


def _table(lines: Sequence[Line]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, title="Medians of alternating rounds (lowest–highest)")
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
    low, high = f"{found.lowest:,.{digits}f}", f"{found.highest:,.{digits}f}"
    return f"{found.median:,.{digits}f}{unit} ({low}–{high})"


def _machine(grounds: Sequence[Ground]) -> str:
    engines = "; ".join(
        f"{ground.engine} {ground.version}, a bare commit {ground.commit_ms:.2f} ms"
        for ground in grounds
    )
    return f"Python {platform.python_version()}, {os.cpu_count()} cores; {engines}."
