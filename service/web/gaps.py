"""What is not known, one heading for each kind of gap: where, since when, what would close it."""

from collections import defaultdict
from typing import NamedTuple

from service.domain.changes import say_group
from service.domain.situation import Situation
from service.domain.unknowns import Unknown
from service.web.words import harm, label, plain

TITLES = {
    "open_ended_toll": "Toll without an upper bound",
    "single_origin": "On the word of one origin",
    "unclaimed": "Nobody has claimed it",
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
        gap = Gap(_place(held, unknown), unknown.since, unknown.because)
        kinds[unknown.what, unknown.closes_with].append(gap)
    return tuple(
        Gaps(TITLES.get(what, label(what)), closes_with, tuple(found))
        for (what, closes_with), found in kinds.items()
    )


def _place(held: Situation, unknown: Unknown) -> str:
    """A path of the situation as people would say it. A question is in its own words."""
    where = [] if unknown.what == "open_question" else unknown.where.split(".")
    match where:
        case ["attribution", "lines", index]:
            line = held.attribution.lines[int(index)]
            place = f"{line.subject}, {plain(line.relation)}"
        case ["responses", index]:
            place = held.responses[int(index)].response
        case ["casualties", name, "by_group", index]:
            group = getattr(held.casualties, name).by_group[int(index)]
            place = f"{harm(name)}, {say_group(group.group)}"
        case ["casualties", name]:
            place = harm(name)
        case ["overview", "locations", index]:
            told = held.overview.locations[int(index)]
            place = f"{label(told.role)}: {told.name or told.country or 'a point on the map'}"
        case ["overview", "occurred"]:
            place = "When it happened"
        case ["overview", "measures", *name]:
            place = label(".".join(name))
        case ["events", version]:
            place = f"Event {version}"
        case [_, name]:
            place = label(name)
        case _:
            place = unknown.where
    return place
