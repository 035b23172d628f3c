"""A figure over time, drawn with plain characters: to be told apart without any colour."""

from bisect import bisect_right
from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

HEIGHT = 10
"""Rows, where the figure goes beyond ten."""


class Held(NamedTuple):
    """What holds from `at` (in any unit of time) until the next one; `high` None is open-ended."""

    at: float
    low: float
    high: float | None
    contested: bool = False


def plotted(steps: Sequence[Held], end: float, width: int) -> list[str]:
    """Lines of at most `width` columns; the axis comes last, with the contested stretches under it
    where there are any.
    """
    unit, rows = _scale(max(max(one.low, one.high or 0) for one in steps))
    margin = len(str(unit * rows))
    columns = _columns(steps, end, max(width - margin - 2, 1))
    lines = []
    for row in range(rows + 1, 0, -1):
        number = unit * row if row <= rows else ""
        drawn = "".join(_cell(one, row, unit) for one in columns)
        lines.append(f"{number:>{margin}} |{drawn}".rstrip())
    lines.append(f"{0:>{margin}} +{'-' * len(columns)}")
    if any(one.contested for one in steps):
        flags = "".join("!" if one.contested else " " for one in columns)
        lines.append(f"{'':>{margin}}  {flags}".rstrip())
    return lines


def legend(steps: Sequence[Held]) -> str:
    """What the signs mean that a drawing of these steps may have."""
    said = ["# at least"]
    if any(one.high is not None and one.high > one.low for one in steps):
        said.append(": at most")
    if any(one.high is None for one in steps):
        said.append("^ or more")
    if any(one.contested for one in steps):
        said.append("! contested")
    return "   ".join(said)


def _columns(steps: Sequence[Held], end: float, width: int) -> list[Held]:
    """What holds in each column: the last that began in it, else what held before. Of steps that
    are all of one moment each has its share.
    """
    begin, span = steps[0].at, end - steps[0].at
    if span <= 0:
        return [steps[column * len(steps) // width] for column in range(width)]
    begins = [int((one.at - begin) / span * (width - 1)) for one in steps]
    return [steps[bisect_right(begins, column) - 1] for column in range(width)]


def _scale(most: float) -> tuple[int, int]:
    """How many a row stands for, and how many rows there are."""
    unit = next(
        step * 10**power
        for power in range(100)
        for step in (1, 2, 5)
        if step * 10**power * HEIGHT >= most
    )
    return unit, max(ceil(most / unit), 1)


def _cell(held: Held, row: int, unit: int) -> str:
    """A row is reached by what is at least so many; what is more than nothing is seen."""
    least = max(int(held.low / unit), 1) if held.low else 0
    if row <= least:
        return "#"
    if held.high is None:
        return "^" if row == least + 1 else " "
    return ":" if held.high > held.low and row <= ceil(held.high / unit) else " "
