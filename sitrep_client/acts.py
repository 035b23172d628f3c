"""What was done about reports, and to the incident as a whole."""

from msgspec import Struct

from sitrep_client.figures import Versions


class Correction(Struct, frozen=True, kw_only=True):
    target: int
    by: int
    kind: str
    note: str | None


class SaidSince(Struct, frozen=True, kw_only=True):
    origin: str | None = None
    publisher: str | None = None
    since: str


class Retraction(Struct, frozen=True, kw_only=True):
    targets: Versions
    said_since: SaidSince | None
    by: int
    reason: str | None


class Remark(Struct, frozen=True, kw_only=True):
    target: int
    by: int
    origin: str
    grounds: str | None


class Marking(Struct, frozen=True, kw_only=True):
    targets: Versions
    by: int
    embargo_until: str | None
    sensitivity: tuple[str, ...]
    audience: str | None


class Erasure(Struct, frozen=True, kw_only=True):
    targets: Versions
    by: int
    reason: str | None


class Link(Struct, frozen=True, kw_only=True):
    to: str
    relation: str
    because: Versions


class Merger(Struct, frozen=True, kw_only=True):
    into: str
    reason: str | None
    because: Versions
