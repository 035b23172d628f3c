"""Bars that show how far long work is, where somebody is looking."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn


@contextmanager
def bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """To be told how many are done, of how many."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(what)

        def tell(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield tell
