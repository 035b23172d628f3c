"""Deriving the index: the rows of `standing`, `voids`, `slots` and `withholdings` that an update's
events bring, and by `service.store.reaching` those of `reached`.

They follow from the events alone, update by update in the order of versions, so that an append and
a rebuild write the same rows.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, bindparam, select

from service.domain.aspect import Slot
from service.domain.editorial import ReportCorrected, ReportRetracted, SaidSince
from service.domain.lifecycle import IncidentOpened
from service.domain.moments import read_span
from service.domain.report import Event
from service.domain.reports import EVENT_NAMES, part_of, slot_of
from service.domain.standing import stands_for
from service.domain.withholding import withholdings_of
from service.store.index import SlotId, part_id, slot_id, voices_of
from service.store.logged import IN_INCIDENT, STORED_EVENT
from service.store.reaching import Act, Reaching
from service.store.sealing import read_event, read_refs
from service.store.statements import Batch, Insert, Update
from service.store.tables import events, slots, standing, voids, withholdings

EDITION = 6
"""The edition of what is derived: raised whenever views or rows of the index change their shape, so
that `sitrep migrate` derives anew what an older release did.
"""

_insert_slot = Insert(slots)
_insert_standing = Insert(standing)
_insert_void = Insert(voids)
_insert_withholding = Insert(withholdings)
_raise_lead = Update(slots, keys=("lane", "incident", "slot"), columns=("lead_us",))
_one = IN_INCIDENT, events.c.version == bindparam("version")
_one_event = STORED_EVENT.where(*_one)
_pointer = select(events.c.type, events.c.refs).where(*_one)
_acts_on = select(
    voids.c.by, voids.c.published_us, voids.c.publisher, voids.c.origin, voids.c.retracts
).where(
    voids.c.lane == bindparam("of_lane"),
    voids.c.incident == bindparam("of_incident"),
    voids.c.target == bindparam("target"),
    voids.c.root == bindparam("target"),
)
_said_since = select(events.c.version).where(
    IN_INCIDENT,
    events.c.version < bindparam("before"),
    events.c.published_us >= bindparam("since"),
    events.c.type.not_in((EVENT_NAMES[ReportRetracted], EVENT_NAMES[IncidentOpened])),
)
_by_origin = _said_since.where(events.c.origin == bindparam("source"))
_by_publisher = _said_since.where(events.c.publisher == bindparam("source"))


class SlotState(Struct):
    """What is known of a slot after its latest candidate."""

    peak_us: int
    lead_us: int


def slot_states(connection: Connection, lane: int, incident: str) -> dict[SlotId, SlotState]:
    latest = standing.alias("latest")
    same = (latest.c[name] == slots.c[name] for name in ("lane", "incident", "slot"))
    peak = (
        select(latest.c.peak_us)
        .where(*same)
        .order_by(latest.c.version.desc())
        .limit(1)
        .correlate(slots)
        .scalar_subquery()
    )
    found = connection.execute(
        select(slots.c.slot, peak, slots.c.lead_us).where(
            slots.c.lane == lane, slots.c.incident == incident
        )
    )
    return {row[0]: SlotState(row[1], row[2]) for row in found}


class Indexer:
    """Puts the rows that events bring into a batch; editorial acts read what came before them."""

    def __init__(self, connection: Connection, batch: Batch) -> None:
        self._connection = connection
        self._batch = batch
        self._reaching = Reaching(connection, batch)
        self._slots: dict[tuple[str, SlotId], dict[str, Any]] = {}
        self._leads: dict[tuple[str, SlotId], dict[str, Any]] = {}

    def add(
        self, told: Sequence[Event], place: Mapping[str, Any], states: dict[SlotId, SlotState]
    ) -> None:
        """The events of one update, which are in the log or in the batch. `place`: `lane`,
        `incident`; `states` is kept up to date.

        An act follows what it acts on, so that a slot's candidates come in the order of versions,
        on which its peaks rest.
        """
        for event in told:
            self._stand(event, event, place, states)
            for word in withholdings_of(event):
                row = {**word._asdict(), "marks": int(word.marks), "releases": int(word.releases)}
                self._batch.add(_insert_withholding, {**place, **row})
            match event.report:
                case ReportCorrected():
                    self._correct(event, place, states)
                case ReportRetracted():
                    self._retract(event, event.report, place)

    def finish(self) -> None:
        """Put the slots that are new, or lead further, into the batch."""
        for row in self._slots.values():
            self._batch.add(_insert_slot, row)
        for row in self._leads.values():
            self._batch.add(_raise_lead, row)
        self._slots, self._leads = {}, {}

    def flush(self) -> None:
        self.finish()
        self._batch.write(self._connection)

    def _stand(
        self,
        event: Event,
        root: Event,
        place: Mapping[str, Any],
        states: dict[SlotId, SlotState],
    ) -> None:
        held = stands_for(event, root)
        slot = slot_of(held.report, held.origin, held.root)
        if slot is None:
            return
        row = {**_candidate(event, root, slot), "part": part_id(part_of(held.report))}
        row["peak_us"] = self._lead(row, place, states)
        self._batch.add(_insert_standing, {**place, **row})

    def _lead(
        self, row: Mapping[str, Any], place: Mapping[str, Any], states: dict[SlotId, SlotState]
    ) -> int:
        """The slot's new peak; how far it leads is written with the slots."""
        slot, effective_us = row["slot"], row["effective_us"]
        lead_us = effective_us - row["published_us"]
        key = (place["incident"], slot)
        known = states.get(slot)
        if known is None:
            states[slot] = SlotState(effective_us, lead_us)
            self._slots[key] = {**place, "slot": slot, "lead_us": lead_us, "part": row["part"]}
            return int(effective_us)
        known.peak_us = max(known.peak_us, effective_us)
        if lead_us > known.lead_us:
            known.lead_us = lead_us
            changed = self._slots if key in self._slots else self._leads
            changed[key] = {**place, "slot": slot, "lead_us": lead_us, "part": row["part"]}
        return known.peak_us

    def _correct(
        self, event: Event, place: Mapping[str, Any], states: dict[SlotId, SlotState]
    ) -> None:
        """The replacement stands in the root's place; of several corrections the latest published
        does.
        """
        self.flush()
        root = event.refs.targets[0]
        row = self._read(_one_event, place, version=root).mappings().first()
        if row is not None:
            self._stand(event, read_event(row), place, states)
        others = self._acts(root, place)
        act = _act(event)
        self._void(root, root, act, place)
        for other in others:
            if not other.retracts and other.published_us <= act.published_us:
                self._void(other.by, root, act, place)
            else:
                self._void(act.by, root, other, place)
        corrections = [other.by for other in others if not other.retracts]
        self._reaching.reach(act, {root: corrections}, place)
        undoing = [undone for by in corrections for undone in self._acts(by, place)]
        self._reaching.join(event, [*others, *undoing], place)

    def _retract(self, event: Event, report: ReportRetracted, place: Mapping[str, Any]) -> None:
        """The targets fall; with a report its corrections, with a correction what it put in
        place.
        """
        self.flush()
        fallen: dict[tuple[int, int], None] = {}
        corrected: dict[int, Sequence[int]] = {}
        for version in self._targets(event, report, place):
            fallen[version, version] = None
            target = self._read(_pointer, place, version=version).one()
            if target.type == EVENT_NAMES[ReportCorrected]:
                root = read_refs(target.refs).targets[0]
                fallen[version, root] = None
                corrected[root] = self._corrections(root, place)
            corrected[version] = self._corrections(version, place)
            for by in corrected[version]:
                fallen[by, version] = None
        for version, root in fallen:
            self._void(version, root, _act(event), place)
        self._reaching.reach(_act(event), corrected, place)

    def _targets(
        self, event: Event, report: ReportRetracted, place: Mapping[str, Any]
    ) -> Sequence[int]:
        scope = report.targets
        if not isinstance(scope, SaidSince):
            return event.refs.targets
        query = _by_publisher if scope.origin is None else _by_origin
        found = self._read(
            query,
            place,
            before=event.version,
            since=read_span(scope.since).first_us,
            source=scope.publisher if scope.origin is None else scope.origin,
        )
        return [row.version for row in found]

    def _acts(self, root: int, place: Mapping[str, Any]) -> list[Act]:
        """The corrections and retractions of a report."""
        return [Act(*row) for row in self._read(_acts_on, place, target=root)]

    def _corrections(self, root: int, place: Mapping[str, Any]) -> Sequence[int]:
        return [act.by for act in self._acts(root, place) if not act.retracts]

    def _void(self, target: int, root: int, act: Act, place: Mapping[str, Any]) -> None:
        row = {"target": target, "root": root, **act._asdict()}
        self._batch.add(_insert_void, {**place, **row})

    def _read(self, query: Any, place: Mapping[str, Any], **values: Any) -> Any:
        return self._connection.execute(
            query, {"of_lane": place["lane"], "of_incident": place["incident"], **values}
        )


def _candidate(event: Event, root: Event, slot: Slot) -> dict[str, Any]:
    """The row for `event` standing for `root`, but for its incident, its part of the situation and
    the slot's peak.
    """
    voices = voices_of(root.origin, root.report)
    if event is not root:
        voices &= voices_of(event.origin, event.report)
    return {
        "slot": slot_id(slot),
        "version": event.version,
        "root": root.version,
        "effective_us": root.effective_us,
        "said_us": root.published_us,
        "published_us": max(event.published_us, root.published_us),
        "publisher": event.publisher.key,
        "root_publisher": root.publisher.key,
        "origin": event.origin.key,
        "root_origin": root.origin.key,
        "voices": voices,
    }


def _act(event: Event) -> Act:
    return Act(
        by=event.version,
        published_us=event.published_us,
        publisher=event.publisher.key,
        origin=event.origin.key,
        retracts=int(isinstance(event.report, ReportRetracted)),
    )
