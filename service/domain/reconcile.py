"""How counts of several origins become one figure (DOMAIN.md §5.4–5): for casualties and
measures.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct, structs

from service.domain.adjudication import Adjudication, Settled, adjudication
from service.domain.claims import Said
from service.domain.group import TOTAL, Cell, group_of
from service.domain.policies import Headline, Policy, headline
from service.domain.quantity import Number, tidy
from service.domain.tally import Tally
from service.domain.weighing import Weighed, weigh


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
    """What holds of one cell. Numbers of people or units; `high` None is open-ended.

    `rule` is the policy that in fact gave low, high and best: `range` where reports are disputed,
    `adjudicated` where the desk settled it.
    """

    low: Number
    high: Number | None
    best: Number | None
    status: str
    rule: str
    floor: Number
    cap: Number | None
    envelope: tuple[Number, Number | None]
    because: tuple[int, ...]
    origins: tuple[str, ...]
    disputes: tuple[Dispute, ...] = ()
    outdated: tuple[Outdated, ...] = ()
    adjudication: Adjudication | None = None


class GroupFigure(Figure, frozen=True, kw_only=True):
    group: dict[str, str]


UNREPORTED = Figure(
    low=0,
    high=None,
    best=None,
    status="unreported",
    rule="compatible",
    floor=0,
    cap=None,
    envelope=(0, None),
    because=(),
    origins=(),
)


def figure(
    tally: Tally,
    cell: Cell = TOTAL,
    policy: Policy = Policy.COMPATIBLE,
    settled: Settled | None = None,
) -> Figure:
    """The reconciled figure of one cell under a policy."""
    return across_origins(tally.said(cell), policy, settled, tally.touching(cell))


def group_figures(
    tally: Tally,
    policy: Policy = Policy.COMPATIBLE,
    settled: Mapping[Cell, Settled] | None = None,
) -> tuple[GroupFigure, ...]:
    """A figure for every group that some origin counted or the desk settled, the widest first."""
    desk = settled or {}
    cells = tally.cells() | {cell for cell in desk if cell != TOTAL}
    return tuple(
        as_group(cell, figure(tally, cell, policy, desk.get(cell)))
        for cell in sorted(cells, key=lambda cell: (len(cell), sorted(cell)))
    )


def as_group(cell: Cell, held: Figure) -> GroupFigure:
    return GroupFigure(group=group_of(cell), **fields_of(held))


def fields_of(held: Figure) -> dict[str, Any]:
    return {name: getattr(held, name) for name in Figure.__struct_fields__}


def across_origins(
    said: Sequence[Said],
    policy: Policy = Policy.COMPATIBLE,
    settled: Settled | None = None,
    touched: Iterable[int] = (),
    *,
    briefly: bool = False,
) -> Figure:
    """Floor, cap, envelope, disputes and status over what the origins say (DOMAIN.md §5.4–5), and
    what the desk made of it: `touched` are the reports of the cell, for an adjudication lapses when
    a newer one comes. `briefly` leaves untold who disputes it and who was overtaken.
    """
    held = _weighed(weigh(said), policy, briefly=briefly) if said else UNREPORTED
    if settled is None:
        return held
    reports = held if policy is Policy.COMPATIBLE else across_origins(said, briefly=True)
    ruling = adjudication(settled, touched, (reports.low, reports.high), reports.because)
    desk_speaks = policy is Policy.ADJUDICATED or (
        policy is Policy.COMPATIBLE and ruling.state == "in_force"
    )
    status = "adjudicated" if ruling.state == "in_force" else "needs_review"
    held = structs.replace(held, status=status, adjudication=ruling)
    if not desk_speaks:
        return held
    return structs.replace(
        held,
        low=ruling.low,
        high=ruling.high,
        best=ruling.best,
        rule=Policy.ADJUDICATED.value,
        because=(ruling.by,),
    )


def _weighed(weighed: Weighed, policy: Policy, *, briefly: bool) -> Figure:
    chosen: Headline = headline(policy, weighed)
    return Figure(
        low=tidy(chosen.low),
        high=_optional(chosen.high),
        best=_optional(chosen.best),
        status=_status(weighed.heard, disputed=bool(weighed.against)),
        rule=chosen.rule.value,
        floor=tidy(weighed.floor),
        cap=_optional(weighed.cap),
        envelope=(tidy(weighed.lowest), _optional(weighed.highest)),
        because=_because(chosen.carrying),
        origins=tuple(one.origin.key for one in weighed.heard),
        disputes=() if briefly else _disputes(weighed.carriers, weighed.against),
        outdated=() if briefly else _outdated(weighed.outdated),
    )


def _outdated(overtaken: Iterable[Said]) -> tuple[Outdated, ...]:
    return tuple(
        Outdated(origin=one.origin.key, low=tidy(one.low), high=tidy(one.high), because=one.because)
        for one in overtaken
        if one.high is not None
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


def _because(said: Iterable[Said]) -> tuple[int, ...]:
    return tuple(sorted({version for one in said for version in one.because}))


def _optional(value: Decimal | None) -> Number | None:
    return None if value is None else tidy(value)
