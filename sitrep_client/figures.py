"""How many: figures, whose word they rest on, and who disagrees."""

from decimal import Decimal

from msgspec import Struct

Number = int | Decimal
"""People are whole; a measure may have decimals, which are exact."""

Versions = tuple[int, ...]
"""The events that something stands on, by their versions."""

Group = dict[str, str]


class Limit(Struct, frozen=True, kw_only=True):
    origin: str
    low: Number | None = None
    high: Number | None = None
    because: Versions


class Dispute(Struct, frozen=True, kw_only=True):
    """Whose word carries the least, and whose highest count lies below it."""

    floor: Limit
    cap: Limit


class Outdated(Struct, frozen=True, kw_only=True):
    """A count that events have overtaken."""

    origin: str
    low: Number
    high: Number
    because: Versions


class ReportsSay(Struct, frozen=True, kw_only=True):
    low: Number
    high: Number | None
    because: Versions


class Adjudication(Struct, frozen=True, kw_only=True):
    """What the desk settled, and what the reports alone would come to."""

    by: int
    low: Number
    high: Number | None
    best: Number | None
    rationale: str
    state: str
    touched_by: Versions
    reports_say: ReportsSay


class Figure(Struct, frozen=True, kw_only=True):
    """How many; `high` None is open-ended."""

    low: Number
    high: Number | None
    best: Number | None
    status: str
    rule: str
    floor: Number
    cap: Number | None
    envelope: tuple[Number, Number | None]
    because: Versions
    origins: tuple[str, ...]
    disputes: tuple[Dispute, ...] = ()
    outdated: tuple[Outdated, ...] = ()
    adjudication: Adjudication | None = None


class GroupFigure(Figure, frozen=True, kw_only=True):
    group: Group


class Toll(Figure, frozen=True, kw_only=True):
    by_group: tuple[GroupFigure, ...] = ()


class Measure(Toll, frozen=True, kw_only=True):
    unit: str | None
    course: str


class Affected(Struct, frozen=True, kw_only=True):
    low: Number
    because: Versions


class Casualties(Struct, frozen=True, kw_only=True):
    killed: Toll
    injured: Toll
    missing: Toll
    captured: Toll
    displaced: Toll
    unspecified: Toll
    affected: Affected
