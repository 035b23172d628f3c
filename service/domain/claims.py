"""What one origin's counts say of a cell: its latest word, its parts, its additions (DOMAIN.md
§5.1–3).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct, structs

from service.domain.aspect import Slot
from service.domain.disjoint import largest_disjoint
from service.domain.grading import Grade, grade_of, weakest
from service.domain.group import TOTAL, Cell, Group, Scope, cell_of, scope_of
from service.domain.quantity import Quantity, Words, amount
from service.domain.report import SUPPOSED, Modality, Origin, Rank, Standing

NEVER = Rank(2**63, 0, 0)
"""Later than any report."""


class Claim(Struct, frozen=True, kw_only=True):
    """One standing count of one origin about one cell."""

    origin: Origin
    cell: Cell
    scope: Scope
    low: Decimal
    high: Decimal | None
    best: Decimal | None
    rank: Rank
    version: int
    additional_to: tuple[int, ...] = ()
    grade: Grade | None = None


class Counted(NamedTuple):
    """A group of whom an origin counted at least `low`, and the word since which they are."""

    cell: Cell
    since: Rank
    low: Decimal


class Said(Struct, frozen=True, kw_only=True):
    """All that one origin's standing claims say of one cell.

    `floor_us` is the moment from which its low holds, `cap_us` the one from which its high speaks.
    `counted` tells whom its low counts, group by group: who was moved since is not yet in it; who
    was moved after `high_since`, not in its high. `whole` tells whether it counted this cell, and
    not only parts of it or people on top. `grade` is the weakest one among the reports behind it.
    """

    origin: Origin
    low: Decimal
    high: Decimal | None
    best: Decimal | None
    floor_us: int
    cap_us: int
    because: tuple[int, ...]
    counted: tuple[Counted, ...]
    high_since: Rank
    whole: bool = True
    consistent: bool = True
    grade: Grade | None = None


def claim_of(
    held: Standing, quantity: Quantity | Words, group: Group, scope: Scope | None
) -> Claim:
    """A standing count, its words read as numbers."""
    counted = amount(quantity)
    return Claim(
        origin=held.origin,
        cell=cell_of(group),
        scope=scope_of(scope, group),
        low=counted.low,
        high=counted.high,
        best=counted.best,
        rank=held.rank,
        version=held.version,
        additional_to=held.refs.additional_to,
        grade=grade_of(held.report.grading),
    )


def count_slot(
    what: Slot, modality: Modality | None, group: Group, scope: Scope | None, version: int
) -> Slot:
    """Where a count stands: by cell and scope; additional counts supersede nothing, conditional and
    planned ones only their like.
    """
    supposed = (modality.value,) if modality in SUPPOSED else ()
    told = scope_of(scope, group)
    own = (str(version),) if told is Scope.ADDITIONAL else ()
    parts = (part for pair in sorted(cell_of(group)) for part in pair)
    return (*what, *supposed, told, *own, *parts)


def is_base(claim: Claim) -> bool:
    """Whether it counts its cell, and neither a part that was not told nor people on top."""
    return claim.scope is Scope.WHOLE or (claim.scope is Scope.PART and claim.cell != TOTAL)


def origin_says(claims: Sequence[Claim], cell: Cell) -> Said:
    """One origin's claims about a cell and its parts, as one interval (DOMAIN.md §5.3)."""
    said = _interval(claims, cell)
    behind = [claim.grade for claim in claims if claim.version in said.because]
    return structs.replace(said, grade=weakest(behind))


class _Count(Struct, frozen=True, kw_only=True):
    """One origin's own count of one cell, its additions included. `based` is false for additions
    alone.
    """

    low: Decimal
    high: Decimal | None
    best: Decimal | None
    rank: Rank
    since: Rank
    because: tuple[int, ...]
    based: bool


class _Sum(Struct, frozen=True, kw_only=True):
    low: Decimal
    at_us: int
    counted: tuple[Counted, ...]
    because: tuple[int, ...]


def _interval(claims: Sequence[Claim], cell: Cell) -> Said:
    counts = _own_counts(claims)
    own = counts.pop(cell, None)
    partial = _partial_total(claims) if cell == TOTAL else {}
    parts = _parts_sum({**partial, **counts})
    origin = claims[0].origin
    if own is None:
        return _at_least(origin, parts)
    if not own.based:
        return _on_top(origin, cell, own, parts)
    if own.high is None or parts.low <= own.high:
        return _raised(origin, cell, own, parts)
    known_then = {
        part: count
        for part, count in {**partial, **counts}.items()
        if count.rank.effective_us <= own.rank.effective_us
    }
    if _parts_sum(known_then).low > own.high:
        return Said(
            origin=origin,
            low=own.low,
            high=parts.low,
            best=None,
            floor_us=own.rank.effective_us,
            cap_us=max(own.rank.effective_us, parts.at_us),
            because=_merged(own.because, parts.because),
            counted=(Counted(cell, own.since, own.low),),
            high_since=min(part.since for part in parts.counted),
            consistent=False,
        )
    return _at_least(origin, parts)


