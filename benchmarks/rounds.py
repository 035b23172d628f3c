"""Rounds: the project and its yardsticks by turns, and the median of each."""

import gc
from collections.abc import Callable, Mapping
from statistics import median
from typing import NamedTuple


class Measured(NamedTuple):
    """The median of some rounds, and the lowest and the highest of them."""

    median: float
    lowest: float
    highest: float


def alternate(contestants: Mapping[str, Callable[[int], float]], rounds: int) -> dict[str, Measured]:
    """What each measured, called once a round with the round's number; each round begins with another."""
    figures: dict[str, list[float]] = {name: [] for name in contestants}
    names = list(contestants)
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            gc.collect()
            figures[name].append(contestants[name](number))
    return {name: measured(found) for name, found in figures.items()}


def measured(figures: list[float]) -> Measured:
    return Measured(median(figures), min(figures), max(figures))
