"""Inserting the record: the rows of an accepted plan that are never derived from others."""

from typing import Any

from service.domain.reports import EVENT_NAMES
from service.domain.upcasting import SCHEMA_VERSION
from service.store.plan import Plan
from service.store.sealing import uuid_bytes, write_refs
from service.store.statements import Batch, Insert
from service.store.tables import events, payloads, updates

_insert_update = Insert(updates)
_insert_event = Insert(events)
_insert_payload = Insert(payloads)


def record(batch: Batch, plan: Plan) -> None:
    """The update, its events and their payloads."""
    place = {"lane": plan.request.lane, "incident": plan.request.incident}
    batch.add(_insert_update, _update_row(plan, place))
    for index, told in enumerate(plan.events):
        batch.add(_insert_event, _event_row(plan, index, place))
        batch.add(
            _insert_payload,
            {
                "lane": plan.request.lane,
                "event_id": uuid_bytes(told.event.event_id),
                "salt": told.sealed.salt,
                "body": told.sealed.body,
            },
        )


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
