"""What is not known, kind by kind: where, since when, and what would close it."""

from collections import defaultdict
from collections.abc import Iterator

from service.commands.paper import Line, label, line, plain
from service.domain.changes import say_group
from service.domain.situation import Situation
from service.domain.unknowns import Unknown


def unknown_lines(situation: Situation) -> Iterator[Line]:
    kinds: defaultdict[tuple[str, str], list[Unknown]] = defaultdict(list)
    for unknown in situation.unknowns:
        kinds[unknown.what, unknown.closes_with].append(unknown)
    for (what, closes_with), unknowns in kinds.items():
        yield line(f"{label(what)}, until there is {closes_with}:")
        for unknown in unknowns:
            since = f", since {unknown.since[:10]}" if unknown.since else ""
            yield line(f"{_place(situation, unknown)}{since}", unknown.because, depth=2)


def _place(situation: Situation, unknown: Unknown) -> str:
    """A path of the situation as people would say it. A question is in its own words."""
    where = [] if unknown.what == "open_question" else unknown.where.split(".")
    match where:
        case ["attribution", "lines", index]:
            told = situation.attribution.lines[int(index)]
            place = f"{told.subject}, {plain(told.relation)}"
        case ["responses", index]:
            place = situation.responses[int(index)].response
        case ["casualties", harm, "by_group", index]:
            group = getattr(situation.casualties, harm).by_group[int(index)]
            place = f"{plain(harm)}, {say_group(group.group)}"
        case ["overview", "locations", index]:
            place = f"{plain(situation.overview.locations[int(index)].role)} location"
        case ["overview", "measures", *name]:
            place = plain(".".join(name))
        case ["events", version]:
            place = f"event {version}"
        case [_, name]:
            place = plain(name)
        case _:
            place = unknown.where
    return place
