"""Inserting: the rows of a round's accepted plans."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select

from service.domain.editorial import ReportCorrected, ReportRetracted, SaidSince
from service.domain.lifecycle import IncidentOpened
from service.domain.moments import read_span
from service.domain.report import Event
from service.domain.reports import EVENT_NAMES, slot_of
from service.domain.standing import stands_for
from service.store.index import STORED_EVENT, Candidate, SlotId, SlotState, candidate_of
from service.store.plan import Plan
from service.store.sealing import SCHEMA_VERSION, read_event, uuid_bytes, write_refs
from service.store.statements import Batch, Insert, Update
from service.store.tables import events, payloads, slots, standing, updates, voids

_CORRECTED = EVENT_NAMES[ReportCorrected]
_RETRACTED = EVENT_NAMES[ReportRetracted]
_OPENED = EVENT_NAMES[IncidentOpened]

_raise_lead = Update(slots, keys=("lane", "incident", "slot"), columns=("lead_us",))
_in_incident = (events.c.lane == bindparam("of_lane")) & (
    events.c.incident == bindparam("of_incident")
)
_one_event = STORED_EVENT.where(_in_incident, events.c.version == bindparam("version"))
_voids_of = select(voids.c.by, voids.c.published_us, voids.c.publisher).where(
    voids.c.lane == bindparam("of_lane"),
    voids.c.incident == bindparam("of_incident"),
    voids.c.target == bindparam("target"),
    voids.c.root == bindparam("target"),
)
_corrections_among = select(events.c.version).where(
    _in_incident,
    events.c.version.in_(bindparam("versions", expanding=True)),
    events.c.type == _CORRECTED,
)
_said_since = select(events.c.version).where(
    _in_incident,
    events.c.version < bindparam("before"),
    events.c.published_us >= bindparam("since"),
    events.c.type.not_in((_RETRACTED, _OPENED)),
)
_by_origin = _said_since.where(events.c.origin == bindparam("source"))
_by_publisher = _said_since.where(events.c.publisher == bindparam("source"))


class RowWriter:
    """Puts a plan's rows into a batch; editorial acts read what was written before them."""

    def __init__(self, connection: Connection, batch: Batch) -> None:
        self._connection = connection
        self._batch = batch
        self._slots: dict[tuple[str, SlotId], dict[str, Any]] = {}
        self._leads: dict[tuple[str, SlotId], dict[str, Any]] = {}

    def write(self, plan: Plan, states: dict[SlotId, SlotState]) -> None:
        request = plan.request
        place = {"lane": request.lane, "incident": request.incident}
        self._batch.add(_insert_update, _update_row(plan, place))
        for index, told in enumerate(plan.events):
            event, sealed = told.event, told.sealed
            self._batch.add(_insert_event, _event_row(plan, index, place))
            self._batch.add(
                _insert_payload,
                {
                    "lane": request.lane,
                    "event_id": uuid_bytes(event.event_id),
                    "salt": sealed.salt,
                    "body": sealed.body,
                },
            )
            self._stand(event, event, place, states)
        for told in plan.events:
            self._act(told.event, place, states)

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

    def _act(self, event: Event, place: dict[str, Any], states: dict[SlotId, SlotState]) -> None:
        match event.report:
            case ReportCorrected():
                self._correct(event, place, states)
            case ReportRetracted():
                self._retract(event, event.report, place)

    def _stand(
        self, event: Event, root: Event, place: dict[str, Any], states: dict[SlotId, SlotState]
    ) -> None:
        held = stands_for(event, root)
        slot = slot_of(held.report, held.origin, held.root)
        if slot is None:
            return
        candidate = candidate_of(event, root, slot, states)
        self._lead(candidate, place, states)
        row = {name: getattr(candidate, name) for name in Candidate.__struct_fields__}
        self._batch.add(_insert_standing, {**place, **row})

    def _lead(
        self, candidate: Candidate, place: dict[str, Any], states: dict[SlotId, SlotState]
    ) -> None:
        lead_us = candidate.effective_us - candidate.published_us
        known = states.get(candidate.slot)
        if known is not None and lead_us <= known.lead_us:
            return
        key = (place["incident"], candidate.slot)
        row = {**place, "slot": candidate.slot, "lead_us": lead_us}
        if known is None:
            states[candidate.slot] = SlotState(candidate.peak_us, lead_us)
            self._slots[key] = row
            return
        known.lead_us = lead_us
        (self._slots if key in self._slots else self._leads)[key] = row

    def _correct(
        self, event: Event, place: dict[str, Any], states: dict[SlotId, SlotState]
    ) -> None:
        """The replacement stands in the root's place; of several corrections the latest published
        does.
        """
        self.flush()
        root_version = event.refs.targets[0]
        row = self._read(_one_event, place, version=root_version).mappings().one()
        self._stand(event, read_event(row), place, states)
        acts, corrections = self._acts_on(root_version, place)
        self._void(root_version, root_version, event, place)
        for version, published_us, publisher in acts:
            if version in corrections and published_us <= event.published_us:
                self._void(version, root_version, event, place)
            else:
                void = {"published_us": published_us, "publisher": publisher}
                key = {"target": event.version, "root": root_version, "by": version}
                self._batch.add(_insert_void, {**place, **key, **void})

    def _retract(self, event: Event, report: ReportRetracted, place: dict[str, Any]) -> None:
        """The targets fall; with a report its corrections, with a correction what it put in
        place.
        """
        self.flush()
        fallen: dict[tuple[int, int], None] = {}
        for version in self._targets(event, report, place):
            fallen[version, version] = None
            row = self._read(_one_event, place, version=version).mappings().one()
            target = read_event(row)
            if isinstance(target.report, ReportCorrected):
                fallen[version, target.refs.targets[0]] = None
            for correction in self._acts_on(version, place)[1]:
                fallen[correction, version] = None
        for version, root in fallen:
            self._void(version, root, event, place)

    def _targets(
        self, event: Event, report: ReportRetracted, place: dict[str, Any]
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

    def _acts_on(
        self, root: int, place: dict[str, Any]
    ) -> tuple[Sequence[tuple[int, int, str]], set[int]]:
        """The corrections and retractions of a report, and which of them are corrections."""
        acts = [tuple(row) for row in self._read(_voids_of, place, target=root)]
        versions = [version for version, _, _ in acts]
        if not versions:
            return [], set()
        found = self._read(_corrections_among, place, versions=versions)
        return acts, {row.version for row in found}

    def _void(self, target: int, root: int, by: Event, place: dict[str, Any]) -> None:
        key = {"target": target, "root": root, "by": by.version}
        void = {"published_us": by.published_us, "publisher": by.publisher.key}
        self._batch.add(_insert_void, {**place, **key, **void})

    def _read(self, query: Any, place: dict[str, Any], **values: Any) -> Any:
        return self._connection.execute(
            query, {"of_lane": place["lane"], "of_incident": place["incident"], **values}
        )


_insert_update = Insert(updates)
_insert_event = Insert(events)
_insert_payload = Insert(payloads)
_insert_slot = Insert(slots)
_insert_standing = Insert(standing)
_insert_void = Insert(voids)


def _update_row(plan: Plan, place: dict[str, Any]) -> dict[str, Any]:
    return {
        **place,
        "update_id": uuid_bytes(plan.request.update.update_id),
        "digest": plan.request.update.digest,
        "first_version": plan.events[0].event.version,
        "version": plan.version,
        "position": plan.first_position + len(plan.events) - 1,
        "recorded_us": plan.recorded_us,
    }


def _event_row(plan: Plan, index: int, place: dict[str, Any]) -> dict[str, Any]:
    event, sealed = plan.events[index].event, plan.events[index].sealed
    return {
        **place,
        "version": event.version,
        "position": plan.first_position + index,
        "event_id": uuid_bytes(event.event_id),
        "update_id": uuid_bytes(event.update_id),
        "type": EVENT_NAMES[type(event.report)],
        "schema_version": SCHEMA_VERSION,
        "publisher": event.publisher.key,
        "origin": event.origin.key,
        "published_us": event.published_us,
        "effective_us": event.effective_us,
        "recorded_us": event.recorded_us,
        "actor": plan.request.by.name,
        "refs": write_refs(event.refs),
        "commitment": sealed.commitment,
        "leaf": sealed.leaf,
    }
