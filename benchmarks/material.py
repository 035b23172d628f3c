"""What is recorded: incidents that begin alike and then go on with one count after another.

Everyone who is measured gets these bytes, as a client would post them.
"""

from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

import msgspec

from service.domain.moments import SECOND_US, read_moment, write_instant
from service.domain.update import Writer

REPORTER = Writer(name="benchmark", role="reporter")
EDITOR = Writer(name="desk", role="editor")

ORIGINS = (
    {"key": "iraqi-security-media-cell", "kind": "official"},
    {"key": "operation-inherent-resolve", "kind": "military"},
    {"key": "baghdad-hospitals", "kind": "local"},
)
HARMS = ("killed", "injured")
SLOTS = tuple((origin, harm) for origin in ORIGINS for harm in HARMS)
"""Who counts what: every origin counts every harm."""

PUBLISHER = {"key": "reuters", "name": "Reuters", "kind": "agency"}
SUMMARY = "Two more rockets were found; the hospitals have raised their figures since the morning."
OPENED_US = read_moment("2020-03-11T17:00:00Z")

Json = dict[str, Any]


@dataclass(frozen=True)
class Posted:
    """One update of an incident as JSON, and as the bytes that a client sends."""

    incident: str
    told: Json
    body: bytes


def opening(incident: str) -> Posted:
    """`POST /v1/incidents`: the incident with its first reports."""
    told = {
        "incident": incident,
        "title": "Rocket attack on Taji base",
        "kind": "attack.rocket",
        "update_id": _id(f"{incident} opened"),
        "publisher": PUBLISHER,
        "published_at": write_instant(OPENED_US),
        "summary": SUMMARY,
        "reports": [*_circumstances(), *(count(slot, 2) for slot in range(len(SLOTS)))],
    }
    return Posted(incident, told, msgspec.json.encode(told))


def update(incident: str, number: int) -> Posted:
    """`POST /v1/incidents/{incident}/updates`: one count, a minute after the one before."""
    told = {
        "update_id": _id(f"{incident} {number}"),
        "publisher": PUBLISHER,
        "published_at": write_instant(OPENED_US + (number + 1) * 60 * SECOND_US),
        "summary": SUMMARY,
        "reports": [count(number % len(SLOTS), 3 + number // len(SLOTS))],
    }
    return Posted(incident, told, msgspec.json.encode(told))


def count(slot: int, low: int) -> Json:
    """How many people the slot's origin says were harmed."""
    origin, harm = SLOTS[slot]
    return {
        "type": "casualties",
        "harm": harm,
        "quantity": {"low": low, "high": low + 2},
        "phrase": "between them, as the count stands",
        "scope": "whole",
        "modality": "asserted",
        "origin": origin,
    }


def _circumstances() -> list[Json]:
    told_by = {"origin": ORIGINS[1]}
    return [
        {
            "type": "time",
            "occurred": {"earliest": "2020-03-11T16:30:00Z", "latest": "2020-03-11T16:40:00Z"},
            **told_by,
        },
        {
            "type": "location",
            "role": "target",
            "name": "Camp Taji",
            "country": "IQ",
            "geometry": {"type": "Point", "coordinates": [44.25, 33.52]},
            **told_by,
        },
        {"type": "means", "weapon": "rocket", "basis": "fired", "quantity": {"low": 15}, **told_by},
        {"type": "attribution", "statement": "no_claim", **told_by},
        {
            "type": "response",
            "response": "us-strikes",
            "actor": "US military",
            "kind": "strike",
            "execution": "contemplated",
            **told_by,
        },
    ]


def _id(name: str) -> str:
    return str(UUID(int=Random(name).getrandbits(128), version=4))
