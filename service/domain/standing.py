"""Which reports stand, given all events, the bounds of a question and whom it trusts (DOMAIN.md §2,
§5).

This is the plain fold. The store keeps an index that gives the same answer without reading every
event.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct, structs

from service.domain.editorial import (
    MarkingApplied,
    PersonalDataErased,
    ReportCorrected,
    ReportRetracted,
    SaidSince,
    said_in,
)
from service.domain.lifecycle import IncidentOpened
from service.domain.report import Event, Lost, Origin, Report, Standing
from service.domain.reports import convert_report, is_desks, slot_of


class Bounds(Struct, frozen=True, kw_only=True):
    """What a question may see: what we had recorded, what the world had published. None is no
    bound. `withheld` are events that its reader does not see (docs/adr/0008).
    """

    version: int | None = None
    recorded_us: int | None = None
    published_us: int | None = None
    withheld: frozenset[int] = frozenset()


class Origins(StrEnum):
    """Whose word counts: everybody's, that of named speakers, that of officials and forces."""

    ALL = "all"
    NAMED = "named"
    OFFICIAL = "official"


class Trust(Struct, frozen=True, kw_only=True):
    """Whom a question leaves out (DOMAIN.md §9). Acts of the desk do not depend on `origins`."""

    without_publishers: frozenset[str] = frozenset()
    without_origins: frozenset[str] = frozenset()
    origins: Origins = Origins.ALL


UNBOUNDED = Bounds()
EVERYBODY = Trust()


def standing(
    events: Iterable[Event], bounds: Bounds = UNBOUNDED, trust: Trust = EVERYBODY
) -> tuple[Standing, ...]:
    """The latest visible report of every slot, retracted ones left out and corrected ones
    replaced. What depends on a retracted one says so.
    """
    seen = [event for event in events if is_seen(event, bounds, trust)]
    retracted = retractions(seen)
    corrections = _corrections(seen, retracted)
    latest: dict[tuple[str, ...], Standing] = {}
    for event in seen:
        if event.version in retracted:
            continue
        held = stands_for(corrections.get(event.version, event), event)
        slot = slot_of(held.report, held.origin, held.root)
        if slot is not None and (slot not in latest or latest[slot].rank < held.rank):
            latest[slot] = held
    stood_on = {event.version: event.refs.depends_on for event in seen}
    found = [
        structs.replace(held, lost=losses(held, stood_on, retracted))
        for held in latest.values()
        if speaks_of_any(held, stood_on, bounds.withheld)
    ]
    return tuple(sorted(found, key=lambda held: (held.root, held.version)))


def is_seen(event: Event, bounds: Bounds, trust: Trust) -> bool:
    return (
        (bounds.recorded_us is None or event.recorded_us <= bounds.recorded_us)
        and is_within(
            bounds,
            trust,
            version=event.version,
            published_us=event.published_us,
            publisher=event.publisher.key,
            origin=event.origin.key,
        )
        and counts_for(event.origin, event.report, trust.origins)
    )


def is_within(
    bounds: Bounds, trust: Trust, *, version: int, published_us: int, publisher: str, origin: str
) -> bool:
    """What an envelope tells of whether its event is seen, but for when it was recorded."""
    return (
        version not in bounds.withheld
        and (bounds.version is None or version <= bounds.version)
        and (bounds.published_us is None or published_us <= bounds.published_us)
        and publisher not in trust.without_publishers
        and origin not in trust.without_origins
    )


def speaks_of_any(
    held: Standing, seen: Container[int], withheld: Container[int] = frozenset()
) -> bool:
    """Whether an act that names its targets has one among the events that a question sees. One that
    has none speaks of nothing, and does not stand. That something is marked may be known, also
    where it is withheld; and that something was erased.
    """
    targets = held.refs.targets
    if isinstance(held.report, PersonalDataErased):
        return True
    known = withheld if isinstance(held.report, MarkingApplied) else ()
    return not targets or any(target in seen or target in known for target in targets)


