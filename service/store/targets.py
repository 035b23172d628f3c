"""What a report points at: versions, event ids, sibling keys, `<update_id>#<key>` and whole
updates.
"""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from sqlalchemy import Connection, Row, bindparam, select

from service.domain.editorial import (
    MarkingApplied,
    PersonalDataErased,
    ReportCorrected,
    ReportRetracted,
)
from service.domain.lifecycle import IncidentMerged
from service.domain.report import Target
from service.domain.reports import EVENT_NAMES
from service.domain.update import NewReport, NewUpdate
from service.errors import Fault, Refused
from service.store.sealing import read_payload, read_refs, read_report, uuid_bytes
from service.store.tables import events, payloads, updates, voids

FIXED = {"incident_opened", "report_retracted"}
"""What cannot be retracted."""

CORRECTED = EVENT_NAMES[ReportCorrected]
RETRACTED = EVENT_NAMES[ReportRetracted]
TOLD_BY_WORDS = {
    EVENT_NAMES[report] for report in (MarkingApplied, IncidentMerged, PersonalDataErased)
}
"""What acts by what it says, which no envelope tells: its words cannot be erased."""

_by_version = (
    select(events.c.version, events.c.type, events.c.publisher, events.c.refs, payloads.c.salt)
    .outerjoin(
        payloads, (payloads.c.lane == events.c.lane) & (payloads.c.event_id == events.c.event_id)
    )
    .where(
        events.c.lane == bindparam("of_lane"),
        events.c.incident == bindparam("of_incident"),
        events.c.version == bindparam("version"),
    )
)
_corrections = select(voids.c.by).where(
    voids.c.lane == bindparam("of_lane"),
    voids.c.incident == bindparam("of_incident"),
    voids.c.target == bindparam("root"),
    voids.c.root == bindparam("root"),
    voids.c.retracts == 0,
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
    """An event that a report points at. `root` is the report that a correction stands for;
    `keeps_effect` where what it does is told by its words alone.
    """

    version: int
    type: str
    publisher: str
    root: int
    is_erased: bool = False
    keeps_effect: bool = False


class Targets:
    """Finds what the reports of one update point at, among the events of its incident and one
    another.
    """

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

    def versions(
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

    def one(self, pointer: str, index: int, target: Target) -> int:
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
            if (key is None and EVENT_NAMES[type(report)] not in FIXED) or report.key == key:
                yield version

    def pointed(self, version: int) -> Pointed:
        if version >= self._first:
            return self._sibling(version)
        row = self._row(_by_version, version=version)
        if row is None:
            raise Refused(Fault("/reports", f"{version} names no event of this incident"))
        root, targets = version, read_refs(row.refs).targets
        if row.type == CORRECTED:
            root = targets[0]
        return Pointed(
            version=version,
            type=row.type,
            publisher=row.publisher,
            root=root,
            is_erased=row.salt is None,
            keeps_effect=row.type in TOLD_BY_WORDS or (row.type == RETRACTED and not targets),
        )

    def corrections(self, root: int) -> list[int]:
        """The corrections of a report that were recorded."""
        found = self._connection.execute(_corrections, {**self._place, "root": root})
        return [row.by for row in found]

    def _sibling(self, version: int) -> Pointed:
        told: NewReport = self._update.reports[version - self._first]
        root = version
        if isinstance(told.report, ReportCorrected):
            at = f"/reports/{version - self._first}/target"
            root = self.one(at, version - self._first, told.report.target)
        return Pointed(
            version=version,
            type=EVENT_NAMES[type(told.report)],
            publisher=self._update.publisher.key,
            root=root,
        )

    def _row(self, query: object, **values: object) -> Row[tuple[int, ...]] | None:
        return self._connection.execute(query, {**self._place, **values}).first()  # type: ignore[call-overload,no-any-return]
