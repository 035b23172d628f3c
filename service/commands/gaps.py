"""What is not known, kind by kind: where, since when, and what would close it."""

from collections import defaultdict
from collections.abc import Iterator

from service.commands.paper import Line, line
from service.domain.situation import Situation
from service.domain.unknowns import Unknown
from service.domain.wording import label, say_where


def unknown_lines(situation: Situation) -> Iterator[Line]:
    kinds: defaultdict[tuple[str, str], list[Unknown]] = defaultdict(list)
    for unknown in situation.unknowns:
        kinds[unknown.what, unknown.closes_with].append(unknown)
    for (what, closes_with), unknowns in kinds.items():
        yield line(f"{label(what)}, until there is {closes_with}:")
        for unknown in unknowns:
            since = f", since {unknown.since[:10]}" if unknown.since else ""
            yield line(f"{say_where(situation, unknown)}{since}", unknown.because, depth=2)
