"""What became of a report inside the bounds of a question: it stands, or something overtook it
(DOMAIN.md §2, §5).
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from service.domain.report import Event
from service.domain.standing import Bounds, Trust, is_seen


class Fate(StrEnum):
    STANDS = "stands"
    OUTDATED = "outdated"
    """It stands, and events have overtaken it: true when it was said (DOMAIN.md §5.4)."""
    SUPERSEDED = "superseded"
    CORRECTED = "corrected"
    RETRACTED = "retracted"
    OUTSIDE_BOUNDS = "outside_bounds"
    LEFT_OUT = "left_out"


class Act(NamedTuple):
    """A correction or retraction that the question sees, of one report."""

    by: int
    published_us: int
    retracts: bool


class Ended(NamedTuple):
    """A fate, and the event that brought it about where one did."""

    fate: Fate
    by: int | None = None


def fate_of(
    told: Event,
    root: Event,
    acts: Sequence[Act],
    standing: int | None,
    question: tuple[Bounds, Trust],
) -> Ended:
    """`told` speaks for the report of `root`; `acts` hit it, `standing` is the version that stands
    in its slot.
    """
    for event in (told, root):
        if not is_seen(event, *question):
            within = is_seen(event, question[0], Trust())
            return Ended(Fate.LEFT_OUT if within else Fate.OUTSIDE_BOUNDS)
    retractions = [act for act in acts if act.retracts]
    if retractions:
        first = min(retractions, key=lambda act: (act.published_us, act.by))
        return Ended(Fate.RETRACTED, first.by)
    if acts:
        latest = max(acts, key=lambda act: (act.published_us, act.by))
        return Ended(Fate.CORRECTED, latest.by)
    if standing == told.version:
        return Ended(Fate.STANDS)
    return Ended(Fate.SUPERSEDED, standing)
