"""What the store answers with. Each struct is the JSON that a client sees, unless it says
otherwise.
"""

from typing import Any

import msgspec
from msgspec import Struct

from service.domain.boxes import Box
from service.domain.changes import Change
from service.domain.policies import Policy
from service.domain.standing import Origins, Trust
from service.domain.words import Term

encode = msgspec.json.Encoder(decimal_format="number").encode
"""The JSON of an answer, wherever it goes."""


class Recorded(Struct, frozen=True, kw_only=True):
    version: int
    event_id: str
    type: str
    key: str | None


class Receipt(Struct, frozen=True, kw_only=True):
    """What an append did. Recomputed alike when the same update comes again."""

    incident: str
    update_id: str
    version: int
    position: int
    recorded_at: str
    events: tuple[Recorded, ...]
    changes: tuple[Change, ...]


class Appended(Struct, frozen=True, kw_only=True):
    """A receipt, and whether the update had been recorded before. Not JSON."""

    receipt: Receipt
    replayed: bool


class Foreseen(Struct, frozen=True, kw_only=True):
    version: int
    type: str
    key: str | None


class Preview(Struct, frozen=True, kw_only=True):
    """What an update would do to the incident at the version that it `follows`; nothing of it is
    stored. `recorded` where it had been before, and would change nothing again.
    """

    incident: str
    update_id: str
    follows: int
    version: int
    recorded: bool
    events: tuple[Foreseen, ...]
    changes: tuple[Change, ...]


class Question(Struct, frozen=True, kw_only=True):
    """Bounds, trust and policy as a reader asks them. Times are microseconds; None is no bound. Not
    JSON.
    """

    as_of_us: int | None = None
    published_until_us: int | None = None
    version: int | None = None
    without_publishers: tuple[str, ...] = ()
    without_origins: tuple[str, ...] = ()
    origins: Origins = Origins.ALL
    policy: Policy = Policy.COMPATIBLE
    compare: bool = False
    """Whether to tell how the answer differs from the plain one inside the same bounds."""
    desk: bool = False
    """Whether the desk asks, from whom nothing is withheld."""

    @property
    def trust(self) -> Trust:
        return Trust(
            without_publishers=frozenset(self.without_publishers),
            without_origins=frozenset(self.without_origins),
            origins=self.origins,
        )


class Selection(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which incidents to list, in which order, as of when. Times are microseconds, sides of a box
    whole ten-millionths of a degree; None and () leave nothing out. Not JSON.
    """

    words: tuple[Term, ...] = ()
    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    bbox: Box | None = None
    occurred_from_us: int | None = None
    occurred_to_us: int | None = None
    updated_since_us: int | None = None
    min_killed: int | None = None
    linked_to: str | None = None
    as_of_us: int | None = None
    sort: str = "opened"


class Answer(Struct, frozen=True, kw_only=True):
    """A situation as JSON bytes; `immutable` when it can never change. Not JSON itself.

    `incident` may differ from the one that was asked for, where that was merged into it.
    `recorded_us` is when its version was recorded, where the question was about the past.
    `reading` sets apart answers to one question at one version that leave out other events.
    """

    incident: str
    version: int
    body: bytes
    immutable: bool
    merged_into: str | None = None
    recorded_us: int | None = None
    reading: str = ""


class Memento(Struct, frozen=True, kw_only=True):
    """An incident as it was recorded: `version` is as a rule the last of an update. Not JSON."""

    version: int
    recorded_us: int


class Neighbours(Struct, frozen=True, kw_only=True):
    """A memento among those of its incident; None beyond either end. Not JSON."""

    first: Memento
    previous: Memento | None
    shown: Memento
    next: Memento | None
    last: Memento


class MementoPage(Struct, frozen=True, kw_only=True):
    """`first` and `last` of all there are; `following` are those of the next page. Not JSON."""

    first: Memento
    last: Memento
    mementos: tuple[Memento, ...]
    following: tuple[Memento, Memento] | None
    next: str | None


class EventRecord(Struct, frozen=True, kw_only=True):
    """An event, wherever it appears. `report` is as it was posted, null once erased or while
    withheld.
    """

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
    publisher: dict[str, Any] | msgspec.Raw
    origin: dict[str, Any] | msgspec.Raw
    refs: dict[str, Any] | msgspec.Raw | None
    report: dict[str, Any] | msgspec.Raw | None
    commitment: str
    leaf: str


class EventPage(Struct, frozen=True, kw_only=True):
    events: tuple[EventRecord, ...]
    next: str | None


class FeedPage(Struct, frozen=True, kw_only=True):
    """`next` is null when the reader has caught up; `cursor` is where to go on in any case."""

    events: tuple[EventRecord, ...]
    next: str | None
    cursor: str


class ToldReport(Struct, frozen=True, kw_only=True):
    version: int
    event_id: str
    type: str
    report: dict[str, Any] | msgspec.Raw | None


class UpdateRecord(Struct, frozen=True, kw_only=True):
    """An update as it was told: `version` is that of its last event."""

    incident: str
    update_id: str
    version: int
    position: int
    recorded_at: str
    recorded_by: str
    published_at: str
    published: str | None
    """`published_at` as it was given: a timestamp, a date, or null for the moment of recording."""
    publisher: dict[str, Any]
    summary: str | None
    reports: tuple[ToldReport, ...]


class UpdatePage(Struct, frozen=True, kw_only=True):
    updates: tuple[UpdateRecord, ...]
    next: str | None


class IncidentBrief(Struct, frozen=True, kw_only=True):
    """One line of the list of incidents. `countries` are those of its standing places."""

    incident: str
    title: str
    kind: str
    status: str
    version: int
    opened_at: str
    recorded_at: str
    occurred: dict[str, Any]
    killed: dict[str, Any]
    injured: dict[str, Any]
    responsibility: str
    countries: tuple[str, ...] = ()


class IncidentPage(Struct, frozen=True, kw_only=True):
    incidents: tuple[IncidentBrief, ...]
    next: str | None


class Key(Struct, frozen=True, kw_only=True):
    """`last_used_at` is when it last opened something, known to the second or so."""

    name: str
    role: str
    created_at: str
    revoked_at: str | None
    expires_at: str | None
    last_used_at: str | None


class KeyUse(Struct, frozen=True, kw_only=True):
    """What was done with a key, or tried with none that is known (`key` null). `route` is the
    name of what was asked for, `status` what it was answered with. Readings that are alike are told
    together: `times` in the second or so from `at` on.
    """

    at: str
    key: str | None
    method: str
    route: str
    incident: str | None
    status: int
    address: str
    times: int


class KeyUsePage(Struct, frozen=True, kw_only=True):
    uses: tuple[KeyUse, ...]
    next: str | None
