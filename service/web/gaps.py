"""What is not known, one heading for each kind of gap: where, since when, what would close it."""

from collections import defaultdict
from typing import NamedTuple

from service.domain.situation import Situation
from service.domain.wording import label, say_where

TITLES = {
    "open_ended_toll": "Toll without an upper bound",
    "single_origin": "On the word of one origin",
    "unclaimed": "Nobody has claimed it",
    "adjudication_needs_review": "Settled by the desk before newer reports came",
    "denied_count": "A count that somebody denies",
    "conditional_report": "Said under a condition",
    "orphaned_report": "Stands on a retracted report",
    "attribution_below_assessed": "Blamed, but not formally assessed",
}


class Gap(NamedTuple):
    place: str
    since: str | None
    because: tuple[int, ...]


class Gaps(NamedTuple):
    title: str
    closes_with: str
    gaps: tuple[Gap, ...]


def gaps(held: Situation) -> tuple[Gaps, ...]:
    kinds: defaultdict[tuple[str, str], list[Gap]] = defaultdict(list)
    for unknown in held.unknowns:
        gap = Gap(say_where(held, unknown), unknown.since, unknown.because)
        kinds[unknown.what, unknown.closes_with].append(gap)
    return tuple(
        Gaps(TITLES.get(what, label(what)), closes_with, tuple(found))
        for (what, closes_with), found in kinds.items()
    )
