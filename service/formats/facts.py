"""What tables and maps show of a situation, as no more than it is known: a point, a day, a number
only where the record has one.
"""

from datetime import date
from typing import NamedTuple

from service.domain.casualties import Harm, Toll
from service.domain.overview import LocationRole, Place
from service.domain.quantity import Number
from service.domain.reconcile import Figure
from service.domain.situation import Situation
from service.domain.when import When
from service.domain.wording import STATUS, plain, say_figure, say_harm, say_place

DAY = len("2020-03-11")
HAPPENED = (LocationRole.TARGET, LocationRole.IMPACT)
"""The roles of places where it happened, and neither began nor was answered."""

CLAIMED = {"claimed", "established"}
"""Levels of attribution at which a table may name an actor: by its own word, or proven."""


class Point(NamedTuple):
    longitude: Number
    latitude: Number


class Days(NamedTuple):
    """The UTC days between which it happened, `YYYY-MM-DD`; how many they are."""

    first: str
    last: str
    number: int


def scene(held: Situation) -> Place | None:
    """The place that best says where it happened: the most precise one with a geometry, else the
    most precise one; a target before an impact.
    """
    there = [place for role in HAPPENED for place in held.overview.locations if place.role == role]
    drawn = [place for place in there if place.geometry is not None]
    return next(iter(drawn or there), None)


def point(place: Place | None) -> Point | None:
    """Of a geometry that is one point; the middle of anything else nobody has told."""
    if place is None or place.geometry is None or place.geometry["type"] != "Point":
        return None
    longitude, latitude = place.geometry["coordinates"][:2]
    return Point(longitude, latitude)


def days(when: When) -> Days | None:
    """None where nobody has said when it happened."""
    if when.earliest is None or when.latest is None:
        return None
    first, last = when.earliest[:DAY], when.latest[:DAY]
    return Days(first, last, _day_number(last) - _day_number(first) + 1)


def instant(when: When) -> str | None:
    """Where it is known as one."""
    return when.earliest if when.earliest == when.latest else None


def count(figure: Figure) -> Number | None:
    """The one number, where there is one: the sources' point figure, or an interval of one."""
    if figure.best is not None:
        return figure.best
    return figure.low if figure.status != "unreported" and figure.low == figure.high else None


def least(figure: Figure) -> Number | None:
    """None where nobody has reported, or knows how many: that is not 0."""
    return None if figure.low == 0 and figure.high is None else figure.low


def tolls(held: Situation) -> dict[str, Toll]:
    """By harm, those that somebody reported."""
    told = {str(harm): getattr(held.casualties, harm) for harm in Harm}
    return {harm: toll for harm, toll in told.items() if toll.status != "unreported"}


def toll_of(held: Situation, **group: str) -> Figure | None:
    """The killed of exactly this group, where somebody counted them."""
    return next((one for one in held.casualties.killed.by_group if one.group == group), None)


def sources(held: Situation) -> tuple[str, ...]:
    return tuple(publisher.name or publisher.key for publisher in held.publishers)


def responsible(held: Situation) -> tuple[str, ...]:
    """Perpetrators by their own word, or proven. Nobody is named here who is merely accused."""
    lines = held.attribution.lines
    named = (
        line.subject for line in lines if line.relation == "perpetrator" and line.level in CLAIMED
    )
    return tuple(dict.fromkeys(named))


def attributed(held: Situation) -> str:
    """Everybody who is named and how firmly: `X as perpetrator: accused`."""
    lines = held.attribution.lines
    return "; ".join(f"{line.subject} as {line.relation}: {line.level}" for line in lines)


def placed(place: Place) -> str:
    """With whose word it is: `target: Camp Taji, IQ (facility), says reuters`."""
    return f"{plain(place.role)}: {say_place(place)}, says {place.origin}"


def question(held: Situation) -> dict[str, str | int | None]:
    """Which answer this is, for a row of a table that has no other place for it."""
    return {
        "version": held.version,
        "recorded_at": held.recorded_at,
        "as_of": held.as_of,
        "published_until": held.published_until,
        "policy": held.policy,
        "left_out": "; ".join(held.left_out),
    }


def sentences(held: Situation) -> list[str]:
    """What holds, a sentence each."""
    told = []
    happened = days(held.overview.occurred)
    if happened is not None:
        span = happened.first if happened.number == 1 else f"{happened.first} to {happened.last}"
        told.append(f"Happened: {span} (UTC).")
    place = scene(held)
    if place is not None:
        told.append(f"Where: {say_place(place)}.")
    told += [
        f"{say_harm(harm)}: {say_figure(toll)} ({STATUS[toll.status]})."
        for harm, toll in tolls(held).items()
    ]
    told.append(f"Responsibility: {held.attribution.responsibility}.")
    told += [f"{line}." for line in attributed(held).split("; ") if line]
    if held.as_of is not None:
        told.append(f"As recorded by {held.as_of}.")
    if held.published_until is not None:
        told.append(f"As published by {held.published_until}.")
    if held.left_out:
        told.append(f"Left out: {', '.join(held.left_out)}.")
    return told


def _day_number(day: str) -> int:
    return date.fromisoformat(day).toordinal()