def _at_least(origin: Origin, parts: _Sum) -> Said:
    """A floor that parts alone give: nobody said that there were no others."""
    return Said(
        origin=origin,
        low=parts.low,
        high=None,
        best=None,
        floor_us=parts.at_us,
        cap_us=parts.at_us,
        because=parts.because,
        counted=parts.counted,
        high_since=NEVER,
        whole=False,
    )


def _raised(origin: Origin, cell: Cell, own: _Count, parts: _Sum) -> Said:
    """A count whose floor its own parts may lift."""
    lifted = parts.low > own.low
    return Said(
        origin=origin,
        low=parts.low if lifted else own.low,
        high=own.high,
        best=own.best if own.best is not None and own.best >= parts.low else None,
        floor_us=parts.at_us if lifted else own.rank.effective_us,
        cap_us=own.rank.effective_us,
        because=_merged(own.because, parts.because) if lifted else own.because,
        counted=parts.counted if lifted else (Counted(cell, own.since, own.low),),
        high_since=own.since,
    )


def _on_top(origin: Origin, cell: Cell, added: _Count, parts: _Sum) -> Said:
    """Additional people on top of what the parts say; the whole was never given."""
    return Said(
        origin=origin,
        low=added.low + parts.low,
        high=None,
        best=None,
        floor_us=max(added.rank.effective_us, parts.at_us),
        cap_us=added.rank.effective_us,
        because=_merged(added.because, parts.because),
        counted=(Counted(cell, added.since, added.low), *parts.counted),
        high_since=added.since,
        whole=False,
    )


def _own_counts(claims: Sequence[Claim]) -> dict[Cell, _Count]:
    by_cell: defaultdict[Cell, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_cell[claim.cell].append(claim)
    counted = {cell: _own_count(told) for cell, told in by_cell.items()}
    return {cell: count for cell, count in counted.items() if count is not None}


def _own_count(claims: Sequence[Claim]) -> _Count | None:
    """The latest base count of a cell with the additions that came after it, or name it."""
    base = max(filter(is_base, claims), key=lambda claim: claim.rank, default=None)
    added = [
        claim
        for claim in claims
        if claim.scope is Scope.ADDITIONAL
        and (base is None or claim.rank > base.rank or base.rank.version in claim.additional_to)
    ]
    told = added if base is None else [base, *added]
    if not told:
        return None
    return _Count(
        low=sum((claim.low for claim in told), Decimal(0)),
        high=_total(claim.high for claim in told),
        best=_total(claim.best for claim in told),
        rank=max(claim.rank for claim in told),
        since=min(claim.rank for claim in told) if base is None else base.rank,
        because=tuple(sorted(claim.version for claim in told)),
        based=base is not None,
    )


def _partial_total(claims: Sequence[Claim]) -> dict[Cell, _Count]:
    """A part of the total whose group is not told: a floor, which no other part may be added to."""
    partial = [claim for claim in claims if claim.cell == TOTAL and claim.scope is Scope.PART]
    if not partial:
        return {}
    latest = max(partial, key=lambda claim: claim.rank)
    return {
        TOTAL: _Count(
            low=latest.low,
            high=None,
            best=None,
            rank=latest.rank,
            since=latest.rank,
            because=(latest.version,),
            based=True,
        )
    }


def _parts_sum(counts: Mapping[Cell, _Count]) -> _Sum:
    """What the parts come to at least: no two of them may share a person. Groups of whom nobody was
    counted add nothing, but were counted too.
    """
    cells = largest_disjoint({cell: count.low for cell, count in counts.items()})
    told = [counts[cell] for cell in cells]
    return _Sum(
        low=sum((count.low for count in told), Decimal(0)),
        at_us=max((count.rank.effective_us for count in told), default=0),
        counted=tuple(
            Counted(cell, count.since, count.low)
            for cell, count in counts.items()
            if cell in cells or count.low == 0
        ),
        because=_merged(*(count.because for count in told)),
    )


def _total(numbers: Iterable[Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    for number in numbers:
        if number is None:
            return None
        total += number
    return total


def _merged(*because: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted({version for versions in because for version in versions}))
