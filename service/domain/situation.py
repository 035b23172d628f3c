"""The situation: all views of one incident side by side. A pure function of what stands (DOMAIN.md
§9).
"""

from collections.abc import Sequence

from msgspec import Struct, structs

from service.domain.adjudication import adjudications
from service.domain.attribution import Responsibility, attribution
from service.domain.casualties import Casualties, casualties
from service.domain.derived import Derived
from service.domain.editorial import Correction, Erasure, Marking, Remark, Retraction, editorial
from service.domain.lifecycle import IncidentOpened, Link, Merger, lifecycle
from service.domain.measures import measures
from service.domain.moments import write_instant
from service.domain.overview import Overview, overview
from service.domain.policies import POLICY_VERSIONS, Policy
from service.domain.quantity import LEXICON_VERSION
from service.domain.record import Person, people
from service.domain.report import Publisher, Standing
from service.domain.reports import ASPECTS, aspect_of
from service.domain.responses import Response, responses
from service.domain.unknowns import Unknown, unknowns


class Frame(Struct, frozen=True, kw_only=True):
    """Which incident, at which version of its record, under which question and policy."""

    incident: str
    policy: Policy = Policy.COMPATIBLE
    version: int
    position: int
    recorded_us: int
    as_of: str | None = None
    published_until: str | None = None
    left_out: tuple[str, ...] = ()


class Situation(Struct, frozen=True, kw_only=True):
    """What holds, and on whose word. The shape of API.md, Reading one incident."""

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


def situation(
    frame: Frame,
    opening: IncidentOpened,
    standing: Sequence[Standing],
    derived: Derived | None = None,
) -> Situation:
    """All views over the standing reports, which are given in the order of their versions.

    `derived` remembers the views of an earlier situation under the same policy; where the reports
    are the same they hold.
    """
    views = derived or Derived()
    parts = _by_aspect(standing)
    desk = views.of("lifecycle", parts["lifecycle"], lambda told: lifecycle(opening, told))
    acts = views.of("editorial", parts["editorial"], editorial)
    settled = adjudications(parts["editorial"])
    rulings = tuple(held for ruled in settled.values() for held in ruled)
    counted = views.of(
        "measures",
        (*parts["measures"], *rulings),
        lambda _: measures(parts["measures"], frame.policy, settled),
    )
    seen = views.of("overview", _undenied(parts["overview"]), overview)
    tolls = casualties(parts["casualties"], views, frame.policy, settled)
    who = views.of("attribution", parts["attribution"], attribution)
    done = views.of("responses", parts["responses"], responses)
    all_seen = structs.replace(seen, measures=counted)
    return Situation(
        incident=frame.incident,
        title=desk.title,
        kind=desk.kind,
        status=desk.status,
        version=frame.version,
        position=frame.position,
        recorded_at=write_instant(frame.recorded_us),
        as_of=frame.as_of,
        published_until=frame.published_until,
        policy=frame.policy.value,
        policy_version=POLICY_VERSIONS[frame.policy],
        lexicon=LEXICON_VERSION,
        left_out=frame.left_out,
        overview=all_seen,
        casualties=tolls,
        attribution=who,
        responses=done,
        unknowns=unknowns(standing, all_seen, tolls, who, done),
        corrections=acts.corrections,
        retractions=acts.retractions,
        disputed=acts.disputed,
        endorsed=acts.endorsed,
        markings=acts.markings,
        erasures=acts.erasures,
        links=desk.links,
        merged=desk.merged,
        people=views.of("record", _undenied(parts["record"]), people),
        publishers=_publishers(standing),
    )


def _undenied(told: Sequence[Standing]) -> tuple[Standing, ...]:
    """Who denies something says nothing of what is so instead."""
    return tuple(held for held in told if not held.report.is_denied)


def _publishers(standing: Sequence[Standing]) -> tuple[Publisher, ...]:
    """Each as its latest report tells it; what that leaves unsaid, an earlier one said."""
    known: dict[str, Publisher] = {}
    for held in standing:
        told, before = held.publisher, known.get(held.publisher.key)
        if before is not None and before != told:
            name, url = told.name or before.name, told.url or before.url
            told = structs.replace(told, name=name, url=url)
        known[told.key] = told
    return tuple(known[key] for key in sorted(known))


def _by_aspect(standing: Sequence[Standing]) -> dict[str, tuple[Standing, ...]]:
    parts: dict[str, list[Standing]] = {aspect.name: [] for aspect in ASPECTS}
    for held in standing:
        parts[aspect_of(held.report)].append(held)
    return {name: tuple(told) for name, told in parts.items()}
