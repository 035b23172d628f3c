"""Lines of text for a terminal or a pipe, with the versions of the events that they stand on."""

import re
import sys
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import click
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

INDENT = 2
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


class Line(NamedTuple):
    depth: int
    text: Text


def heading(words: str) -> Line:
    return Line(0, Text(_without_controls(words), style="bold"))


def line(words: str, because: Sequence[int] = (), *, depth: int = 1) -> Line:
    text = Text(_without_controls(words))
    if because:
        text.append(f" {list(because)}", style="dim")
    return Line(depth, text)


def _without_controls(words: str) -> str:
    """What others wrote moves no cursor, and is one line."""
    return _CONTROLS.sub(" ", words)


def moment(instant: str) -> str:
    """A timestamp of the store, to the second."""
    return f"{instant[:19].replace('T', ' ')} UTC"


def show(lines: Iterable[Line]) -> None:
    """On stdout: wrapped and coloured for a terminal, else one line a line."""
    if not sys.stdout.isatty():
        for told in lines:
            click.echo(" " * INDENT * told.depth + told.text.plain)
        return
    console = Console()
    for told in lines:
        left = INDENT * told.depth
        console.print(Padding(told.text, (0, 0, 0, left), expand=False) if told.text else "")
