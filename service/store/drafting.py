"""Drafting: an accepted update as the events that will be kept, sealed one upon the other."""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Raw, Struct
from msgspec.json import encode
from uuid_utils.compat import uuid7

from service.domain.lifecycle import IncidentOpened
from service.domain.moments import read_moment
from service.domain.report import Event, Refs, Report, origin_of
from service.domain.upcasting import SCHEMA_VERSION
from service.domain.update import NewIncident, NewReport, NewUpdate, Writer
from service.store.sealing import Payload, Sealed, envelope_of, seal


class SealedEvent(Struct, frozen=True):
    event: Event
    sealed: Sealed


class Moments(NamedTuple):
    published_us: int
    recorded_us: int


class Draft(NamedTuple):
    """Whose update becomes events of which incident, when, and after which leaf of its chain."""

    incident: str
    update: NewUpdate
    by: Writer
    moments: Moments
    leaf: bytes


def draft(
    what: Draft, told: Sequence[NewReport], refs: Sequence[Refs], *, first: int
) -> tuple[SealedEvent, ...]:
    """The events of an update; the first of them gets the version `first`."""
    leaf = what.leaf
    events = []
    for index, (report, pointed) in enumerate(zip(told, refs, strict=True)):
        event = _event(what, first + index, report.report, pointed)
        payload = Payload(
            publisher=event.publisher,
            published_at=what.update.published_at,
            summary=what.update.summary if index == 0 else None,
            schema_version=SCHEMA_VERSION,
            report=Raw(report.body),
        )
        sealed = seal(envelope_of(event, incident=what.incident, actor=what.by.name), payload, leaf)
        leaf = sealed.leaf
        events.append(SealedEvent(event, sealed))
    return tuple(events)


def opening_report(opening: NewIncident | None) -> list[NewReport]:
    """What the store itself tells first of an incident."""
    if opening is None:
        return []
    report = IncidentOpened(title=opening.title, kind=opening.kind, kind_other=opening.kind_other)
    told = {"type": "opening", "title": report.title, "kind": report.kind}
    if report.kind_other is not None:
        told["kind_other"] = report.kind_other
    return [NewReport(body=encode(told), report=report)]


def _event(what: Draft, version: int, report: Report, refs: Refs) -> Event:
    publisher = what.update.publisher
    return Event(
        version=version,
        event_id=str(uuid7()),
        update_id=what.update.update_id,
        publisher=publisher,
        origin=origin_of(report, publisher),
        published_us=what.moments.published_us,
        effective_us=what.moments.published_us
        if report.effective_at is None
        else read_moment(report.effective_at),
        recorded_us=what.moments.recorded_us,
        report=report,
        refs=refs,
    )
