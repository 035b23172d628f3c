"""How counts of several origins become one figure (DOMAIN.md §5.4–5): for casualties and
measures.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from msgspec import Struct

from service.domain.claims import Claim, Said, within_origins
from service.domain.group import TOTAL, Cell, group_of
from service.domain.quantity import Number, tidy


class Limit(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One side of a dispute: who says at least `low`, or at most `high`."""

    origin: str
    low: Number | None = None
    high: Number | None = None
    because: tuple[int, ...]


class Dispute(Struct, frozen=True, kw_only=True):
    floor: Limit
    cap: Limit


class Outdated(Struct, frozen=True, kw_only=True):
    """A report overtaken by events: true when it was said."""

    origin: str
    low: Number
    high: Number
    because: tuple[int, ...]


class Figure(Struct, frozen=True, kw_only=True):
    """What holds of one cell. Numbers of people or units; `high` None is open-ended."""

    low: Number
    high: Number | None
    best: Number | None
    status: str
    floor: Number
    cap: Number | None
    envelope: tuple[Number, Number | None]
    because: tuple[int, ...]
    origins: tuple[str, ...]
    disputes: tuple[Dispute, ...] = ()
    outdated: tuple[Outdated, ...] = ()


class GroupFigure(Figure, frozen=True, kw_only=True):
    group: dict[str, str]


UNREPORTED = Figure(
    low=0,
    high=None,
    best=None,
    status="unreported",
    floor=0,
    cap=None,
    envelope=(0, None),
    because=(),
    origins=(),
)


def figure(claims: Iterable[Claim], cell: Cell = TOTAL) -> Figure:
    """The reconciled figure of one cell under the policy `compatible`."""
    return across_origins(within_origins(claims, cell))


def group_figures(claims: Sequence[Claim]) -> tuple[GroupFigure, ...]:
    """A figure for every group that some origin counted, the widest groups first."""
    cells = {claim.cell for claim in claims if claim.cell != TOTAL}
    ordered = sorted(cells, key=lambda cell: (len(cell), sorted(cell)))
    return tuple(
        GroupFigure(
            group=group_of(cell),
            **{name: getattr(held, name) for name in Figure.__struct_fields__},
        )
        for cell in ordered
        for held in [figure(claims, cell)]
    )


def across_origins(said: Sequence[Said]) -> Figure:
    """Floor, cap, envelope, disputes and status over what the origins say (DOMAIN.md §5.4–5)."""
    if not said:
        return UNREPORTED
    floor = max(one.low for one in said)
    carriers = [one for one in said if one.low == floor]
    reached_us = min(one.floor_us for one in carriers)
    below = [one for one in said if one.high is not None and one.high < floor]
    outdated = [one for one in below if one.cap_us < reached_us]
    against = [one for one in below if one.cap_us >= reached_us]
    heard = [one for one in said if one not in outdated]
    binding = [one for one in heard if one.high is not None and one.cap_us >= reached_us]
    cap = min((one.high for one in binding if one.high is not None), default=None)
    lowest = min(one.low for one in heard)
    highest = _highest(heard)
    low, high = (lowest, highest) if against else (floor, cap)
    best = None if against else _best(heard, low, high)
    carrying = [*carriers, *against, *(one for one in binding if one.high == cap)]
    if against:
        carrying += [one for one in heard if one.low == lowest or one.high == highest]
    if best is not None:
        carrying.append(best)
    return Figure(
        low=tidy(low),
        high=_optional(high),
        best=_optional(None if best is None else best.best),
        status=_status(heard, disputed=bool(against)),
        floor=tidy(floor),
        cap=_optional(cap),
        envelope=(tidy(lowest), _optional(highest)),
        because=_because(carrying),
        origins=tuple(one.origin.key for one in heard),
        disputes=_disputes(carriers, against),
        outdated=tuple(
            Outdated(
                origin=one.origin.key,
                low=tidy(one.low),
                high=tidy(one.high),
                because=one.because,
            )
            for one in outdated
            if one.high is not None
        ),
    )


def _status(heard: Sequence[Said], *, disputed: bool) -> str:
    if disputed:
        return "disputed"
    if not all(one.consistent for one in heard):
        return "inconsistent"
    if len({one.origin.voice for one in heard}) == 1:
        return "single_origin"
    if len({(one.low, one.high) for one in heard}) == 1:
        return "agreed"
    return "compatible"


def _disputes(carriers: Sequence[Said], against: Sequence[Said]) -> tuple[Dispute, ...]:
    """Every origin below the floor, against the one that carries the floor with the latest word."""
    leading = max(carriers, key=lambda one: (one.floor_us, max(one.because)))
    return tuple(
        Dispute(
            floor=Limit(origin=leading.origin.key, low=tidy(leading.low), because=leading.because),
            cap=Limit(origin=one.origin.key, high=_optional(one.high), because=one.because),
        )
        for one in against
    )


def _best(heard: Sequence[Said], low: Decimal, high: Decimal | None) -> Said | None:
    """The latest point figure that some source gave and that lies within the headline.

    A disputed figure has none: its best would take a side.
    """
    fitting = [
        one
        for one in heard
        if one.best is not None and low <= one.best and (high is None or one.best <= high)
    ]
    return max(fitting, key=lambda one: (one.cap_us, max(one.because)), default=None)


def _highest(heard: Sequence[Said]) -> Decimal | None:
    highs = [one.high for one in heard]
    closed = [high for high in highs if high is not None]
    return max(closed) if len(closed) == len(highs) else None


def _because(said: Iterable[Said]) -> tuple[int, ...]:
    return tuple(sorted({version for one in said for version in one.because}))


def _optional(value: Decimal | None) -> Number | None:
    return None if value is None else tidy(value)
