"""People who came from one harm under another: an injured person died (DOMAIN.md §3, §5).

A move acts on counts that are older than it; a newer count knows of it. It takes people out of what
every origin said before, for they are moved whoever counted them, and adds them to what its own
origin said.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from msgspec import Struct, structs

from service.domain.claims import Counted, Said
from service.domain.grading import Grade, grade_of, weakest
from service.domain.group import Cell, Group, cell_of, disjoint
from service.domain.quantity import Quantity, Words, amount
from service.domain.report import Origin, Rank, Standing


class Move(Struct, frozen=True, kw_only=True):
    """So many people of one group left a harm, or came under it."""

    origin: Origin
    cell: Cell
    low: Decimal
    high: Decimal | None
    best: Decimal | None
    rank: Rank
    version: int
    grade: Grade | None


def move_of(held: Standing, quantity: Quantity | Words, group: Group) -> Move:
    """A standing change of outcome, its words read as numbers."""
    counted = amount(quantity)
    return Move(
        origin=held.origin,
        cell=cell_of(group),
        low=counted.low,
        high=counted.high,
        best=counted.best,
        rank=held.rank,
        version=held.version,
        grade=grade_of(held.report.grading),
    )


def arrived(said: Said | None, cell: Cell, moves: Iterable[Move]) -> Said | None:
    """What an origin says of a cell after its own arrivals."""
    for move in sorted(moves, key=lambda move: move.rank):
        if disjoint(cell, move.cell):
            continue
        inside = cell <= move.cell
        if said is None:
            said = _only(move) if inside else None
        else:
            said = _with(said, move, inside=inside)
    return said


def departed(said: Said, cell: Cell, moves: Iterable[Move]) -> Said:
    """What an origin says of a cell after its own departures, or those that others told of."""
    from_here = [move for move in moves if not disjoint(cell, move.cell)]
    moves = sorted(_told_once(said, from_here), key=lambda move: move.rank)
    stayed = sum(one.low for one in said.counted if not any(_may_hold(one, move) for move in moves))
    for move in moves:
        said = _without(said, move, Decimal(stayed), inside=cell <= move.cell)
    return said


def no_fewer(said: Said, came: Said | None) -> Said:
    """What an origin says of a cell, where it is no fewer than those who it says came and stayed;
    a count below them contradicts itself.
    """
    if came is None or came.low <= said.low:
        return said
    because = tuple(sorted({*said.because, *came.because}))
    grade = weakest([said.grade, came.grade])
    if said.high is not None and said.high < came.low:
        return structs.replace(
            said, high=came.low, best=None, because=because, grade=grade, consistent=False
        )
    return structs.replace(
        said,
        low=came.low,
        best=said.best if said.best is not None and said.best >= came.low else None,
        floor_us=came.floor_us,
        because=because,
        grade=grade,
    )


def _told_once(said: Said, moves: Iterable[Move]) -> Sequence[Move]:
    """The moves that its own origin tells, else those of whoever tells of most, and of others about
    groups that share nobody with those: two that tell of a death may tell of the same one.
    """
    newer: defaultdict[str, list[Move]] = defaultdict(list)
    for move in moves:
        if _takes_from(said, move) or (said.high is not None and move.rank > said.high_since):
            newer[move.origin.key].append(move)
    if said.origin.key in newer:
        return newer[said.origin.key]
    told = [newer[origin] for origin in sorted(newer)]
    told.sort(key=lambda moves: sum(move.low for move in moves), reverse=True)
    once: list[Move] = []
    for others in told:
        apart = [m for m in others if all(disjoint(m.cell, taken.cell) for taken in once)]
        once += apart
    return once


def _adds_to(said: Said, move: Move) -> bool:
    """Whether a low lacks those who came: no count that they may be in knows of them."""
    return move.low > 0 and all(
        one.since < move.rank for one in said.counted if not disjoint(one.cell, move.cell)
    )


def _takes_from(said: Said, move: Move) -> bool:
    return any(_may_hold(one, move) for one in said.counted)


def _may_hold(one: Counted, move: Move) -> bool:
    """Whether a count may hold people who left since."""
    return one.since < move.rank and one.low > 0 and not disjoint(one.cell, move.cell)


def _only(move: Move) -> Said:
    """An origin that never counted knows of those who came, not of how many there were before."""
    return Said(
        origin=move.origin,
        low=move.low,
        high=None,
        best=None,
        floor_us=move.rank.effective_us,
        cap_us=move.rank.effective_us,
        because=(move.version,),
        counted=(Counted(move.cell, move.rank, move.low),),
        high_since=move.rank,
        whole=False,
        grade=move.grade,
    )


def _with(said: Said, move: Move, *, inside: bool) -> Said:
    bounded = said.high is not None or said.best is not None
    lifts = bounded and move.rank > said.high_since
    raises = inside and (lifts or said.high is None) and _adds_to(said, move)
    if not (raises or lifts):
        return said
    return structs.replace(
        said,
        low=said.low + move.low if raises else said.low,
        high=_sum(said.high, move.high),
        best=_sum(said.best, move.best) if inside else None,
        floor_us=max(said.floor_us, move.rank.effective_us) if raises else said.floor_us,
        cap_us=max(said.cap_us, move.rank.effective_us) if lifts else said.cap_us,
        because=_because(said, move),
        grade=weakest([said.grade, move.grade]),
    )


def _without(said: Said, move: Move, stayed: Decimal, *, inside: bool) -> Said:
    lowers = _takes_from(said, move)
    caps = inside and move.rank > said.high_since and said.high is not None and move.low > 0
    if not (lowers or caps):
        return said
    low, high, best = said.low, said.high, said.best
    if lowers:
        low = stayed if move.high is None else max(low - move.high, stayed)
    if caps and high is not None:
        high = max(high - move.low, low)
    best = best - move.best if inside and best is not None and move.best is not None else None
    fits = best is not None and low <= best and (high is None or best <= high)
    return structs.replace(
        said,
        low=low,
        high=high,
        best=best if fits else None,
        because=_because(said, move),
        grade=weakest([said.grade, move.grade]),
    )


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one + other


def _because(said: Said, move: Move) -> tuple[int, ...]:
    return tuple(sorted({*said.because, move.version}))
