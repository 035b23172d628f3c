"""Casualties: who was harmed, how many, according to whom (DOMAIN.md §5)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import partial
from typing import NamedTuple, cast

from msgspec import Struct

from service.domain.adjudication import settled_cells
from service.domain.aspect import Aspect, Slot
from service.domain.claims import Claim, Said, claim_of, count_slot
from service.domain.derived import Derived, Reports
from service.domain.editorial import FigureAdjudicated
from service.domain.group import EVERYONE, TOTAL, Group, Scope
from service.domain.moves import Move, move_of
from service.domain.policies import Policy
from service.domain.quantity import Number, Quantity, Words
from service.domain.reconcile import (
    UNREPORTED,
    Figure,
    GroupFigure,
    across_origins,
    fields_of,
    group_figures,
)
from service.domain.report import Origin, Report, Standing, Target
from service.domain.tally import Tally, Told

AFFECTED = "casualties.affected"


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


NOBODY = Toll(**fields_of(UNREPORTED))


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
            return count_slot(what, report.modality, report.group, report.scope, version)
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
    """What one origin tells of one harm, and what that says of everyone: with people whom others
    saw leaving, and without.
    """

    told: Told
    said: Said | None
    alone: Said | None


class _Harmed(NamedTuple):
    """One harm's toll, and what each origin alone says of everyone."""

    toll: Toll
    said: tuple[Said, ...]


def casualties(
    standing: Sequence[Standing],
    derived: Derived,
    policy: Policy = Policy.COMPATIBLE,
    settled: Mapping[str, Reports] | None = None,
) -> Casualties:
    """Every harm's toll under a policy, and how many people are affected at least.

    `settled` are the desk's adjudications by the path of what they settle.
    """
    told: dict[Harm, list[Standing]] = {harm: [] for harm in Harm}
    for held in standing:
        match held.report:
            case CasualtiesReported():
                told[held.report.harm].append(held)
            case CasualtyOutcomeChanged(is_told=True):
                told[held.report.from_].append(held)
                told[held.report.to].append(held)
    harmed = {}
    for harm, reports in told.items():
        acts = (settled or {}).get(f"casualties.{harm}", ())
        harmed[harm] = derived.of(
            f"casualties.{harm}",
            (*reports, *acts),
            partial(_harmed, harm, derived, policy),
        )
    tolls = {str(harm): held.toll for harm, held in harmed.items()}
    return Casualties(**tolls, affected=_affected(harmed))


def _harmed(harm: Harm, derived: Derived, policy: Policy, standing: Reports) -> _Harmed:
    """What the reports together say about one harm, cell by cell."""
    if not standing:
        return _Harmed(NOBODY, ())
    by_origin: defaultdict[str, list[Standing]] = defaultdict(list)
    leaving: list[Standing] = []
    for held in standing:
        if isinstance(held.report, CasualtyOutcomeChanged) and held.report.from_ is harm:
            leaving.append(held)
        elif not isinstance(held.report, FigureAdjudicated):
            by_origin[held.origin.key].append(held)
    counted = [
        derived.of(f"casualties.{harm}.{origin}", (*told, *leaving), partial(_counted, harm))
        for origin, told in sorted(by_origin.items())
    ]
    tally = Tally([one.told for one in counted], [_move(held) for held in leaving])
    desk = settled_cells(standing)
    said = [one.said for one in counted if one.said is not None]
    total = across_origins(said, policy, desk.get(TOTAL), tally.touching(TOTAL))
    toll = Toll(**fields_of(total), by_group=group_figures(tally, policy, desk))
    return _Harmed(toll, tuple(one.alone for one in counted if one.alone is not None))


def _counted(harm: Harm, standing: Reports) -> _Counted:
    told = told_of_harm(harm, standing)
    departures = departures_from(harm, standing)
    who = next(held.origin.key for held in standing if not _leaves(held, harm))
    own = [move for move in departures if move.origin.key == who]
    said = told.said(TOTAL, departures)
    return _Counted(told, said, said if own == departures else told.said(TOTAL, own))


def told_of_harm(harm: Harm, standing: Iterable[Standing]) -> Told:
    """One origin's counts of a harm, and whom it says came under it."""
    claims: list[Claim] = []
    uncounted: list[Claim] = []
    arrivals = []
    for held in standing:
        match held.report:
            case CasualtiesReported(quantity=quantity, group=group, scope=scope):
                told = claims if held.report.is_told else uncounted
                told.append(claim_of(held, quantity, group, scope))
            case CasualtyOutcomeChanged(to=to) if to is harm:
                arrivals.append(_move(held))
    return Told(tuple(claims), tuple(arrivals), tuple(uncounted))


def departures_from(harm: Harm, standing: Iterable[Standing]) -> list[Move]:
    """The people who left a harm, by whichever origin's word."""
    return [_move(held) for held in standing if _leaves(held, harm)]


def _leaves(held: Standing, harm: Harm) -> bool:
    return isinstance(held.report, CasualtyOutcomeChanged) and held.report.from_ is harm


def _move(held: Standing) -> Move:
    report = cast(CasualtyOutcomeChanged, held.report)
    return move_of(held, report.quantity, report.group)


def _affected(harmed: dict[Harm, _Harmed]) -> Affected:
    """The highest sum of one origin's floors, for only its own harms are surely disjoint; or what
    the desk settled, where that is more. Nobody is heard above what the desk settled.
    """
    sums: dict[str, tuple[int, tuple[int, ...]]] = {}
    for harm, held in harmed.items():
        if harm is Harm.DISPLACED:
            continue
        ruling = held.toll.adjudication
        settled = ruling if ruling is not None and ruling.state == "in_force" else None
        for said in held.said:
            own, carrying = int(said.low), said.because
            if settled is not None and settled.high is not None and own > settled.high:
                own, carrying = int(settled.high), (settled.by,)
            low, because = sums.get(said.origin.key, (0, ()))
            sums[said.origin.key] = (low + own, (*because, *carrying))
        if settled is not None:
            sums[f"adjudication {settled.by}"] = (int(settled.low), (settled.by,))
    low, because = max(sums.values(), key=lambda total: total[0], default=(0, ()))
    return Affected(low=low, because=tuple(sorted(set(because))))
