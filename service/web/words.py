"""Situations in the words of a news desk, in the language of the page. Numbers and names are as the
domain says them.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import structs

from service.domain import paths
from service.domain import wording as english
from service.domain.attribution import Line, Responsibility, Said, Statement
from service.domain.casualties import Casualties, Harm, Toll
from service.domain.lifecycle import Status
from service.domain.reconcile import UNREPORTED, Figure
from service.domain.responses import Response
from service.domain.situation import Situation
from service.store.answers import UpdateRecord
from service.web.tongues import times, wording
from service.web.tongues.changes import RESPONSIBILITY, say_change
from service.web.tongues.reports import say_reports
from service.web.tongues.speaking import (
    gettext,
    isolated,
    joined,
    later,
    listed,
    said,
)
from service.web.tongues.vocabularies import VOCABULARIES

CONTESTED = {"disputed", "inconsistent"}
AXES = {
    "recorded": later("as we recorded it"),
    "published": later("as the world published it"),
    "effective": later("as it was in the world"),
}
MARKS = {"correction": "◆", "retraction": "✕", "adjudication": "⚖"}
COLOURS = ("#0072b2", "#b8600b", "#00785a", "#a0427e", "#5b4bb5", "#6b6b00")
"""Lines on white paper; dashes tell them apart where colours do not."""

FATES = {
    "stands": later("stands"),
    "outdated": later("overtaken by events"),
    "superseded": later("superseded by a later report of the same origin"),
    "corrected": later("corrected"),
    "retracted": later("retracted"),
    "outside_bounds": later("not yet told at the moment shown"),
    "left_out": later("left out, as was asked"),
}
STATES = frozenset(map(str, Status))
LAST = times.LAST

harm, group, where = wording.say_harm, wording.say_group, wording.say_where
place, means, damage = wording.say_place, wording.say_means, wording.say_damage
line_path, group_path, path = paths.line_path, paths.group_path, wording.say_path
person, statement, interval = wording.say_person, wording.say_statement, wording.say_interval
say_figure, change, free = wording.say_figure, say_change, wording.label_of
moment, day, window, there = times.say_moment, times.say_day, times.say_window, times.say_there
reports = say_reports
label, at_head = english.label, english.at_head


def is_told(vocabulary: str, word: str) -> bool:
    return word in VOCABULARIES[vocabulary]


def status(figure: Any) -> str:
    """On what a figure, a time or a step rests."""
    return gettext(english.STATUS[figure.status])


def responsibility(word: str) -> str:
    return gettext(RESPONSIBILITY[word])


def axis(word: str) -> str:
    return gettext(AXES[word])


def fate(word: str) -> str:
    return gettext(FATES[word])


def remarked(verb: str, who: str) -> str:
    """That an origin disputes or endorses a report."""
    if verb == "disputed":
        return gettext("disputed by %(who)s", who=who)
    return gettext("endorsed by %(who)s", who=who)


def kind(kind: str) -> str:
    return said("incident", kind)


def searched_kind(named: str) -> str:
    """`attack` is any attack."""
    return gettext("any attack") if named == "attack" else kind(named)


def is_day(update: UpdateRecord) -> bool:
    """Whether the publisher gave no more than a date."""
    return update.published is not None and len(update.published) == len("2020-03-11")


def published(update: UpdateRecord) -> str:
    """When it was published, as precisely as the publisher gave it."""
    return day(update.published_at) if is_day(update) else moment(update.published_at)


def published_as(told: str) -> str:
    """A time of publication as it was posted: a day, or a moment."""
    return day(told) if len(told) == 10 else moment(told)


def occurred(told: Mapping[str, Any]) -> str | None:
    """The time in a line of the list, None where nobody has said it."""
    if told["earliest"] is None or told["latest"] is None:
        return None
    return window(told["earliest"], told["latest"], told["precision"])


def figure(figure: Figure) -> str:
    """`at least 3`, `3`, `12 to 18 (disputed)`, `none reported`."""
    told = say_figure(figure)
    return told if figure.status not in CONTESTED else f"{told} ({contested(figure.status)})"


def contested(status: str) -> str:
    """In a word, why a figure is in doubt."""
    return gettext("disputed") if status == "disputed" else gettext("inconsistent")


def brief(told: Mapping[str, Any]) -> str:
    """A figure in a line of the list."""
    return figure(structs.replace(UNREPORTED, **told))


def has_best(figure: Figure) -> bool:
    """Whether there is a point figure that the interval does not say by itself."""
    return figure.best is not None and figure.low != figure.high


def tolls(casualties: Casualties) -> dict[str, Toll]:
    """The harms that somebody reported."""
    told = {str(harm): getattr(casualties, harm) for harm in Harm}
    return {
        harm: toll for harm, toll in told.items() if toll.status != "unreported" or toll.by_group
    }


def figures(held: Situation) -> list[str]:
    """The paths of all figures that somebody gave, each whole before its groups."""
    counted: dict[str, Any] = {
        **{f"casualties.{harm}": toll for harm, toll in tolls(held.casualties).items()},
        **{f"overview.measures.{name}": one for name, one in held.overview.measures.items()},
    }
    found = []
    for path, whole in counted.items():
        found.append(path)
        found += [group_path(path, one.group) for one in whole.by_group]
    return found


def silent(casualties: Casualties) -> str:
    """The harms that nobody reported."""
    told = tolls(casualties)
    return joined(
        said("harm", harm) for harm in Harm if harm not in told and harm is not Harm.UNSPECIFIED
    )


def sides(line: Line) -> tuple[tuple[str, list[Said]], ...]:
    """Who says that it was so, and who denies it."""
    denials = [said for said in line.statements if said.statement == Statement.DENIAL]
    others = [said for said in line.statements if said not in denials]
    return (gettext("Who says so"), others), (gettext("Who denies it"), denials)


def holds(part: Any) -> str | None:
    """What holds under a path, in a few words; None where that takes more than a few."""
    match part:
        case Figure():
            return figure(part)
        case Responsibility():
            return responsibility(part.responsibility)
        case Line():
            return said("level", part.level)
        case Response():
            return joined([said("execution", part.execution), said("evidence", part.evidence)])
        case str():
            return said("status", part) if part in STATES else isolated(part)
    return None


def response(response: Response) -> str:
    return at_head(wording.say_response(response))


def events(update: UpdateRecord) -> str:
    first, last = update.reports[0].version, update.version
    if first == last:
        return gettext("event %(version)s", version=last)
    return gettext("events %(first)s to %(last)s", first=first, last=last)


def names(held: Situation) -> Callable[..., str]:
    """Says who is meant by keys: the names of the publishers that have them, else the keys."""
    known = {publisher.key: publisher.name for publisher in held.publishers if publisher.name}
    return lambda *keys: listed(isolated(known.get(key, key)) for key in keys)


def then(held: Situation) -> str:
    """What sets the page of a moment apart from others of its incident, for its title."""
    until = held.published_until
    if until is None:
        return gettext(", version %(version)s", version=held.version)
    return gettext(
        ", version %(version)s as published by %(until)s",
        version=held.version,
        until=moment(until),
    )


def left_out(left_out: Iterable[str]) -> str:
    """`publisher:the-drive` is what the-drive published."""
    return listed(isolated(one.partition(":")[2]) for one in left_out)


def web_address(url: str | None) -> str | None:
    """An address that a browser may be sent to, else None."""
    return url if url is not None and url.lower().startswith(("https://", "http://")) else None
