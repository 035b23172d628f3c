"""How an event is written and sealed: its payload, its commitment, its place in the incident's
chain (service.proof.chain).

The envelope leaves out lane and position, so a store can change its lanes without touching a hash.
"""

import os
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from service.domain.editorial import ReportRetracted
from service.domain.report import (
    Erased,
    Event,
    Origin,
    Publisher,
    Refs,
    Report,
    SourceKind,
    event_name,
    origin_of,
)
from service.domain.reports import EVENT_NAMES, decode_report
from service.domain.upcasting import SCHEMA_VERSION, NewerRelease
from service.errors import Unavailable
from service.proof.chain import commitment_of, leaf_of


class Payload(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The erasable part of an event. An update's summary rides on the update's first event."""

    publisher: Publisher
    published_at: str | None = None
    summary: str | None = None
    schema_version: int = 1
    report: msgspec.Raw


class Envelope(Struct, frozen=True, kw_only=True):
    """The part that is never erased, in the order in which it is hashed."""

    incident: str
    version: int
    event_id: str
    update_id: str
    type: str
    schema_version: int
    publisher: str
    origin: str
    published_us: int
    effective_us: int
    recorded_us: int
    actor: str
    refs: Refs


class Sealed(Struct, frozen=True):
    salt: bytes
    body: bytes
    commitment: bytes
    leaf: bytes


_RETRACTED = event_name(ReportRetracted)
_encoder = msgspec.json.Encoder()
_payload_decoder = msgspec.json.Decoder(Payload)
_refs_decoder = msgspec.json.Decoder(Refs)


def seal(envelope: Envelope, payload: Payload, previous: bytes) -> Sealed:
    salt = os.urandom(16)
    body = _encoder.encode(payload)
    commitment = commitment_of(salt, body)
    leaf = leaf_of(_encoder.encode(envelope), commitment, previous)
    return Sealed(salt, body, commitment, leaf)


def envelope_of(
    event: Event, *, incident: str, actor: str, schema_version: int = SCHEMA_VERSION
) -> Envelope:
    return Envelope(
        incident=incident,
        version=event.version,
        event_id=event.event_id,
        update_id=event.update_id,
        type=EVENT_NAMES[type(event.report)],
        schema_version=schema_version,
        publisher=event.publisher.key,
        origin=event.origin.key,
        published_us=event.published_us,
        effective_us=event.effective_us,
        recorded_us=event.recorded_us,
        actor=actor,
        refs=event.refs,
    )


def stored_envelope(row: Any) -> bytes:
    """The envelope that was hashed, from the columns of `events`."""
    envelope = Envelope(
        incident=row.incident,
        version=row.version,
        event_id=uuid_text(row.event_id),
        update_id=uuid_text(row.update_id),
        type=row.type,
        schema_version=row.schema_version,
        publisher=row.publisher,
        origin=row.origin,
        published_us=row.published_us,
        effective_us=row.effective_us,
        recorded_us=row.recorded_us,
        actor=row.actor,
        refs=read_refs(row.refs),
    )
    return _encoder.encode(envelope)


def read_payload(body: bytes) -> Payload:
    return _payload_decoder.decode(body)


def read_report(payload: Payload) -> Report:
    """Raises Unavailable for a report that only a newer release can read."""
    try:
        return decode_report(payload.report, payload.schema_version)
    except NewerRelease as newer:
        raise Unavailable(f"{newer}: serve the store with the release that wrote it") from newer


def write_refs(refs: Refs) -> bytes | None:
    return None if refs == Refs() else _encoder.encode(refs)


def read_refs(stored: bytes | None) -> Refs:
    return Refs() if stored is None else _refs_decoder.decode(stored)


def read_event(row: Mapping[str, Any]) -> Event:
    """An event from the columns of `events` and the body of its payload.

    Where that was erased nothing stands for it, but what an envelope tells of a retraction: it
    keeps its effect (docs/adr/0003).
    """
    if row["body"] is None:
        return _erased(row)
    payload = read_payload(row["body"])
    report = read_report(payload)
    return Event(
        version=row["version"],
        event_id=uuid_text(row["event_id"]),
        update_id=uuid_text(row["update_id"]),
        publisher=payload.publisher,
        origin=origin_of(report, payload.publisher),
        published_us=row["published_us"],
        effective_us=row["effective_us"],
        recorded_us=row["recorded_us"],
        report=report,
        refs=read_refs(row["refs"]),
    )


def _erased(row: Mapping[str, Any]) -> Event:
    refs = read_refs(row["refs"])
    retracts = row["type"] == _RETRACTED
    return Event(
        version=row["version"],
        event_id=uuid_text(row["event_id"]),
        update_id=uuid_text(row["update_id"]),
        publisher=Publisher(key=row["publisher"], kind=SourceKind.OTHER),
        origin=Origin(key=row["origin"], kind=SourceKind.OTHER),
        published_us=row["published_us"],
        effective_us=row["effective_us"],
        recorded_us=row["recorded_us"],
        report=ReportRetracted(targets=refs.targets) if retracts else Erased(),
        refs=refs,
    )


def uuid_text(stored: bytes) -> str:
    text = stored.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def uuid_bytes(text: str) -> bytes:
    """16 bytes. Raises ValueError for what is no UUID."""
    found = bytes.fromhex(text.replace("-", ""))
    if len(found) != 16:
        raise ValueError(f"{text!r} is not a UUID")
    return found
