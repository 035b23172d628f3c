"""Casualties: who was harmed, how many, according to whom (DOMAIN.md §5)."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from service.domain.aspect import Aspect, Slot
from service.domain.claims import Claim, claim_of, count_slot, within_origins
from service.domain.group import EVERYONE, TOTAL, Group, Scope
from service.domain.quantity import Number, Quantity, Words
from service.domain.reconcile import UNREPORTED, Figure, GroupFigure, figure, group_figures
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


class Toll(Figure, frozen=True, kw_only=True):
    """One harm: everyone, and each group that was counted."""

    by_group: tuple[GroupFigure, ...] = ()


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
    if not isinstance(report, CasualtiesReported):
        return None
    what = (origin.key, "casualties", report.harm)
    return count_slot(what, report.group, report.scope, version)


ASPECT = Aspect(name="casualties", reports=(CasualtiesReported,), slot=slot)


def casualties(standing: Sequence[Standing]) -> Casualties:
    """Every harm's toll, and how many people are affected at least."""
    claims: dict[Harm, list[Claim]] = {harm: [] for harm in Harm}
    for held in standing:
        if isinstance(held.report, CasualtiesReported):
            report = held.report
            claims[report.harm].append(claim_of(held, report.quantity, report.group, report.scope))
    tolls = {str(harm): toll(told) for harm, told in claims.items()}
    return Casualties(**tolls, affected=_affected(claims))


def toll(claims: Sequence[Claim]) -> Toll:
    """What the claims together say about one harm, cell by cell."""
    total = figure(claims, TOTAL) if claims else UNREPORTED
    return Toll(
        **{name: getattr(total, name) for name in Figure.__struct_fields__},
        by_group=group_figures(claims),
    )


def _affected(claims: dict[Harm, list[Claim]]) -> Affected:
    """The highest sum of one origin's floors: its harms are disjoint, those of several origins
    need not be.
    """
    sums: dict[str, tuple[Number, tuple[int, ...]]] = {}
    for harm, told in claims.items():
        if harm is Harm.DISPLACED:
            continue
        for said in within_origins(told, TOTAL):
            low, because = sums.get(said.origin.key, (0, ()))
            sums[said.origin.key] = (low + int(said.low), (*because, *said.because))
    low, because = max(sums.values(), key=lambda total: total[0], default=(0, ()))
    return Affected(low=low, because=tuple(sorted(because)))
