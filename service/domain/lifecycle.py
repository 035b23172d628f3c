"""The incident itself: its opening, title, status and links (DOMAIN.md §3)."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from service.domain.aspect import Aspect, Slot
from service.domain.report import Origin, Report, Standing


class IncidentKind(StrEnum):
    ATTACK_ROCKET = "attack.rocket"
    ATTACK_MISSILE = "attack.missile"
    ATTACK_STRIKE = "attack.strike"
    ATTACK_BOMBING = "attack.bombing"
    ATTACK_SHOOTING = "attack.shooting"
    CLASH = "clash"
    ASSASSINATION = "assassination"
    RIOT = "riot"
    ACCIDENT = "accident"
    DISASTER = "disaster"
    WILDFIRE = "wildfire"
    OUTBREAK = "outbreak"
    CYBER = "cyber"
    OTHER = "other"


class Status(StrEnum):
    DEVELOPING = "developing"
    STABLE = "stable"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class LinkRelation(StrEnum):
    RESPONSE_TO = "response_to"
    RETALIATION_FOR = "retaliation_for"
    FOLLOWS = "follows"
    PRECEDES = "precedes"
    SIMILAR_TO = "similar_to"
    SAME_SERIES = "same_series"
    PART_OF = "part_of"
    DUPLICATE_OF = "duplicate_of"
    ESCALATES = "escalates"
    OTHER = "other"


class IncidentOpened(Report, frozen=True, kw_only=True, tag="opening"):
    """The story began to be kept. The store writes it as version 1; nobody can post it."""

    title: str
    kind: IncidentKind
    kind_other: str | None = None


class IncidentRetitled(Report, frozen=True, kw_only=True, tag="title"):
    """The desk gave the incident another title."""

    title: str


class IncidentStatusChanged(Report, frozen=True, kw_only=True, tag="status"):
    """The desk said how far the story has come."""

    status: Status
    reason: str | None = None


class IncidentLinked(Report, frozen=True, kw_only=True, tag="link"):
    """The incident was related to another one, which need not be in the store yet."""

    to: str
    relation: LinkRelation
    relation_other: str | None = None


class IncidentUnlinked(Report, frozen=True, kw_only=True, tag="unlink"):
    """A relation was taken back."""

    to: str
    relation: LinkRelation


class IncidentMerged(Report, frozen=True, kw_only=True, tag="merge"):
    """Another incident tells the same story: from now on both ids lead there."""

    into: str
    reason: str | None = None


class Link(Struct, frozen=True, kw_only=True):
    to: str
    relation: str
    because: tuple[int, ...]


class Merger(Struct, frozen=True, kw_only=True):
    """Which incident tells the story from now on."""

    into: str
    reason: str | None
    because: tuple[int, ...]


class Lifecycle(Struct, frozen=True, kw_only=True):
    title: str
    kind: str
    status: str
    links: tuple[Link, ...]
    merged: Merger | None


def slot(report: Report, origin: Origin, version: int) -> Slot | None:
    """One title, one status and one state of each link for all origins together: they are the
    desk's.
    """
    match report:
        case IncidentRetitled():
            return ("title",)
        case IncidentStatusChanged():
            return ("status",)
        case IncidentLinked() | IncidentUnlinked():
            return ("link", report.to, report.relation)
        case IncidentMerged():
            return ("merged",)
    return None


def part(report: Report) -> str:
    match report:
        case IncidentStatusChanged():
            return "status"
        case IncidentLinked() | IncidentUnlinked():
            return "links"
        case IncidentMerged():
            return "merged"
    return "title"


ASPECT = Aspect(
    name="lifecycle",
    reports=(
        IncidentOpened,
        IncidentRetitled,
        IncidentStatusChanged,
        IncidentLinked,
        IncidentUnlinked,
        IncidentMerged,
    ),
    slot=slot,
    part=part,
)


def lifecycle(opening: IncidentOpened, standing: Sequence[Standing]) -> Lifecycle:
    """Title, kind, status and links. The opening names the incident whatever the bounds."""
    title, status = opening.title, Status.DEVELOPING
    links, merged = [], None
    for held in standing:
        match held.report:
            case IncidentRetitled():
                title = held.report.title
            case IncidentStatusChanged():
                status = held.report.status
            case IncidentLinked():
                relation = held.report.relation
                links.append(Link(to=held.report.to, relation=relation, because=(held.version,)))
            case IncidentMerged():
                merged = Merger(
                    into=held.report.into, reason=held.report.reason, because=(held.version,)
                )
    return Lifecycle(
        title=title, kind=opening.kind, status=status, links=tuple(links), merged=merged
    )
