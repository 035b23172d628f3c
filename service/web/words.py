"""Situations in the words of a news desk. Numbers and names are as the domain says them."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec import structs

from service.domain import wording
from service.domain.casualties import Casualties, Harm, Toll
from service.domain.reconcile import UNREPORTED, Figure
from service.domain.responses import Response
from service.domain.situation import Situation
from service.domain.wording import say_figure
from service.store.answers import UpdateRecord

CONTESTED = {"disputed", "inconsistent"}
STATUS = {
    "unreported": "not reported",
    "single_origin": "one origin only",
    "agreed": "independent origins agree",
    "compatible": "what the origins say fits together",
    "disputed": "disputed",
    "inconsistent": "an origin contradicts itself",
    "adjudicated": "settled by the desk",
    "needs_review": "settled by the desk, to be reviewed after newer reports",
}
RESPONSIBILITY = {
    "unclaimed": "unclaimed",
    "claimed": "claimed",
    "competing": "competing claims",
    "established": "established",
}
FIRST, LAST = "T00:00:00.000000Z", "T23:59:59.999999Z"

plain, label, harm, group = wording.plain, wording.label, wording.say_harm, wording.say_group
place, means, damage = wording.say_place, wording.say_means, wording.say_damage
person, statement, interval = wording.say_person, wording.say_statement, wording.say_interval


def kind(kind: str) -> str:
    """`attack.rocket` is a rocket attack; a bombing is an attack by itself."""
    whole, _, part = kind.partition(".")
    return f"{part} {whole}" if part in {"rocket", "missile"} else part or whole


def searched_kind(named: str) -> str:
    """`attack` is any attack."""
    return f"any {named}" if named == "attack" else kind(named)


def moment(instant: str) -> str:
    """A timestamp to the minute, or to the second where it has one; the end of a day is the day."""
    told = datetime.fromisoformat(instant)
    if instant.endswith(LAST):
        return _date(told)
    seconds = ":%S" if told.second else ""
    return f"{_date(told)}, {told:%H:%M{seconds}} UTC"


def day(instant: str) -> str:
    return _date(datetime.fromisoformat(instant[:10]))


def published(update: UpdateRecord) -> str:
    """When it was published, as precisely as the publisher gave it."""
    told = update.published
    return day(told) if told is not None and len(told) == 10 else moment(update.published_at)


def window(earliest: str, latest: str, precision: str) -> str:
    """A stretch of time, as precisely as it was told."""
    if precision == "month":
        return day(earliest).partition(" ")[2]
    if precision == "day" or (earliest.endswith(FIRST) and latest.endswith(LAST)):
        first, last = day(earliest), day(latest)
    else:
        first, last = moment(earliest), moment(latest)
    if first == last:
        return first
    _, of_the_day, hour = last.partition(", ")
    told = hour if of_the_day and earliest[:10] == latest[:10] else last
    return f"{first.removesuffix(' UTC')} to {told}"


def occurred(told: Mapping[str, Any]) -> str | None:
    """The time in a line of the list, None where nobody has said it."""
    if told["earliest"] is None or told["latest"] is None:
        return None
    return window(told["earliest"], told["latest"], told["precision"])


def figure(figure: Figure) -> str:
    """`at least 3`, `3`, `12 to 18 (disputed)`, `none reported`."""
    contested = f" ({figure.status})" if figure.status in CONTESTED else ""
    return f"{say_figure(figure)}{contested}"


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


def silent(casualties: Casualties) -> str:
    """The harms that nobody reported."""
    told = tolls(casualties)
    return ", ".join(harm for harm in Harm if harm not in told and harm is not Harm.UNSPECIFIED)


def response(response: Response) -> str:
    who = f" by {response.actor}" if response.actor else ""
    at = response.target or response.place
    done = "response" if response.kind in {None, "other"} else plain(str(response.kind))
    return label(f"{done}{who}{f', {at}' if at else ''}")


def reports(update: UpdateRecord) -> str:
    """The kinds of an update's reports: `casualties reported (2), location reported`."""
    kinds = Counter(report.type for report in update.reports)
    return ", ".join(
        plain(kind) if count == 1 else f"{plain(kind)} ({count})" for kind, count in kinds.items()
    )


def events(update: UpdateRecord) -> str:
    first, last = update.reports[0].version, update.version
    return f"event {last}" if first == last else f"events {first} to {last}"


def listed(words: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def names(held: Situation) -> Callable[..., str]:
    """Says who is meant by keys: the names of the publishers that have them, else the keys."""
    known = {publisher.key: publisher.name for publisher in held.publishers if publisher.name}
    return lambda *keys: listed(known.get(key, key) for key in keys)


def then(held: Situation) -> str:
    """What sets the page of a moment apart from others of its incident, for its title."""
    until = held.published_until
    said = f" as published by {moment(until)}" if until else ""
    return f", version {held.version}{said}"


def left_out(left_out: Iterable[str]) -> str:
    """`publisher:the-drive` is what the-drive published."""
    return listed(said.partition(":")[2] for said in left_out)


def web_address(url: str | None) -> str | None:
    """An address that a browser may be sent to, else None."""
    return url if url is not None and url.lower().startswith(("https://", "http://")) else None


def _date(told: datetime) -> str:
    return f"{told.day} {told:%B} {told.year}"
