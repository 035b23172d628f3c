"""What is not known, one heading for each kind of gap: where, since when, what would close it."""

from collections import defaultdict
from typing import NamedTuple

from service.domain.situation import Situation
from service.domain.wording import label
from service.web.tongues.speaking import gettext, later
from service.web.tongues.wording import say_where

TITLES = {
    "open_ended_toll": later("Toll without an upper bound"),
    "single_origin": later("On the word of one origin"),
    "unclaimed": later("Nobody has claimed it"),
    "adjudication_needs_review": later("Settled by the desk before newer reports came"),
    "denied_count": later("A count that somebody denies"),
    "conditional_report": later("Said under a condition"),
    "orphaned_report": later("Stands on a retracted report"),
    "attribution_below_assessed": later("Blamed, but not formally assessed"),
    "imprecise_time": later("Imprecise time"),
    "imprecise_place": later("Imprecise place"),
    "unspecified_casualties": later("Unspecified casualties"),
    "disputed_figure": later("Disputed figure"),
    "inconsistent_figure": later("Inconsistent figure"),
    "response_unconfirmed": later("Response unconfirmed"),
    "open_question": later("Open question"),
}
CLOSING = {
    "open_ended_toll": later("a count with an upper bound from an origin that can know"),
    "single_origin": later("a second, independent origin"),
    "unclaimed": later("a claim of responsibility or a finding"),
    "adjudication_needs_review": later("a new adjudication, or the retraction of the old one"),
    "denied_count": later("a count by whoever denies this one"),
    "conditional_report": later("a report without the condition"),
    "orphaned_report": later("a report that stands by itself, or the retraction of this one too"),
    "attribution_below_assessed": later("a formal assessment, a claim or a finding"),
    "imprecise_time": later("a time that all standing reports allow, or one by the hour"),
    "imprecise_place": later("a report that names the locality or the facility"),
    "unspecified_casualties": later("a report that says whether they were killed or injured"),
    "disputed_figure": later("a correction, a retraction or an adjudication"),
    "inconsistent_figure": later("a correction, a retraction or an adjudication"),
    "response_unconfirmed": later("the actor's word, or a second independent origin"),
    "open_question": later("an answer"),
}
"""The domain's words (service.domain.unknowns)."""


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
        Gaps(
            gettext(TITLES.get(what, label(what))),
            gettext(CLOSING.get(what, closes_with)),
            tuple(found),
        )
        for (what, closes_with), found in kinds.items()
    )
