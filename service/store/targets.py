"""What a report points at: versions, event ids, sibling keys, `<update_id>#<key>` and whole
updates.
"""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from sqlalchemy import Connection, Row, bindparam, select

from service.domain.casualties import CasualtiesReported
from service.domain.editorial import (
    DESK_ACTS,
    FigureAdjudicated,
    MarkingApplied,
    ReportCorrected,
    ReportDisputed,
    ReportEndorsed,
    ReportRetracted,
    SaidSince,
)
from service.domain.lifecycle import IncidentMerged
from service.domain.report import Refs, Report, Target, wire_type
from service.domain.reports import ASPECTS, EVENT_NAMES
from service.domain.standing import replacement_of
from service.domain.update import NewReport, NewUpdate, Writer
from service.errors import Fault, Forbidden, Refused
from service.store.sealing import read_payload, read_refs, read_report, uuid_bytes
from service.store.tables import events, payloads, updates

EDITORS = {"editor", "admin"}
DESK_ONLY = (ReportRetracted, FigureAdjudicated, MarkingApplied, IncidentMerged)
_FIXED = {"incident_opened", "report_retracted"}
_UNCORRECTED = {
    EVENT_NAMES[report]
    for aspect in ASPECTS
    for report in aspect.reports
    if aspect.name in {"lifecycle", "editorial"}
} - {EVENT_NAMES[ReportCorrected]}

_by_version = select(events.c.version, events.c.type, events.c.publisher, events.c.refs).where(
    events.c.lane == bindparam("of_lane"),
    events.c.incident == bindparam("of_incident"),
    events.c.version == bindparam("version"),
)
_by_event_id = select(events.c.version).where(
    events.c.lane == bindparam("of_lane"),
    events.c.incident == bindparam("of_incident"),
    events.c.event_id == bindparam("event_id"),
)
_by_update_id = select(updates.c.first_version, updates.c.version).where(
    updates.c.lane == bindparam("of_lane"),
    updates.c.incident == bindparam("of_incident"),
    updates.c.update_id == bindparam("update_id"),
)
_told_in = (
    select(events.c.version, payloads.c.body)
    .join(payloads, (payloads.c.lane == events.c.lane) & (payloads.c.event_id == events.c.event_id))
    .where(
        events.c.lane == bindparam("of_lane"),
        events.c.incident == bindparam("of_incident"),
        events.c.version.between(bindparam("first"), bindparam("last")),
    )
)


class Pointed(Struct, frozen=True, kw_only=True):
    """An event that a report points at. `root` is the report that a correction stands for."""

    version: int
    type: str
    publisher: str
    root: int


