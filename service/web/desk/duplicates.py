"""What may have been told before: it is for a person to decide."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from service.domain.aspect import Slot
from service.domain.moments import read_instant, read_moment
from service.domain.quantity import Quantity, Words, amount
from service.domain.report import Origin, Report, SourceKind, origin_of
from service.domain.reports import convert_report, is_desks, slot_of
from service.domain.update import NewUpdate
from service.domain.wording import at_head
from service.store.answers import UpdateRecord
from service.web import words
from service.web.desk.sources import Known, plain
from service.web.tongues.reports import say_report
from service.web.tongues.speaking import gettext

NEAR = 10
"""Percent by which two counts may differ and still be one that was told twice."""

MOST = 10


class Likeness(NamedTuple):
    """Something recorded that an update may say again, and why it seems so."""

    version: int
    publisher: str
    says: str
    why: str


def likenesses(update: NewUpdate, known: Known) -> list[Likeness]:
    """The nearest first, at most so many: the same publication, then the same words of a source."""
    pages = _same_publication(update, known.updates)
    told = [
        one for one in _same_words(update, known.updates) if one.version not in _versions(pages)
    ]
    return [*pages, *told][:MOST]


def _versions(found: Sequence[Likeness]) -> set[int]:
    return {one.version for one in found}


def told_in(updates: Sequence[UpdateRecord]) -> list[tuple[int, str, str]]:
    """Every report in words: its event, its source, what it says."""
    return [
        (
            version,
            report.origin.name or report.origin.key if report.origin else _publisher(one),
            at_head(say_report(report)),
        )
        for one, version, report, _ in _recorded(updates)
    ]


def _same_publication(update: NewUpdate, told: Sequence[UpdateRecord]) -> list[Likeness]:
    found = []
    published_us = None if update.published_at is None else read_moment(update.published_at)
    for one in told:
        if one.publisher.get("key") != update.publisher.key:
            continue
        same_page = (
            update.publisher.url is not None and one.publisher.get("url") == update.publisher.url
        )
        same_moment = published_us == read_instant(one.published_at)
        if same_page or same_moment:
            why = (
                gettext("the same page")
                if same_page
                else gettext("the same publisher at the same moment")
            )
            first = one.reports[0].version
            says = one.summary or words.reports(one)
            found.append(Likeness(first, _publisher(one), says, why))
    return found


def _same_words(update: NewUpdate, told: Sequence[UpdateRecord]) -> Iterator[Likeness]:
    new = [(one.report, _slot(one.report, update)) for one in update.reports]
    wanted = [(report, slot) for report, slot in new if slot is not None]
    if not wanted:
        return
    for one, version, report, slot in _recorded(told):
        for mine, place in wanted:
            if slot == place and _is_near(mine, report):
                says = say_report(report)
                why = gettext("the same source on the same thing")
                yield Likeness(version, _publisher(one), says, why)
                break


def _recorded(
    told: Sequence[UpdateRecord],
) -> Iterator[tuple[UpdateRecord, int, Report, Slot | None]]:
    for one in told:
        for held in one.reports:
            posted = plain(held.report)
            if posted is None or posted.get("type") == "opening":
                continue
            report = convert_report(posted)
            origin = report.origin.key if report.origin else one.publisher["key"]
            yield one, held.version, report, _of(report, origin)


def _slot(report: Report, update: NewUpdate) -> Slot | None:
    return _of(report, origin_of(report, update.publisher).key)


def _of(report: Report, origin: str) -> Slot | None:
    """Where it stands, by what it says and who says it."""
    if is_desks(report):
        return None
    return slot_of(report, Origin(key=origin, kind=SourceKind.OTHER), 0)


def _is_near(one: Report, other: Report) -> bool:
    mine, theirs = getattr(one, "quantity", None), getattr(other, "quantity", None)
    if mine is None or theirs is None:
        return type(one) is type(other) and mine is theirs
    here, there = _low(mine), _low(theirs)
    return abs(here - there) * 100 <= NEAR * max(here, there)


def _low(quantity: Quantity | Words) -> int:
    return int(amount(quantity).low)


def _publisher(one: UpdateRecord) -> str:
    return str(one.publisher.get("name") or one.publisher["key"])
