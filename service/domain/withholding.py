"""What is withheld from public readers, at a moment, by the desk's markings and for the sake of
persons' next of kin (DOMAIN.md §3; docs/adr/0008 has the reasons).

This is the plain fold. The store keeps what `withholdings_of` gives, one row each, and asks
`withheld` about those rows.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from typing import NamedTuple

from service.domain.editorial import (
    Audience,
    MarkingApplied,
    ReportCorrected,
    ReportDisputed,
    ReportEndorsed,
    ReportRetracted,
)
from service.domain.moments import read_instant
from service.domain.record import PersonIdentified
from service.domain.report import Event, wire_type
from service.domain.standing import EVERYBODY, Bounds, is_seen, retractions

FOREVER_US = 2**62
SPEAKS_OF_OTHERS = (ReportCorrected, ReportRetracted, ReportDisputed, ReportEndorsed)
"""Whose words would tell what their targets say."""


_PERSON = wire_type(PersonIdentified)


class Withholding(NamedTuple):
    """What one event says of who may read another: a marking of its target, or a word on whether
    the next of kin of the person whom its target names are informed.

    The target is withheld until `until_us`: 0 withholds nothing. `releases`: the desk says that it
    is for the public.
    """

    target: int
    by: int
    published_us: int
    until_us: int
    marks: bool
    releases: bool


class Correcting(NamedTuple):
    root: int
    by: int


def withholdings_of(event: Event) -> tuple[Withholding, ...]:
    """What an event says of who may read what. Nothing for most."""
    report = event.report
    if isinstance(report, MarkingApplied):
        if report.embargo_until is None and report.audience is None:
            return ()
        return tuple(_marking(event, report, target) for target in event.refs.targets)
    if isinstance(report, PersonIdentified) and report.next_of_kin_informed is not True:
        return (_word(event, event.version, informed=False),)
    if isinstance(report, ReportCorrected) and report.replacement.get("type") == _PERSON:
        informed = report.replacement.get("next_of_kin_informed") is True
        return (_word(event, event.refs.targets[0], informed=informed),)
    return ()


def withheld(
    said: Sequence[Withholding],
    corrections: Iterable[Correcting],
    retracted: Container[int],
    moment_us: int,
) -> frozenset[int]:
    """The events that public readers do not see at a moment. `said` is all that is seen of it,
    `corrections` those of events that are marked.
    """
    desk = _Desk(said, retracted, moment_us)
    found = {target for target in desk.rulings if desk.closes(target)}
    told: defaultdict[int, list[Withholding]] = defaultdict(list)
    for word in said:
        if not word.marks:
            told[word.target].append(word)
    for root, words in told.items():
        found |= _unnamed(root, words, desk, retracted)
    pairs = [*corrections, *(Correcting(word.target, word.by) for word in said if not word.marks)]
    return frozenset(found | {by for root, by in pairs if root in found})


def release_us(
    said: Sequence[Withholding], retracted: Container[int], moment_us: int
) -> int | None:
    """When something is withheld no longer without a word from anybody; FOREVER_US where nothing
    is. None where nobody said anything of who may read what.
    """
    if not said:
        return None
    rulings = _Desk(said, retracted, moment_us).rulings.values()
    return min(
        (ruling.until_us for ruling in rulings if moment_us < ruling.until_us), default=FOREVER_US
    )


def withheld_among(events: Iterable[Event], bounds: Bounds, moment_us: int) -> frozenset[int]:
    """The same of the events inside some bounds. Whom a question trusts lifts nothing."""
    seen = [event for event in events if is_seen(event, bounds, EVERYBODY)]
    return withheld(
        [word for event in seen for word in withholdings_of(event)],
        [
            Correcting(event.refs.targets[0], event.version)
            for event in seen
            if isinstance(event.report, ReportCorrected)
        ],
        retractions(seen),
        moment_us,
    )


def is_silent(event: Event, unseen: Container[int]) -> bool:
    """Whether the words of an event are not for a reader: it is withheld, or it is an act that
    speaks of nothing else.
    """
    if event.version in unseen:
        return True
    targets = event.refs.targets if isinstance(event.report, SPEAKS_OF_OTHERS) else ()
    return bool(targets) and all(target in unseen for target in targets)


class _Desk:
    """Of several markings of one target the latest published decides."""

    def __init__(
        self, said: Iterable[Withholding], retracted: Container[int], moment_us: int
    ) -> None:
        self._moment_us = moment_us
        self.rulings: dict[int, Withholding] = {}
        for word in sorted(said, key=_told_at):
            if word.marks and word.by not in retracted:
                self.rulings[word.target] = word

    def closes(self, version: int) -> bool:
        ruling = self.rulings.get(version)
        return ruling is not None and self._moment_us < ruling.until_us

    def releases(self, word: Withholding) -> bool:
        """Whether the desk released a word on a person, or the report that it speaks for, after
        the word was told.
        """
        own, whole = self.rulings.get(word.by), self.rulings.get(word.target)
        return (own is not None and own.releases) or (
            whole is not None and whole.releases and word.by < whole.by
        )


def _unnamed(
    root: int, words: Sequence[Withholding], desk: _Desk, retracted: Container[int]
) -> set[int]:
    """What is withheld of one report on a person and its corrections. The latest word that stands
    speaks for all before it.
    """
    own = next((word for word in words if word.by == root), None)
    living = [
        word
        for word in words
        if word.by != root and word.by not in retracted and not desk.closes(word.by)
    ]
    speaker = max(living, key=_told_at, default=own)

    def is_open(word: Withholding) -> bool:
        return not word.until_us or desk.releases(word)

    if speaker is not None and not is_open(speaker):
        return {root, *(word.by for word in words)}

    def is_covered(word: Withholding) -> bool:
        return speaker is not None and (
            word.by == root or (speaker is not own and _told_at(word) <= _told_at(speaker))
        )

    return {word.by for word in words if not is_open(word) and not is_covered(word)}


def _told_at(word: Withholding) -> tuple[int, int]:
    return word.published_us, word.by


def _marking(event: Event, report: MarkingApplied, target: int) -> Withholding:
    until_us = 0 if report.embargo_until is None else read_instant(report.embargo_until)
    return Withholding(
        target=target,
        by=event.version,
        published_us=event.published_us,
        until_us=FOREVER_US if report.audience is Audience.DESK else until_us,
        marks=True,
        releases=report.audience is Audience.PUBLIC,
    )


def _word(event: Event, root: int, *, informed: bool) -> Withholding:
    return Withholding(
        target=root,
        by=event.version,
        published_us=event.published_us,
        until_us=0 if informed else FOREVER_US,
        marks=False,
        releases=False,
    )