class Resolver:
    """Finds the targets of one update among the events of its incident and its own reports."""

    def __init__(
        self, connection: Connection, lane: int, incident: str, update: NewUpdate, first: int
    ) -> None:
        self._connection = connection
        self._place = {"of_lane": lane, "of_incident": incident}
        self._first = first
        self._update = update
        self._siblings: Mapping[str, int] = {
            told.report.key: first + index
            for index, told in enumerate(update.reports)
            if told.report.key is not None
        }

    def refs(self, index: int, by: Writer) -> Refs:
        """The resolved targets of one report. Raises Refused with pointers, or Forbidden."""
        report = self._update.reports[index].report
        at = f"/reports/{index}"
        if isinstance(report, DESK_ONLY) and by.role not in EDITORS:
            raise Forbidden(f"a {wire_type(type(report))} needs the role editor")
        depends_on = self._versions(f"{at}/depends_on", index, report.depends_on)
        additional_to: tuple[int, ...] = ()
        targets: tuple[int, ...] = ()
        match report:
            case CasualtiesReported():
                additional_to = self._versions(f"{at}/additional_to", index, report.additional_to)
            case ReportCorrected():
                targets = (self._corrected(f"{at}/target", index, report, by),)
            case ReportRetracted():
                targets = self._retracted(f"{at}/targets", index, report)
            case MarkingApplied():
                targets = self._versions(f"{at}/targets", index, report.targets)
            case ReportDisputed() | ReportEndorsed():
                targets = self._versions(f"{at}/target", index, (report.target,))[:1]
        return Refs(targets=targets, depends_on=depends_on, additional_to=additional_to)

    def _corrected(self, pointer: str, index: int, report: ReportCorrected, by: Writer) -> int:
        target = self._pointed(self._one(pointer, index, report.target))
        if target.type in _UNCORRECTED:
            raise Refused(
                Fault(pointer, f"event {target.version} ({target.type}) cannot be corrected")
            )
        root = target if target.root == target.version else self._pointed(target.root)
        becomes = EVENT_NAMES[type(replacement_of(report))]
        if becomes != root.type:
            detail = f"a {root.type} cannot be replaced by a {becomes}; retract it and report anew"
            raise Refused(Fault(pointer.replace("/target", "/replacement/type"), detail))
        if by.role not in EDITORS and self._update.publisher.key != root.publisher:
            raise Forbidden("correcting another publisher's report needs the role editor")
        return root.version

    def _retracted(self, pointer: str, index: int, report: ReportRetracted) -> tuple[int, ...]:
        if isinstance(report.targets, SaidSince):
            return ()
        versions = self._versions(pointer, index, report.targets, whole_updates=True)
        for version in versions:
            target = self._pointed(version)
            if target.type in _FIXED:
                raise Refused(
                    Fault(pointer, f"event {version} ({target.type}) cannot be retracted")
                )
        return versions

    def _versions(
        self,
        pointer: str,
        index: int,
        targets: Sequence[Target],
        *,
        whole_updates: bool = False,
    ) -> tuple[int, ...]:
        found: dict[int, None] = {}
        for place, target in enumerate(targets):
            at = pointer if pointer.endswith("/target") else f"{pointer}/{place}"
            for version in self._find(at, index, target, whole_updates=whole_updates):
                found[version] = None
        return tuple(found)

    def _one(self, pointer: str, index: int, target: Target) -> int:
        return self._find(pointer, index, target, whole_updates=False)[0]

    def _find(
        self, pointer: str, index: int, target: Target, *, whole_updates: bool
    ) -> Sequence[int]:
        versions = tuple(self._candidates(target))
        if not versions or (len(versions) > 1 and not whole_updates):
            raise Refused(Fault(pointer, f"{target!r} names no event of this incident"))
        if self._first + index in versions:
            raise Refused(Fault(pointer, "a report cannot point at itself"))
        return versions

    def _candidates(self, target: Target) -> Iterator[int]:
        if isinstance(target, int):
            if 1 <= target < self._first:
                yield target
            return
        if target in self._siblings:
            yield self._siblings[target]
            return
        name, _, key = target.partition("#")
        try:
            told_id = uuid_bytes(name)
        except ValueError:
            return
        if not key:
            row = self._row(_by_event_id, event_id=told_id)
            if row is not None:
                yield row.version
                return
        row = self._row(_by_update_id, update_id=told_id)
        if row is not None:
            yield from self._told_in(row.first_version, row.version, key or None)

    def _told_in(self, first: int, last: int, key: str | None) -> Iterator[int]:
        told = self._connection.execute(_told_in, {**self._place, "first": first, "last": last})
        for version, body in told:
            report = read_report(read_payload(body))
            if (key is None and EVENT_NAMES[type(report)] not in _FIXED) or report.key == key:
                yield version

    def _pointed(self, version: int) -> Pointed:
        if version >= self._first:
            return self._sibling(version)
        row = self._row(_by_version, version=version)
        if row is None:
            raise Refused(Fault("/reports", f"{version} names no event of this incident"))
        root = version
        if row.type == EVENT_NAMES[ReportCorrected]:
            root = read_refs(row.refs).targets[0]
        return Pointed(version=version, type=row.type, publisher=row.publisher, root=root)

    def _sibling(self, version: int) -> Pointed:
        told: NewReport = self._update.reports[version - self._first]
        root = version
        if isinstance(told.report, ReportCorrected):
            at = f"/reports/{version - self._first}/target"
            root = self._one(at, version - self._first, told.report.target)
        return Pointed(
            version=version,
            type=EVENT_NAMES[type(told.report)],
            publisher=self._update.publisher.key,
            root=root,
        )

    def _row(self, query: object, **values: object) -> Row[tuple[int, ...]] | None:
        return self._connection.execute(query, {**self._place, **values}).first()  # type: ignore[call-overload,no-any-return]


def points_outside(update: NewUpdate) -> bool:
    """Whether a report of the update may point at an event that was recorded before it."""
    return any(_points(told.report) for told in update.reports)


def _points(report: Report) -> bool:
    acts = (*DESK_ACTS, ReportDisputed, ReportEndorsed, IncidentMerged)
    return (
        isinstance(report, acts)
        or bool(report.depends_on)
        or (isinstance(report, CasualtiesReported) and bool(report.additional_to))
    )
