"""What holds about an incident, as the API tells it. A later release may tell more, which is passed
over; words of vocabularies are plain text, for they may grow too.
"""

from typing import Any

from msgspec import Struct

from sitrep_client.acts import Correction, Erasure, Link, Marking, Merger, Remark, Retraction
from sitrep_client.figures import Casualties, Group, Measure, Number, Versions


class StandingTime(Struct, frozen=True, kw_only=True):
    origin: str
    earliest: str
    latest: str
    precision: str
    because: Versions


class When(Struct, frozen=True, kw_only=True):
    earliest: str | None
    latest: str | None
    precision: str
    status: str
    because: Versions
    standing: tuple[StandingTime, ...]


class Relative(Struct, frozen=True, kw_only=True):
    bearing: str | None = None
    distance_km: Number | None = None
    of: str


class Place(Struct, frozen=True, kw_only=True):
    role: str
    name: str | None
    country: str | None
    geometry: dict[str, Any] | None
    precision: str | None
    relative: Relative | None
    origin: str
    leads: bool
    because: Versions


class Means(Struct, frozen=True, kw_only=True):
    weapon: str
    basis: str | None
    low: Number | None
    high: Number | None
    best: Number | None
    origin: str
    because: Versions


class Actor(Struct, frozen=True, kw_only=True):
    actor: str
    role: str
    kind: str | None
    origins: tuple[str, ...]
    because: Versions


class Damage(Struct, frozen=True, kw_only=True):
    object: str
    extent: str
    low: Number | None
    high: Number | None
    best: Number | None
    origin: str
    because: Versions


class Overview(Struct, frozen=True, kw_only=True):
    occurred: When
    locations: tuple[Place, ...]
    means: tuple[Means, ...]
    actors: tuple[Actor, ...]
    damage: tuple[Damage, ...] = ()
    measures: dict[str, Measure] = {}


class Statement(Struct, frozen=True, kw_only=True):
    origin: str
    statement: str
    speaker: str | None = None
    likelihood: str | None = None
    confidence: str | None = None
    because: Versions


class Line(Struct, frozen=True, kw_only=True):
    """One who may have done it, or had a part in it."""

    subject: str
    relation: str
    level: str
    flags: tuple[str, ...]
    because: Versions
    statements: tuple[Statement, ...]


class Responsibility(Struct, frozen=True, kw_only=True):
    responsibility: str
    as_of: str | None
    because: Versions
    lines: tuple[Line, ...]


class Says(Struct, frozen=True, kw_only=True):
    origin: str
    execution: str
    evidence: str
    because: Versions


class Response(Struct, frozen=True, kw_only=True):
    response: str
    actor: str | None
    kind: str | None
    target: str | None
    place: str | None
    execution: str
    evidence: str
    because: Versions
    says: tuple[Says, ...]


class Unknown(Struct, frozen=True, kw_only=True):
    what: str
    where: str
    since: str | None
    because: Versions
    closes_with: str


class Person(Struct, frozen=True, kw_only=True):
    name: str
    role: str | None
    harm: str | None
    group: Group
    origins: tuple[str, ...]
    because: Versions


class Publisher(Struct, frozen=True, kw_only=True):
    key: str
    name: str | None = None
    kind: str
    kind_other: str | None = None
    url: str | None = None


class Change(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """One difference between two situations, and a sentence that tells it. `cause` says in a word
    why a figure fell.
    """

    path: str
    from_: Any
    to: Any
    because: Versions
    cause: str | None = None
    sentence: str


class Situation(Struct, frozen=True, kw_only=True):
    """`changes` is how it differs from the plain answer, where that was asked (`compare`)."""

    incident: str
    title: str
    kind: str
    status: str
    version: int
    position: int
    recorded_at: str
    as_of: str | None
    published_until: str | None
    policy: str
    policy_version: str
    lexicon: str
    left_out: tuple[str, ...]
    overview: Overview
    casualties: Casualties
    attribution: Responsibility
    responses: tuple[Response, ...]
    unknowns: tuple[Unknown, ...]
    corrections: tuple[Correction, ...]
    retractions: tuple[Retraction, ...]
    disputed: tuple[Remark, ...]
    endorsed: tuple[Remark, ...]
    markings: tuple[Marking, ...]
    erasures: tuple[Erasure, ...]
    links: tuple[Link, ...]
    merged: Merger | None
    people: tuple[Person, ...]
    publishers: tuple[Publisher, ...]
    changes: tuple[Change, ...] | None = None
