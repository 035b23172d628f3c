"""Casualties: who was harmed, how many, according to whom (DOMAIN.md §5)."""

from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from typing import NamedTuple, cast

from msgspec import Struct

from service.domain.aspect import Aspect, Slot
from service.domain.claims import Claim, Said, claim_of, count_slot, origin_says
from service.domain.derived import Derived
from service.domain.group import EVERYONE, TOTAL, Group, Scope
from service.domain.quantity import Number, Quantity, Words
from service.domain.reconcile import (
    UNREPORTED,
    Figure,
    GroupFigure,
    across_origins,
    group_figures,
)
from service.domain.report import Origin, Report, Standing, Target


class Harm(StrEnum):
    KILLED = "killed"
    INJURED = "injured"
    MISSING = "missing"
    CAPTURED = "captured"
    DISPLACED = "displaced"
    UNSPECIFIED = "unspecified"


class CasualtiesReported(Report, frozen=True, kw_only=True, tag="casualties"):
    """An origin gave a count of people harmed."""

    harm: Harm
    quantity: Quantity | Words
    group: Group = EVERYONE
    scope: Scope | None = None
    additional_to: tuple[Target, ...] = ()


class CasualtyOutcomeChanged(
    Report, frozen=True, kw_only=True, tag="casualty_outcome", rename={"from_": "from"}
):
    """An origin said that people counted under one harm came under another: moved, never counted
    twice.
    """

    from_: Harm
    to: Harm
    quantity: Quantity | Words
    group: Group = EVERYONE


class Toll(Figure, frozen=True, kw_only=True):
    """One harm: everyone, and each group that was counted."""

    by_group: tuple[GroupFigure, ...] = ()


NOBODY = Toll(**{name: getattr(UNREPORTED, name) for name in Figure.__struct_fields__})


class Affected(Struct, frozen=True, kw_only=True):
    """People killed, injured, missing, captured or harmed in a way not said: at least so many."""

    low: Number
    because: tuple[int, ...]


class Casualties(Struct, frozen=True, kw_only=True):
    killed: Toll
    injured: Toll
    missing: Toll
    captured: Toll
    displaced: Toll
    unspecified: Toll
    affected: Affected


def slot(report: Report, origin: Origin, version: int) -> Slot | None:
    match report:
        case CasualtiesReported():
            what = (origin.key, "casualties", report.harm)
            return count_slot(what, report.group, report.scope, version)
        case CasualtyOutcomeChanged():
            return (origin.key, "casualty_outcome", str(version))
    return None


def part(report: Report) -> str:
    """One harm. A change of outcome speaks of two, so of casualties as a whole."""
    return f"casualties.{report.harm}" if isinstance(report, CasualtiesReported) else "casualties"


ASPECT = Aspect(
    name="casualties",
    reports=(CasualtiesReported, CasualtyOutcomeChanged),
    slot=slot,
    part=part,
)


class _Counted(NamedTuple):
    """One origin's claims about one harm, and what they say of everyone."""

    claims: tuple[Claim, ...]
    said: Said


class _Harmed(NamedTuple):
    """One harm's toll, and what each origin says of everyone."""

    toll: Toll
    said: tuple[Said, ...]


def casualties(standing: Sequence[Standing], derived: Derived) -> Casualties:
    """Every harm's toll, and how many people are affected at least."""
    told: dict[Harm, list[Standing]] = {harm: [] for harm in Harm}
    for held in standing:
        if isinstance(held.report, CasualtiesReported):
            told[held.report.harm].append(held)
    harmed = {
        harm: derived.of(f"casualties.{harm}", tuple(reports), partial(_harmed, harm, derived))
        for harm, reports in told.items()
    }
    tolls = {str(harm): held.toll for harm, held in harmed.items()}
    return Casualties(**tolls, affected=_affected(harmed))


def _harmed(harm: Harm, derived: Derived, standing: tuple[Standing, ...]) -> _Harmed:
    """What the reports together say about one harm, cell by cell."""
    if not standing:
        return _Harmed(NOBODY, ())
    by_origin: defaultdict[str, list[Standing]] = defaultdict(list)
    for held in standing:
        by_origin[held.origin.key].append(held)
    counted = [
        derived.of(f"casualties.{harm}.{origin}", tuple(told), _counted)
        for origin, told in sorted(by_origin.items())
    ]
    said = tuple(one.said for one in counted)
    total = across_origins(said)
    toll = Toll(
        **{name: getattr(total, name) for name in Figure.__struct_fields__},
        by_group=group_figures([claim for one in counted for claim in one.claims]),
    )
    return _Harmed(toll, said)


def _counted(standing: tuple[Standing, ...]) -> _Counted:
    claims = tuple(_claim(held) for held in standing)
    return _Counted(claims, origin_says(claims, TOTAL))


def _affected(harmed: dict[Harm, _Harmed]) -> Affected:
    """The highest sum of one origin's floors: only its own harms are surely disjoint."""
    sums: dict[str, tuple[int, tuple[int, ...]]] = {}
    for harm, held in harmed.items():
        if harm is Harm.DISPLACED:
            continue
        for said in held.said:
            low, because = sums.get(said.origin.key, (0, ()))
            sums[said.origin.key] = (low + int(said.low), (*because, *said.because))
    low, because = max(sums.values(), key=lambda total: total[0], default=(0, ()))
    return Affected(low=low, because=tuple(sorted(because)))


def _claim(held: Standing) -> Claim:
    report = cast(CasualtiesReported, held.report)
    return claim_of(held, report.quantity, report.group, report.scope)
