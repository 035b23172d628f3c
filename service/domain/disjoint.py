"""Which groups can be added up: those that surely share nobody (DOMAIN.md §5.3)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from service.domain.group import Cell, disjoint

SEARCH_LIMIT = 2_000
"""Steps spent on finding the largest disjoint sum. What is found by then is still a true floor."""


def largest_disjoint(lows: Mapping[Cell, Decimal]) -> tuple[Cell, ...]:
    """Of pairwise disjoint groups those with the largest sum: branch and bound, the largest first.

    Where no group counts anybody, the first one, so that a zero too has somebody behind it.
    """
    ordered = sorted(lows.items(), key=lambda item: (-item[1], sorted(item[0])))
    ordered = [(cell, low) for cell, low in ordered if low > 0] or ordered[:1]
    still_possible = _bounds(ordered)
    most = Decimal(-1)
    choice: tuple[int, ...] = ()
    branches: list[tuple[int, Decimal, tuple[int, ...]]] = [(0, Decimal(0), ())]
    for _ in range(SEARCH_LIMIT):
        if not branches:
            break
        index, low, chosen = branches.pop()
        if low > most:
            most, choice = low, chosen
        if index == len(ordered) or low + still_possible[index] <= most:
            continue
        branches.append((index + 1, low, chosen))
        cell, own = ordered[index]
        if all(disjoint(cell, ordered[other][0]) for other in chosen):
            branches.append((index + 1, low + own, (*chosen, index)))
    return tuple(ordered[index][0] for index in choice) or tuple(cell for cell, _ in ordered[:1])


def _bounds(ordered: Sequence[tuple[Cell, Decimal]]) -> list[Decimal]:
    """For each place in the order, what the cells from there on can add at the most.

    Of cells that all overlap one another only one can be taken, and the earlier is the larger.
    """
    overlapping: list[list[Cell]] = []
    largest: list[Decimal] = []
    bounds = [Decimal(0)]
    for cell, low in reversed(ordered):
        for place, members in enumerate(overlapping):
            if not any(disjoint(cell, member) for member in members):
                members.append(cell)
                largest[place] = low
                break
        else:
            overlapping.append([cell])
            largest.append(low)
        bounds.append(sum(largest, Decimal(0)))
    return bounds[::-1]