def losses(
    held: Standing, stood_on: Mapping[int, Iterable[int]], retracted: Mapping[int, Lost]
) -> tuple[Lost, ...]:
    """What a report depends on, directly or through others, and was retracted. `stood_on`: what
    each event that the question sees depends on.
    """
    reached: set[int] = set()
    open_ends = list(held.refs.depends_on)
    while open_ends:
        version = open_ends.pop()
        if version in stood_on and version not in reached:
            reached.add(version)
            open_ends += stood_on[version]
    return tuple(retracted[version] for version in sorted(reached) if version in retracted)


def earliest(retractions: Iterable[Lost]) -> dict[int, Lost]:
    """Of each target the retraction that came first."""
    first: dict[int, Lost] = {}
    for lost in sorted(retractions, key=lambda lost: (lost.published_us, lost.by)):
        first.setdefault(lost.target, lost)
    return first


def left_out(trust: Trust, plain: Iterable[Standing] = ()) -> tuple[str, ...]:
    """Whom an answer leaves out: those it was asked to, and whoever stands in the `plain` answer
    and is not heard where only some origins are.
    """
    unheard = {
        held.origin.key for held in plain if not counts_for(held.origin, held.report, trust.origins)
    }
    origins = {f"origin:{key}" for key in trust.without_origins | unheard}
    return tuple(sorted(origins | {f"publisher:{key}" for key in trust.without_publishers}))


def counts_for(origin: Origin, report: Report, origins: Origins) -> bool:
    """Whether a report is heard where only some origins are."""
    match origins:
        case Origins.NAMED:
            return origin.is_named or is_desks(report)
        case Origins.OFFICIAL:
            return origin.is_official or is_desks(report)
    return True


def replacement_of(correction: ReportCorrected) -> Report:
    """What a correction puts in its target's place."""
    return convert_report(correction.replacement)


def stands_for(event: Event, root: Event) -> Standing:
    """What holds for the report of `root` on the word of `event`: itself, or a correction of it,
    which leaves how firmly it was said and how it was graded as they are.
    """
    correction = event.report if event is not root else None
    return Standing(
        version=event.version,
        root=root.version,
        publisher=event.publisher,
        origin=root.origin,
        published_us=root.published_us,
        effective_us=root.effective_us,
        report=structs.replace(
            replacement_of(correction),
            modality=root.report.modality,
            grading=root.report.grading,
        )
        if isinstance(correction, ReportCorrected)
        else event.report,
        refs=root.refs,
    )


def retractions(seen: Sequence[Event]) -> dict[int, Lost]:
    """What was retracted among the events that a question sees, and by what."""
    return earliest(
        Lost(target=version, by=event.version, published_us=event.published_us)
        for event in seen
        if isinstance(event.report, ReportRetracted)
        for version in _targets(event, event.report, seen)
    )


def _targets(event: Event, report: ReportRetracted, seen: Sequence[Event]) -> Sequence[int]:
    scope = report.targets
    if not isinstance(scope, SaidSince):
        return event.refs.targets
    return [other.version for other in seen if _reaches(event, scope, other)]


def _reaches(retraction: Event, scope: SaidSince, other: Event) -> bool:
    return (
        other.version < retraction.version
        and not isinstance(other.report, ReportRetracted | IncidentOpened)
        and said_in(
            scope,
            origin=other.origin.key,
            publisher=other.publisher.key,
            published_us=other.published_us,
        )
    )


def _corrections(seen: Sequence[Event], retracted: Container[int]) -> dict[int, Event]:
    """The latest published correction of each report."""
    told: defaultdict[int, list[Event]] = defaultdict(list)
    for event in seen:
        if isinstance(event.report, ReportCorrected) and event.version not in retracted:
            told[event.refs.targets[0]].append(event)
    return {
        root: max(events, key=lambda event: (event.published_us, event.version))
        for root, events in told.items()
    }
