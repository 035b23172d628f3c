"""What the reports of an update may do to what was recorded before: every act's targets found, and
its rules held (DOMAIN.md §2, §3).
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, exists, select

from service.domain.casualties import CasualtiesReported
from service.domain.editorial import (
    DESK_ACTS,
    FigureAdjudicated,
    MarkingApplied,
    PersonalDataErased,
    ReportCorrected,
    ReportDisputed,
    ReportEndorsed,
    ReportRetracted,
    SaidSince,
    said_in,
)
from service.domain.figures import counts, counts_people, figure_at
from service.domain.lifecycle import IncidentMerged
from service.domain.moments import read_span
from service.domain.paths import read_figure_path
from service.domain.quantity import amount, is_whole
from service.domain.report import Refs, Report, origin_of, wire_type
from service.domain.reports import ASPECTS, EVENT_NAMES
from service.domain.situation import Situation
from service.domain.standing import replacement_of
from service.domain.update import NewUpdate, Writer
from service.errors import Fault, Forbidden, Refused
from service.roles import ACTS, CORRECTING_OTHERS, ROLES
from service.store.tables import events, incidents
from service.store.targets import CORRECTED, FIXED, Targets

_UNCORRECTED = {
    EVENT_NAMES[report]
    for aspect in ASPECTS
    for report in aspect.reports
    if aspect.name in {"lifecycle", "editorial"}
}
_told_on_as = select(incidents.c.merged_into).where(
    incidents.c.lane == bindparam("of_lane"), incidents.c.incident == bindparam("of_incident")
)


class Past(NamedTuple):
    """What an update comes upon: its incident, the version that its first report will have, when it
    counts as published, what holds so far (None in an incident that it opens), and the lanes of
    other incidents that it names.
    """

    connection: Connection
    lane: int
    incident: str
    first: int
    published_us: int
    held: Situation | None
    others: Mapping[str, int]


class Acts:
    """The rules that the reports of one update must keep."""

    def __init__(self, past: Past, update: NewUpdate) -> None:
        self._past = past
        self._update = update
        self._targets = Targets(past.connection, past.lane, past.incident, update, past.first)

    def refs(self, index: int, by: Writer) -> Refs:
        """The resolved targets of one report. Raises Refused with pointers, or Forbidden."""
        report = self._update.reports[index].report
        at = f"/reports/{index}"
        _refuse_role(by, wire_type(type(report)))
        find = self._targets.versions
        additional_to: tuple[int, ...] = ()
        targets: tuple[int, ...] = ()
        match report:
            case CasualtiesReported():
                additional_to = find(f"{at}/additional_to", index, report.additional_to)
            case ReportCorrected():
                targets = (self._corrected(f"{at}/target", index, report, by),)
            case ReportRetracted():
                targets = self._retracted(f"{at}/targets", index, report)
            case MarkingApplied():
                targets = find(f"{at}/targets", index, report.targets, whole_updates=True)
            case PersonalDataErased():
                targets = self._erased(f"{at}/targets", index, report)
            case ReportDisputed() | ReportEndorsed():
                targets = find(f"{at}/target", index, (report.target,))[:1]
            case FigureAdjudicated():
                self._refuse_no_figure(at, report)
            case IncidentMerged():
                self._refuse_no_merger(f"{at}/into", report)
        depends_on = find(f"{at}/depends_on", index, report.depends_on)
        if isinstance(report, FigureAdjudicated) and not depends_on:
            depends_on = self._carrying(report)
        return Refs(targets=targets, depends_on=depends_on, additional_to=additional_to)

    def _corrected(self, pointer: str, index: int, report: ReportCorrected, by: Writer) -> int:
        target = root = self._targets.pointed(self._targets.one(pointer, index, report.target))
        self._refuse_what_follows(pointer, index, (target.version,))
        while root.type == CORRECTED:
            root = self._targets.pointed(root.root)
        if root.is_erased:
            raise Refused(Fault(pointer, f"the words of event {target.version} were erased"))
        if root.type in _UNCORRECTED:
            raise Refused(
                Fault(pointer, f"event {target.version} ({target.type}) cannot be corrected")
            )
        becomes = EVENT_NAMES[type(replacement_of(report))]
        if becomes != root.type:
            detail = f"a {root.type} cannot be replaced by a {becomes}; retract it and report anew"
            raise Refused(Fault(pointer.replace("/target", "/replacement/type"), detail))
        if by.role not in CORRECTING_OTHERS.roles and self._update.publisher.key != root.publisher:
            raise Forbidden("correcting another publisher's report needs the role editor")
        return root.version

    def _retracted(self, pointer: str, index: int, report: ReportRetracted) -> tuple[int, ...]:
        if isinstance(report.targets, SaidSince):
            self._refuse_nothing_said(pointer, index, report.targets)
            return ()
        versions = self._targets.versions(pointer, index, report.targets, whole_updates=True)
        self._refuse_what_follows(pointer, index, versions)
        for version in versions:
            target = self._targets.pointed(version)
            if target.type in FIXED:
                raise Refused(
                    Fault(pointer, f"event {version} ({target.type}) cannot be retracted")
                )
        return versions

    def _erased(self, pointer: str, index: int, report: PersonalDataErased) -> tuple[int, ...]:
        """The reports whose words go, each with all of its corrections."""
        found: set[int] = set()
        for version in self._targets.versions(pointer, index, report.targets, whole_updates=True):
            if version >= self._past.first:
                raise Refused(Fault(pointer, f"event {version} comes with this very update"))
            target = self._targets.pointed(version)
            if target.keeps_effect:
                what = f"event {version} ({target.type})"
                raise Refused(Fault(pointer, f"{what} cannot be erased: its effect would go too"))
            found |= {version, target.root, *self._targets.corrections(target.root)}
        return tuple(sorted(found))

    def _refuse_what_follows(self, pointer: str, index: int, versions: Iterable[int]) -> None:
        """So corrections and retractions never go round in a circle."""
        if any(version > self._past.first + index for version in versions):
            detail = "comes later in this update: a correction or retraction follows its target"
            raise Refused(Fault(pointer, detail))

    def _refuse_nothing_said(self, pointer: str, index: int, scope: SaidSince) -> None:
        siblings = (told.report for told in self._update.reports[:index])
        if not any(self._is_said(sibling, scope) for sibling in siblings) and not self._recorded(
            scope
        ):
            who = f"origin {scope.origin}" if scope.origin else f"publisher {scope.publisher}"
            raise Refused(Fault(pointer, f"the {who} said nothing here since {scope.since}"))

    def _is_said(self, sibling: Report, scope: SaidSince) -> bool:
        """Whether a report that comes just before a retraction is within its scope."""
        return not isinstance(sibling, ReportRetracted) and said_in(
            scope,
            origin=origin_of(sibling, self._update.publisher).key,
            publisher=self._update.publisher.key,
            published_us=self._past.published_us,
        )

    def _recorded(self, scope: SaidSince) -> bool:
        source: ColumnElement[bool] = (
            events.c.publisher == scope.publisher
            if scope.origin is None
            else events.c.origin == scope.origin
        )
        found = exists().where(
            events.c.lane == self._past.lane,
            events.c.incident == self._past.incident,
            events.c.version < self._past.first,
            events.c.published_us >= read_span(scope.since).first_us,
            events.c.type.not_in(FIXED),
            source,
        )
        return bool(self._past.connection.execute(select(found)).scalar())

    def _refuse_no_figure(self, pointer: str, report: FigureAdjudicated) -> None:
        path = read_figure_path(report.path)
        held = self._past.held
        siblings = (told.report for told in self._update.reports)
        if path is None or not (
            (held is not None and figure_at(held, path) is not None)
            or any(counts(sibling, path) for sibling in siblings)
        ):
            detail = (
                f"{report.path!r} names no figure of this incident; write for example "
                "casualties.killed, casualties.killed.by_group[nationality=US] or "
                "overview.measures.rockets_fired"
            )
            raise Refused(Fault(f"{pointer}/path", detail))
        if counts_people(path) and not is_whole(amount(report.quantity)):
            raise Refused(Fault(f"{pointer}/quantity", "people are counted in whole numbers"))

    def _carrying(self, report: FigureAdjudicated) -> tuple[int, ...]:
        """The reports that carry a figure as the desk settles it: what a ruling stands on, where it
        does not say otherwise.
        """
        path, held = read_figure_path(report.path), self._past.held
        figure = None if path is None or held is None else figure_at(held, path)
        if figure is None:
            return ()
        before = figure.adjudication
        return figure.because if before is None else before.reports_say.because

    def _refuse_no_merger(self, pointer: str, report: IncidentMerged) -> None:
        into = report.into
        if into == self._past.incident:
            raise Refused(Fault(pointer, "an incident cannot be merged into itself"))
        place = {"of_lane": self._past.others[into], "of_incident": into}
        found = self._past.connection.execute(_told_on_as, place).first()
        if found is None:
            raise Refused(Fault(pointer, f"there is no incident {into}"))
        if found.merged_into is not None:
            raise Refused(Fault(pointer, f"{into} was itself merged into {found.merged_into}"))


def _refuse_role(by: Writer, act: str) -> None:
    may = ACTS.get(act)
    if may is not None and by.role not in may.roles:
        least = next(role for role in ROLES if role in may.roles)
        raise Forbidden(f"the report type {act} needs the role {least}")


def points_outside(update: NewUpdate) -> bool:
    """Whether a report of the update depends on what was recorded before it."""
    return any(_points(told.report) for told in update.reports)


def incidents_named(update: NewUpdate) -> list[str]:
    """The other incidents whose state an update depends on."""
    return [told.report.into for told in update.reports if isinstance(told.report, IncidentMerged)]


def _points(report: Report) -> bool:
    acts = (*DESK_ACTS, ReportDisputed, ReportEndorsed, IncidentMerged)
    return (
        isinstance(report, acts)
        or bool(report.depends_on)
        or (isinstance(report, CasualtiesReported) and bool(report.additional_to))
    )
