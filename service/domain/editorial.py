"""Editorial acts: what the desk does about reports (DOMAIN.md §2, §3). They too are reports."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct

from service.domain.aspect import Aspect, Slot
from service.domain.moments import read_span
from service.domain.report import Origin, Report, Standing, Target


class CorrectionKind(StrEnum):
    NUMBER = "number"
    PLACE = "place"
    TIME = "time"
    IDENTITY = "identity"
    ATTRIBUTION = "attribution"
    TRANSLATION = "translation"
    CODING = "coding"
    OTHER = "other"


class ReportCorrected(Report, frozen=True, kw_only=True, tag="correction"):
    """From now on `replacement` holds in the place of the target, for the same moment and
    origin.
    """

    target: Target
    kind: CorrectionKind
    kind_other: str | None = None
    replacement: Mapping[str, Any]
    note: str | None = None


class SaidSince(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Everything that one origin or one publisher said since a moment, by when it was published."""

    origin: str | None = None
    publisher: str | None = None
    since: str


class ReportRetracted(Report, frozen=True, kw_only=True, tag="retraction"):
    """From now on the targets do not stand. A scope reaches what the store held when it took
    this.
    """

    targets: tuple[Target, ...] | SaidSince
    reason: str | None = None


class ReportDisputed(Report, frozen=True, kw_only=True, tag="dispute"):
    """An origin contradicts a report without giving a figure of its own."""

    target: Target
    grounds: str | None = None


class ReportEndorsed(Report, frozen=True, kw_only=True, tag="endorsement"):
    """An origin stands behind a report."""

    target: Target
    grounds: str | None = None


class Correction(Struct, frozen=True, kw_only=True):
    """`target` is the report that was corrected first, also where a correction was corrected
    again.
    """

    target: int
    by: int
    kind: str
    note: str | None


class Retraction(Struct, frozen=True, kw_only=True):
    targets: tuple[int, ...]
    said_since: SaidSince | None
    by: int
    reason: str | None


class Remark(Struct, frozen=True, kw_only=True):
    """An origin disputes or endorses a report."""

    target: int
    by: int
    origin: str
    grounds: str | None


class Editorial(Struct, frozen=True, kw_only=True):
    corrections: tuple[Correction, ...]
    retractions: tuple[Retraction, ...]
    disputed: tuple[Remark, ...]
    endorsed: tuple[Remark, ...]


def slot(report: Report, origin: Origin, version: int) -> Slot | None:
    """Each act stands for itself."""
    return ("editorial", str(version))


ASPECT = Aspect(
    name="editorial",
    reports=(ReportCorrected, ReportRetracted, ReportDisputed, ReportEndorsed),
    slot=slot,
)


def editorial(standing: Sequence[Standing]) -> Editorial:
    return Editorial(
        corrections=tuple(
            Correction(
                target=held.refs.targets[0],
                by=held.version,
                kind=held.report.kind,
                note=held.report.note,
            )
            for held in standing
            if isinstance(held.report, ReportCorrected)
        ),
        retractions=tuple(
            _retraction(held, held.report)
            for held in standing
            if isinstance(held.report, ReportRetracted)
        ),
        disputed=_remarks(standing, ReportDisputed),
        endorsed=_remarks(standing, ReportEndorsed),
    )


def said_in(scope: SaidSince, *, origin: str, publisher: str, published_us: int) -> bool:
    """Whether a retraction's scope reaches a report."""
    by_it = scope.origin == origin if scope.origin is not None else scope.publisher == publisher
    return by_it and published_us >= read_span(scope.since).first_us


def _retraction(held: Standing, report: ReportRetracted) -> Retraction:
    scope = report.targets if isinstance(report.targets, SaidSince) else None
    return Retraction(
        targets=held.refs.targets, said_since=scope, by=held.version, reason=report.reason
    )


def _remarks(
    standing: Sequence[Standing], kind: type[ReportDisputed | ReportEndorsed]
) -> tuple[Remark, ...]:
    return tuple(
        Remark(
            target=held.refs.targets[0],
            by=held.version,
            origin=held.origin.key,
            grounds=held.report.grounds,
        )
        for held in standing
        if isinstance(held.report, kind)
    )
