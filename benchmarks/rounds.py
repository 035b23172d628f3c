"""Rounds: the project and its yardsticks by turns, so that what disturbs one disturbs the other."""

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Measured:
    """What was measured in each round."""

    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.rounds)

    def over(self, other: "Measured") -> float:
        """The median of the rounds' own ratios: each compares neighbours in time."""
        return median(mine / its for mine, its in zip(self.rounds, other.rounds, strict=True))


def alternate(
    contestants: Mapping[str, Callable[[int], float]], rounds: int
) -> dict[str, Measured]:
    """What each measured, called with the round's number. Each round begins with another one."""
    figures: dict[str, list[float]] = {name: [] for name in contestants}
    names = list(contestants)
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            gc.collect()
            figures[name].append(contestants[name](number))
    return {name: Measured(tuple(found)) for name, found in figures.items()}


def percentile(figures: Sequence[float], share: float) -> float:
    """The figure below which this share of all lies."""
    return sorted(figures)[min(int(len(figures) * share), len(figures) - 1)]
