"""How good a source is held to be, by the Admiralty code (DOMAIN.md §3): given, never inferred."""

from collections.abc import Iterable

from service.domain.report import Grading

RELIABILITIES = "ABCDE"
BEST_CREDIBILITY, WORST_CREDIBILITY = 1, 5
UNJUDGED = 9

Grade = tuple[int, int]
"""Reliability, then credibility; the lesser is the better. An unjudged half is the worst."""


def grade_of(grading: Grading | None) -> Grade | None:
    """None where nothing was judged: reliability F and credibility 6 say that it cannot be."""
    if grading is None:
        return None
    reliability = RELIABILITIES.find(grading.reliability or "F")
    credibility = grading.credibility or UNJUDGED
    judged = BEST_CREDIBILITY <= credibility <= WORST_CREDIBILITY
    grade = (
        UNJUDGED if reliability < 0 else reliability,
        credibility if judged else UNJUDGED,
    )
    return None if grade == (UNJUDGED, UNJUDGED) else grade


def weakest(grades: Iterable[Grade | None]) -> Grade | None:
    """The grade of what stands on several reports: none where one of them has none."""
    told = list(grades)
    known = [grade for grade in told if grade is not None]
    return max(known) if known and len(known) == len(told) else None
