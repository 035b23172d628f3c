"""Recorded events as CloudEvents 1.0, in the JSON format: one (structured) or several (batch).

`source` and `id` are the same wherever an event comes from, so that nothing is taken twice.
"""

from collections.abc import Iterable
from typing import Any

from service.store.answers import EventRecord, encode

ONE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
PREFIX = "org.sitrep.report."
"""Of `type`: `org.sitrep.report.casualties_reported`."""


def one(event: EventRecord) -> bytes:
    return encode(_told(event))


def batch(events: Iterable[EventRecord]) -> bytes:
    return encode([_told(event) for event in events])


def _told(event: EventRecord) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": event.event_id,
        "source": f"/v1/incidents/{event.incident}",
        "type": f"{PREFIX}{event.type}",
        "subject": f"{event.incident}/{event.version}",
        "time": event.recorded_at,
        "datacontenttype": "application/json",
        "data": event,
    }
