"""An update in plain words: what a feed or a live blog tells of it.

The words are the update's own summary where it has one, else what its reports say, each with whom
it is the word of. What was corrected or taken back since says so.
"""

from collections.abc import Iterator
from typing import NamedTuple

from service.domain.editorial import Correction, ReportRetracted, Retraction, said_in
from service.domain.lifecycle import IncidentOpened, IncidentRetitled, IncidentStatusChanged
from service.domain.record import (
    ContextReported,
    EvidenceAdded,
    NarrativePosted,
    PersonIdentified,
    QuestionAnswered,
    QuestionRaised,
    StatementReported,
)
from service.domain.report import Report
from service.domain.saying import say_report
from service.domain.situation import Situation
from service.domain.wording import at_head, label, plain
from service.store.retelling import ToldEvent, ToldUpdate

LONGEST_HEADLINE = 110
"""Characters: what news search shows of one."""


class Story(NamedTuple):
    headline: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def story(update: ToldUpdate, held: Situation) -> Story | None:
    """None where all of its words are withheld or gone."""
    told = [(event, event.report) for event in update.events if event.report is not None]
    if not told:
        return None
    lines = [_line(event, report, update, held) for event, report in told]
    summary = [] if update.summary is None else [update.summary]
    return Story(_short((summary or _headlines(told) or lines)[0]), (*summary, *lines))


def credit(update: ToldUpdate) -> str:
    """Who published it, by name where it is known."""
    publisher = update.publisher
    return "" if publisher is None else publisher.name or publisher.key


def source(update: ToldUpdate) -> str | None:
    """Where it was read, if a browser may be sent there."""
    url = None if update.publisher is None else update.publisher.url
    return url if url is not None and url.startswith(("http://", "https://")) else None


def acts_on(
    event: ToldEvent, update: ToldUpdate, held: Situation
) -> Iterator[Correction | Retraction]:
    """What corrected the event, or took it back."""
    yield from (one for one in held.corrections if one.target == event.version)
    yield from (one for one in held.retractions if _takes_back(one, event, update))


def say_act(act: Correction | Retraction) -> str:
    """`corrected by event 14: the ministry miscounted`"""
    done, why = (
        ("corrected", act.note) if isinstance(act, Correction) else ("taken back", act.reason)
    )
    return f"{done} by event {act.by}{f': {why}' if why else ''}"


def _line(event: ToldEvent, report: Report, update: ToldUpdate, held: Situation) -> str:
    said = say(report)
    publisher = "" if update.publisher is None else update.publisher.key
    by = "" if event.origin == publisher else f" (says {_name(report, event.origin)})"
    acts = "; ".join(say_act(act) for act in acts_on(event, update, held))
    return f"{said}{by}{f' [{acts}]' if acts else ''}"


def say(report: Report) -> str:
    """A report with all its words, where they are its point."""
    match report:
        case IncidentOpened() | IncidentRetitled():
            told = report.title
        case IncidentStatusChanged():
            told = f"Status: {report.status}{f'. {report.reason}' if report.reason else ''}"
        case StatementReported():
            quote = f" “{report.quote}”" if report.quote else ""
            told = f"{report.speaker}: {report.paraphrase}{quote}"
        case ContextReported():
            told = f"{report.paraphrase}{f' ({report.period})' if report.period else ''}"
        case NarrativePosted():
            told = f"{report.headline}: {report.body}" if report.headline else report.body
        case EvidenceAdded():
            told = f"Evidence: {report.url or report.archive_url or report.sha256}"
        case PersonIdentified():
            harm = f", {plain(report.harm)}" if report.harm else ""
            told = f"{report.name}{f', {report.role}' if report.role else ''}{harm}"
        case QuestionRaised():
            told = f"Asked: {report.question}{f' {report.text}' if report.text else ''}"
        case QuestionAnswered():
            told = f"Answered: {report.question}{f' {report.text}' if report.text else ''}"
        case _:
            return at_head(say_report(report))
    return told if report.is_told else f"{label(report.modality or '')}: {told}"


def _headlines(told: list[tuple[ToldEvent, Report]]) -> list[str]:
    return [
        report.headline
        for _, report in told
        if isinstance(report, NarrativePosted) and report.headline
    ]


def _name(report: Report, origin: str) -> str:
    return origin if report.origin is None else report.origin.name or report.origin.key


def _takes_back(retraction: Retraction, event: ToldEvent, update: ToldUpdate) -> bool:
    if event.version in retraction.targets:
        return True
    scope, publisher = retraction.said_since, update.publisher
    return (
        scope is not None
        and publisher is not None
        and event.version < retraction.by
        and not isinstance(event.report, IncidentOpened | ReportRetracted)
        and said_in(
            scope,
            origin=event.origin,
            publisher=publisher.key,
            published_us=update.published_us,
        )
    )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_HEADLINE else f"{line[: LONGEST_HEADLINE - 1].rstrip()}…"
