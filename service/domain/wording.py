"""Figures, groups and paths of a situation, in the words that pages and sentences share."""

from collections.abc import Mapping

from service.domain.casualties import Harm
from service.domain.reconcile import Figure
from service.domain.situation import Situation
from service.domain.unknowns import Unknown


def plain(word: str) -> str:
    """A word of a vocabulary as people write it."""
    return word.replace("_", " ")


def label(word: str) -> str:
    """The same at the head of a line."""
    said = plain(word)
    return said[:1].upper() + said[1:]


def say_harm(harm: str) -> str:
    return "Harmed in a way not said" if harm == Harm.UNSPECIFIED else label(harm)


def say_figure(figure: Figure | None) -> str:
    """A figure in words: `at least 2`, `3`, `12 to 18`, `none reported`."""
    if figure is None or figure.status == "unreported":
        return "none reported"
    if figure.high is None:
        return f"at least {figure.low}" if figure.low else "not known how many"
    return str(figure.low) if figure.low == figure.high else f"{figure.low} to {figure.high}"


def say_group(group: Mapping[str, str]) -> str:
    return " ".join(group.values())


def say_where(held: Situation, unknown: Unknown) -> str:
    """The path of something unknown as people would say it. A question is in its own words."""
    where = [] if unknown.what == "open_question" else unknown.where.split(".")
    match where:
        case ["attribution", "lines", index]:
            line = held.attribution.lines[int(index)]
            place = f"{line.subject}, {plain(line.relation)}"
        case ["responses", index]:
            place = held.responses[int(index)].response
        case ["casualties", harm, "by_group", index]:
            group = getattr(held.casualties, harm).by_group[int(index)]
            place = f"{say_harm(harm)}, {say_group(group.group)}"
        case ["casualties", harm]:
            place = say_harm(harm)
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
