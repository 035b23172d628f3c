"""All that is told of one thing that is counted, origin by origin, before it is reconciled."""

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from service.domain.claims import Claim, Said, is_base, origin_says
from service.domain.group import TOTAL, Cell, disjoint
from service.domain.moves import Move, arrived, departed, no_fewer


class Told(NamedTuple):
    """One origin's counts, and the people who it says came to be counted. `uncounted` is what it
    denied or supposed: nobody is counted by it.
    """

    claims: tuple[Claim, ...]
    arrivals: tuple[Move, ...] = ()
    uncounted: tuple[Claim, ...] = ()

    def said(self, cell: Cell, departures: Sequence[Move] = ()) -> Said | None:
        """What it says of one cell, None where it says nothing."""
        claims = [claim for claim in self.claims if cell <= claim.cell]
        said = origin_says(claims, cell) if claims else None
        said = arrived(said, cell, self.arrivals)
        if said is None:
            return None
        came = arrived(None, cell, self.arrivals)
        own = [move for move in departures if move.origin.key == said.origin.key]
        stayed = None if came is None else departed(came, cell, own)
        return no_fewer(departed(said, cell, departures), stayed)

    def since(self, moment_us: int) -> "Told":
        """What it tells of that moment and later ones."""
        return self._replace(
            claims=tuple(claim for claim in self.claims if claim.rank.effective_us >= moment_us)
        )


class Tally(NamedTuple):
    """What every origin tells, in the order of their keys, and who was told to have left. `varies`
    is true of a level, of which each moment's word holds for that moment alone.
    """

    told: Sequence[Told]
    departures: Sequence[Move] = ()
    varies: bool = False

    def said(self, cell: Cell) -> list[Said]:
        said = (one.said(cell, self.departures) for one in self._speaking(cell))
        return [one for one in said if one is not None]

    def touching(self, cell: Cell) -> tuple[int, ...]:
        """The versions of the reports that bear on a cell."""
        told = self._speaking(cell)
        spoken = chain.from_iterable((*one.claims, *one.uncounted) for one in told)
        claims = (claim.version for claim in spoken if cell <= claim.cell)
        moves = chain(self.departures, *(one.arrivals for one in told))
        moved = (move.version for move in moves if not disjoint(cell, move.cell))
        return tuple(sorted({*claims, *moved}))

    def cells(self) -> set[Cell]:
        """The groups below the total that somebody counted."""
        claims = (claim.cell for one in self.told for claim in one.claims)
        arrivals = (move.cell for one in self.told for move in one.arrivals)
        return {cell for cell in chain(claims, arrivals) if cell != TOTAL}

    def _speaking(self, cell: Cell) -> Sequence[Told]:
        """Who is heard of a cell. Of a level the latest moment for which somebody gave it speaks,
        of whichever origin, and what was said of its parts since.
        """
        if not self.varies:
            return self.told
        claims = [claim for one in self.told for claim in one.claims if cell <= claim.cell]
        given = [claim for claim in claims if claim.cell == cell and is_base(claim)]
        latest_us = max((claim.rank.effective_us for claim in given or claims), default=0)
        return [one.since(latest_us) for one in self.told]
