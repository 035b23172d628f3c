"""All that is told of one thing that is counted, origin by origin, before it is reconciled."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from service.domain.claims import Claim, Said, origin_says
from service.domain.group import TOTAL, Cell, disjoint
from service.domain.moves import Move, arrived, departed


class Told(NamedTuple):
    """One origin's counts, and the people who it says came to be counted."""

    claims: tuple[Claim, ...]
    arrivals: tuple[Move, ...] = ()

    def said(self, cell: Cell, departures: Iterable[Move] = ()) -> Said | None:
        """What it says of one cell, None where it says nothing."""
        claims = [claim for claim in self.claims if cell <= claim.cell]
        said = origin_says(claims, cell) if claims else None
        said = arrived(said, cell, self.arrivals)
        return None if said is None else departed(said, cell, departures)


class Tally(NamedTuple):
    """What every origin tells, in the order of their keys, and who was told to have left."""

    told: Sequence[Told]
    departures: Sequence[Move] = ()

    def said(self, cell: Cell) -> list[Said]:
        said = (one.said(cell, self.departures) for one in self.told)
        return [one for one in said if one is not None]

    def touching(self, cell: Cell) -> tuple[int, ...]:
        """The versions of the reports that bear on a cell."""
        claims = (claim.version for one in self.told for claim in one.claims if cell <= claim.cell)
        moves = chain(self.departures, *(one.arrivals for one in self.told))
        moved = (move.version for move in moves if not disjoint(cell, move.cell))
        return tuple(sorted({*claims, *moved}))

    def cells(self) -> set[Cell]:
        """The groups below the total that somebody counted."""
        claims = (claim.cell for one in self.told for claim in one.claims)
        arrivals = (move.cell for one in self.told for move in one.arrivals)
        return {cell for cell in chain(claims, arrivals) if cell != TOTAL}
