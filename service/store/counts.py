"""What the store answers with about publishers and origins: the JSON that a client sees.

`reports` are claims about the world, `acts` words about reports and about the incident itself.
`corrections`, `retractions`, `disputed` and `endorsed` are numbers of the source's own reports, by
what stands now; `own_corrections` were made by the publisher of the report itself.
"""

from msgspec import Struct


class FirstFigures(Struct, frozen=True, kw_only=True):
    """Of the first figures that a source gave, how many the present ones bear out (`stood`), how
    many share no number with them (`fell`), and of how many neither can be told (`open`).
    """

    given: int
    stood: int
    fell: int
    open: int


class PublisherCounts(Struct, frozen=True, kw_only=True):
    """A publisher over all incidents. Name and kind are as they were told last."""

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


class OriginCounts(PublisherCounts, frozen=True, kw_only=True):
    """An origin over all incidents, at every publisher or at one."""

    named: bool


class IncidentCounts(Struct, frozen=True, kw_only=True):
    """What a source told of one incident."""

    incident: str
    updates: int
    reports: int
    acts: int
    corrections: int
    own_corrections: int
    retractions: int
    first_figures: FirstFigures
    first_recorded_at: str
    last_recorded_at: str


class PublisherPage(Struct, frozen=True, kw_only=True):
    publishers: tuple[PublisherCounts, ...]
    next: str | None


class OriginPage(Struct, frozen=True, kw_only=True):
    origins: tuple[OriginCounts, ...]
    next: str | None


class PublisherRecord(Struct, frozen=True, kw_only=True):
    """A publisher, the origins that it passed on (counted at this publisher), and the incidents
    that it told of. `next` is of the incidents; `origins` are the first hundred, all of them are
    in the list of origins.
    """

    publisher: PublisherCounts
    origins: tuple[OriginCounts, ...]
    incidents: tuple[IncidentCounts, ...]
    next: str | None


class OriginRecord(Struct, frozen=True, kw_only=True):
    """An origin, the publishers that passed it on (counted for this origin), and the incidents that
    it was heard on. `next` is of the incidents; `publishers` are the first hundred, all of them are
    in the list of publishers.
    """

    origin: OriginCounts
    publishers: tuple[PublisherCounts, ...]
    incidents: tuple[IncidentCounts, ...]
    next: str | None
