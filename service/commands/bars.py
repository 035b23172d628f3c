"""Bars that show how far long work is, where somebody is looking."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

Tell = Callable[[int, int], None]


def unseen(done: int, total: int) -> None:
    """Nobody is looking."""


@contextmanager
def bar(what: str, *, beside_data: bool = False) -> Iterator[Tell]:
    """To be told how many are done, of how many; until then it only shows that something is being
    done. `beside_data`: stdout has data meanwhile, which on a terminal it would be mixed with.
    """
    console = Console(stderr=True)
    is_shown = console.is_terminal and not (beside_data and sys.stdout.isatty())
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=console, disable=not is_shown) as progress:
        task = progress.add_task(what, total=None)

        def tell(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield tell
