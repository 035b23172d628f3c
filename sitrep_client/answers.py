"""What else the API answers with: lists, the record, comparisons, receipts."""

from typing import Any

from msgspec import Struct

from sitrep_client.figures import Number, Versions
from sitrep_client.situation import Change

Json = dict[str, Any]
"""As it was posted."""


class Occurred(Struct, frozen=True, kw_only=True):
    earliest: str | None
    latest: str | None
    precision: str


class Counted(Struct, frozen=True, kw_only=True):
    """How many, in short; `high` None is open-ended."""

    low: int
    high: int | None
    best: int | None
    status: str


class Brief(Struct, frozen=True, kw_only=True):
    """One line of the list of incidents."""

    incident: str
    title: str
    kind: str
    status: str
    version: int
    opened_at: str
    recorded_at: str
    occurred: Occurred
    killed: Counted
    injured: Counted
    responsibility: str
    countries: tuple[str, ...] = ()


class IncidentPage(Struct, frozen=True, kw_only=True):
    incidents: tuple[Brief, ...]
    next: str | None


class Event(Struct, frozen=True, kw_only=True):
    """`report` is as it was posted; None once it was erased, or while it is withheld."""

    position: int
    incident: str
    version: int
    event_id: str
    update_id: str
    type: str
    schema_version: int
    recorded_at: str
    recorded_by: str
    published_at: str
    effective_at: str
    publisher: Json
    origin: Json
    refs: Json | None
    report: Json | None
    commitment: str
    leaf: str


class EventPage(Struct, frozen=True, kw_only=True):
    events: tuple[Event, ...]
    next: str | None


class FeedPage(Struct, frozen=True, kw_only=True):
    """`cursor` is where to go on; `next` is the same, and None where the reader has caught up."""

    events: tuple[Event, ...]
    next: str | None
    cursor: str


class Told(Struct, frozen=True, kw_only=True):
    """An event of a stream; `id` is what to go on after, `line` the JSON as it was told."""

    id: str
    event: Event
    line: bytes


class ToldReport(Struct, frozen=True, kw_only=True):
    version: int
    event_id: str
    type: str
    report: Json | None


class Update(Struct, frozen=True, kw_only=True):
    """An update as it was told; `version` is that of its last event, `published` its moment as the
    publisher gave it.
    """

    incident: str
    update_id: str
    version: int
    position: int
    recorded_at: str
    recorded_by: str
    published_at: str
    published: str | None
    publisher: Json
    summary: str | None
    reports: tuple[ToldReport, ...]


class UpdatePage(Struct, frozen=True, kw_only=True):
    updates: tuple[Update, ...]
    next: str | None


class Recorded(Struct, frozen=True, kw_only=True):
    version: int
    event_id: str
    type: str
    key: str | None


class Receipt(Struct, frozen=True, kw_only=True):
    """What was recorded and what it changed. `replayed`: the store had this update already."""

    incident: str
    update_id: str
    version: int
    position: int
    recorded_at: str
    events: tuple[Recorded, ...]
    changes: tuple[Change, ...]
    replayed: bool = False


class Foreseen(Struct, frozen=True, kw_only=True):
    version: int
    type: str
    key: str | None


class Preview(Struct, frozen=True, kw_only=True):
    """What an update would change, told now; nothing of it is stored. Where it was `recorded`
    before, what it changed then.
    """

    incident: str
    update_id: str
    follows: int
    version: int
    recorded: bool
    events: tuple[Foreseen, ...]
    changes: tuple[Change, ...]


class Point(Struct, frozen=True, kw_only=True):
    """Version 0 is before the incident was opened."""

    version: int
    recorded_at: str | None
    as_of: str | None
    published_until: str | None


class Changes(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    incident: str
    axis: str
    from_: Point
    to: Point
    policy: str
    policy_version: str
    lexicon: str
    left_out: tuple[str, ...]
    changes: tuple[Change, ...]


class Remarked(Struct, frozen=True, kw_only=True):
    type: str
    by: int
    origin: str
    grounds: str | None


class Lost(Struct, frozen=True, kw_only=True):
    """What a report stood on and was retracted."""

    target: int
    by: int
    published_us: int


class Explained(Struct, frozen=True, kw_only=True):
    """A report behind something and its fate; `by` is the event that ended it."""

    version: int
    root: int
    event_id: str
    update_id: str
    type: str
    says: str
    phrase: str | None
    modality: str | None
    origin: Json
    publisher: Json
    published_at: str
    effective_at: str
    recorded_at: str
    fate: str
    by: int | None
    carries: bool
    lost: tuple[Lost, ...]
    remarks: tuple[Remarked, ...]
    report: Json | None


class Explanation(Struct, frozen=True, kw_only=True):
    """`next` asks for more of what fell (`cursor`); what stands is on the first page."""

    incident: str
    path: str
    version: int
    as_of: str | None
    published_until: str | None
    policy: str
    policy_version: str
    lexicon: str
    left_out: tuple[str, ...]
    holds: Any
    standing: tuple[Explained, ...]
    fallen: tuple[Explained, ...]
    next: str | None


class FigureStep(Struct, frozen=True, kw_only=True):
    """What holds from `at` until the next step."""

    at: str
    version: int
    low: Number
    high: Number | None
    best: Number | None
    floor: Number
    cap: Number | None
    status: str
    rule: str
    because: Versions


class OriginStep(Struct, frozen=True, kw_only=True):
    """`low` is None where the origin says nothing any more."""

    at: str
    version: int
    low: Number | None
    high: Number | None
    because: Versions


class OriginSteps(Struct, frozen=True, kw_only=True):
    origin: str
    steps: tuple[OriginStep, ...]


class Series(Struct, frozen=True, kw_only=True):
    """A figure step by step; `next` asks for more (`cursor`)."""

    incident: str
    figure: str
    axis: str
    policy: str
    policy_version: str
    lexicon: str
    as_of: str | None
    published_until: str | None
    version: int
    left_out: tuple[str, ...]
    steps: tuple[FigureStep, ...]
    origins: tuple[OriginSteps, ...]
    next: str | None


class FirstFigures(Struct, frozen=True, kw_only=True):
    """Of the first figures that a source gave: how many the present ones bear out, how many they do
    not, and of how many neither can be told.
    """

    given: int
    stood: int
    fell: int
    open: int


class Source(Struct, frozen=True, kw_only=True):
    """A publisher or an origin over all incidents; of an origin it is known whether it is `named`.
    `corrections` to `endorsed` are numbers of its own reports.
    """

    key: str
    name: str | None
    kind: str | None
    incidents: int
    updates: int
    reports: int
    acts: int
    corrections: int
    own_corrections: int
    retractions: int
    disputed: int
    endorsed: int
    first_figures: FirstFigures
    first_recorded_at: str
    last_recorded_at: str
    named: bool | None = None


class PublisherPage(Struct, frozen=True, kw_only=True):
    publishers: tuple[Source, ...]
    next: str | None


class OriginPage(Struct, frozen=True, kw_only=True):
    origins: tuple[Source, ...]
    next: str | None
