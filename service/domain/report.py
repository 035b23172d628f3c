"""What every report carries, and what the store keeps of it (DOMAIN.md §1–3)."""

import re
from enum import StrEnum
from typing import NamedTuple

from msgspec import UNSET, Struct, UnsetType

Target = int | str
"""A version, an event id, a sibling's key, or `<update_id>#<key>`."""


class SourceKind(StrEnum):
    PRESS = "press"
    AGENCY = "agency"
    OFFICIAL = "official"
    MILITARY = "military"
    PARTY_TO_CONFLICT = "party_to_conflict"
    NGO = "ngo"
    LOCAL = "local"
    SOCIAL = "social"
    WITNESS = "witness"
    DOCUMENT = "document"
    DATASET = "dataset"
    DESK = "desk"
    OTHER = "other"


OFFICIALS = {SourceKind.OFFICIAL, SourceKind.MILITARY}
"""Who speaks for a state. A party to a conflict may be one, or be none."""


class Modality(StrEnum):
    ASSERTED = "asserted"
    REPORTEDLY = "reportedly"
    POSSIBLE = "possible"
    INFERRED = "inferred"
    CONDITIONAL = "conditional"
    DENIED = "denied"
    PLANNED = "planned"


SUPPOSED = {Modality.CONDITIONAL, Modality.PLANNED}
"""Of what may come to be. It takes nothing back of what the same origin said of what is."""


class Publisher(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where it was read."""

    key: str
    name: str | None = None
    kind: SourceKind
    kind_other: str | None = None
    url: str | None = None


class Origin(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who says it."""

    key: str
    name: str | None = None
    kind: SourceKind
    kind_other: str | None = None
    named: bool | UnsetType = UNSET

    @property
    def is_named(self) -> bool:
        return self.named is UNSET or self.named

    @property
    def is_official(self) -> bool:
        return self.kind in OFFICIALS

    @property
    def voice(self) -> str:
        """What counts once in corroboration: unnamed speakers of one kind are one (DOMAIN.md
        §8).
        """
        return self.key if self.is_named else f"unnamed {self.kind.value}"


class Grading(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The Admiralty code, as the reporter gave it."""

    reliability: str | None = None
    credibility: int | None = None


class Report(Struct, frozen=True, kw_only=True, tag_field="type"):
    """One typed claim. None means *not said*, never zero. The tag is the `type` on the wire."""

    key: str | None = None
    origin: Origin | None = None
    modality: Modality | None = None
    phrase: str | None = None
    depends_on: tuple[Target, ...] = ()
    grading: Grading | None = None
    effective_at: str | None = None

    @property
    def is_denied(self) -> bool:
        return self.modality is Modality.DENIED

    @property
    def is_told(self) -> bool:
        """Whether it says that something is so: of a count, that so many were counted."""
        return not self.is_denied and self.modality not in SUPPOSED


class Erased(Report, frozen=True, kw_only=True, tag="erased"):
    """What is left of a report whose words were erased. It stands for nothing."""


class Refs(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A report's targets as versions of its incident. A correction's target is the report it began
    with.
    """

    targets: tuple[int, ...] = ()
    depends_on: tuple[int, ...] = ()
    additional_to: tuple[int, ...] = ()


class Event(Struct, frozen=True, kw_only=True):
    """A report as the store keeps it, with its envelope."""

    version: int
    event_id: str
    update_id: str
    publisher: Publisher
    origin: Origin
    published_us: int
    effective_us: int
    recorded_us: int
    report: Report
    refs: Refs = Refs()


class Rank(NamedTuple):
    """What makes one report of a slot later than another (DOMAIN.md §5.2)."""

    effective_us: int
    published_us: int
    version: int


class Lost(Struct, frozen=True, kw_only=True):
    """A retracted report that another one stood on: which, by which retraction, and when that was
    published.
    """

    target: int
    by: int
    published_us: int


class Standing(Struct, frozen=True, kw_only=True):
    """A report that stands in its slot: visible, not retracted, not superseded.

    `report` is what holds (a correction's replacement, where there is one); `version` is the event
    that says so, `root` the event that it stands for. `lost` is what it stood on and was retracted,
    by version: with any of it the report is orphaned, and stands and counts all the same.
    """

    version: int
    root: int
    publisher: Publisher
    origin: Origin
    published_us: int
    effective_us: int
    report: Report
    refs: Refs = Refs()
    lost: tuple[Lost, ...] = ()

    @property
    def rank(self) -> Rank:
        return Rank(self.effective_us, self.published_us, self.root)


def event_name(report: type[Report]) -> str:
    """The past-tense name of a report's event: `CasualtiesReported` is `casualties_reported`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", report.__name__).lower()


def wire_type(report: type[Report]) -> str:
    """The `type` that a report has in JSON."""
    return str(report.__struct_config__.tag)


def origin_of(report: Report, publisher: Publisher) -> Origin:
    """Who says it: the report's origin, else the publisher itself."""
    if report.origin is not None:
        return report.origin
    return Origin(
        key=publisher.key,
        name=publisher.name,
        kind=publisher.kind,
        kind_other=publisher.kind_other,
    )
