"""Editorial acts: what the desk does about reports (DOMAIN.md §2, §3). They too are reports."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct

from service.domain.aspect import Aspect, Slot
from service.domain.moments import read_span
from service.domain.paths import figure_path, read_figure_path
from service.domain.quantity import Quantity, Words
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


class FigureAdjudicated(Report, frozen=True, kw_only=True, tag="adjudication"):
    """The desk settled a figure, until a newer report touches it (DOMAIN.md §5.8)."""

    path: str
    quantity: Quantity | Words
    rationale: str


class Audience(StrEnum):
    """Who may read. The desk is whoever may write."""

    PUBLIC = "public"
    DESK = "desk"


class MarkingApplied(Report, frozen=True, kw_only=True, tag="marking"):
    """The desk said who may read reports, from when on, and what is delicate about them."""

    targets: tuple[Target, ...]
    embargo_until: str | None = None
    sensitivity: tuple[str, ...] = ()
    audience: Audience | None = None


class PersonalDataErased(Report, frozen=True, kw_only=True, tag="erasure"):
    """The words of the targets are gone for good, and stand for nothing, at any moment.

    A report and its corrections go together: what was corrected does not come back.
    """

    targets: tuple[Target, ...]
    reason: str | None = None


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


class Marking(Struct, frozen=True, kw_only=True):
    """Who may read the targets, from when on, and what is delicate about them."""

    targets: tuple[int, ...]
    by: int
    embargo_until: str | None
    sensitivity: tuple[str, ...]
    audience: str | None


class Erasure(Struct, frozen=True, kw_only=True):
    """Reports whose words are gone."""

    targets: tuple[int, ...]
    by: int
    reason: str | None


class Editorial(Struct, frozen=True, kw_only=True):
    corrections: tuple[Correction, ...]
    retractions: tuple[Retraction, ...]
    disputed: tuple[Remark, ...]
    endorsed: tuple[Remark, ...]
    markings: tuple[Marking, ...]
    erasures: tuple[Erasure, ...]


def slot(report: Report, origin: Origin, version: int) -> Slot | None:
    """Each act stands for itself; of one figure's adjudications the latest stands."""
    if isinstance(report, FigureAdjudicated):
        return ("adjudication", settled_path(report))
    return ("editorial", str(version))


def part(report: Report) -> str:
    """An adjudication speaks of what is counted, whichever group it settles."""
    if isinstance(report, FigureAdjudicated):
        found = read_figure_path(report.path)
        return report.path if found is None else found.whole
    return "editorial"


def settled_path(report: FigureAdjudicated) -> str:
    """The path of a figure in the form that it has everywhere else."""
    found = read_figure_path(report.path)
    return report.path if found is None else figure_path(found)


DESK_ACTS = (
    *(ReportCorrected, ReportRetracted, FigureAdjudicated, MarkingApplied),
    PersonalDataErased,
)
"""What the desk does about reports; remarks are an origin's own words."""

ASPECT = Aspect(
    name="editorial",
    reports=(*DESK_ACTS, ReportDisputed, ReportEndorsed),
    slot=slot,
    part=part,
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
        markings=tuple(
            Marking(
                targets=held.refs.targets,
                by=held.version,
                embargo_until=held.report.embargo_until,
                sensitivity=held.report.sensitivity,
                audience=held.report.audience,
            )
            for held in standing
            if isinstance(held.report, MarkingApplied)
        ),
        erasures=tuple(
            Erasure(targets=held.refs.targets, by=held.version, reason=held.report.reason)
            for held in standing
            if isinstance(held.report, PersonalDataErased)
        ),
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
