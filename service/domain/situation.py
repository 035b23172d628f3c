"""The situation: all views of one incident side by side. A pure function of what stands (DOMAIN.md
§9).
"""

from collections.abc import Sequence

from msgspec import Struct, structs

from service.domain.attribution import Responsibility, attribution
from service.domain.casualties import Casualties, casualties
from service.domain.derived import Derived
from service.domain.editorial import Correction, Remark, Retraction, editorial
from service.domain.lifecycle import IncidentOpened, Link, lifecycle
from service.domain.measures import measures
from service.domain.moments import write_instant
from service.domain.overview import Overview, overview
from service.domain.quantity import LEXICON_VERSION
from service.domain.report import Publisher, Standing
from service.domain.reports import ASPECTS, aspect_of
from service.domain.responses import Response, responses
from service.domain.unknowns import Unknown, unknowns

POLICY = "compatible"


class Frame(Struct, frozen=True, kw_only=True):
    """Which incident, at which version of its record, under which question."""

    incident: str
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
    links: tuple[Link, ...]
    publishers: tuple[Publisher, ...]


def situation(
    frame: Frame,
    opening: IncidentOpened,
    standing: Sequence[Standing],
    derived: Derived | None = None,
) -> Situation:
    """All views over the standing reports, which are given in the order of their versions.

    `derived` remembers the views of an earlier situation; where the reports are the same they hold.
    """
    views = derived or Derived()
    parts = _by_aspect(standing)
    desk = views.of("lifecycle", parts["lifecycle"], lambda told: lifecycle(opening, told))
    acts = views.of("editorial", parts["editorial"], editorial)
    counted = views.of("measures", parts["measures"], measures)
    seen = views.of("overview", parts["overview"], overview)
    tolls = casualties(parts["casualties"], views)
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
        policy=POLICY,
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
        links=desk.links,
        publishers=_publishers(standing),
    )


def _publishers(standing: Sequence[Standing]) -> tuple[Publisher, ...]:
    latest = {held.publisher.key: held.publisher for held in standing}
    return tuple(latest[key] for key in sorted(latest))


def _by_aspect(standing: Sequence[Standing]) -> dict[str, tuple[Standing, ...]]:
    parts: dict[str, list[Standing]] = {aspect.name: [] for aspect in ASPECTS}
    for held in standing:
        parts[aspect_of(held.report)].append(held)
    return {name: tuple(told) for name, told in parts.items()}
