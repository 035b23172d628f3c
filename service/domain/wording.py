"""The parts of a situation, its figures and its paths, in the words that pages, the terminal and
sentences share.
"""

from collections.abc import Mapping

from service.domain.attribution import Said
from service.domain.casualties import Harm
from service.domain.group import group_of
from service.domain.overview import Damage, Means, Place
from service.domain.paths import FigurePath, read_figure_path, read_line_path
from service.domain.quantity import Number
from service.domain.reconcile import Figure
from service.domain.record import Person
from service.domain.responses import Response, ResponseReported
from service.domain.situation import Situation
from service.domain.unknowns import Unknown

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
"""On what a figure rests (DOMAIN.md §5), as readers understand it."""


def plain(word: str) -> str:
    """A word of a vocabulary as people write it."""
    return word.replace("_", " ")


def label(word: str) -> str:
    """The same at the head of a line."""
    return at_head(plain(word))


def at_head(text: str) -> str:
    """What stands at the head of a line, whoever wrote it."""
    return text[:1].upper() + text[1:]


def say_harm(harm: str) -> str:
    return "Harmed in a way not said" if harm == Harm.UNSPECIFIED else label(harm)


def say_figure(figure: Figure | None) -> str:
    """A figure in words: `at least 2`, `3`, `12 to 18`, `none reported`."""
    if figure is None or figure.status == "unreported":
        return "none reported"
    return say_interval(figure.low, figure.high)


def say_interval(low: Number, high: Number | None) -> str:
    if high is None:
        return f"at least {low}" if low else "not known how many"
    return str(low) if low == high else f"{low} to {high}"


def say_response(told: Response | ResponseReported) -> str:
    """`strike by US military, bases in Syria`."""
    done = "response" if told.kind in {None, "other"} else plain(str(told.kind))
    by = f" by {told.actor}" if told.actor else ""
    at = told.target or told.place
    return f"{done}{by}{f', {at}' if at else ''}"


def say_window(earliest: str, latest: str, precision: str) -> str:
    """`2020-03-11 16:30 to 2020-03-11 17:00 UTC`; a day or a month by its name."""
    first, last = earliest[:16].replace("T", " "), latest[:16].replace("T", " ")
    if precision in {"day", "month"}:
        return first[: 10 if precision == "day" else 7]
    return f"{first} UTC" if first == last else f"{first} to {last} UTC"


def say_group(group: Mapping[str, str]) -> str:
    return " ".join(group.values())


def say_place(place: Place) -> str:
    """`Taji Air Base, IQ, 24 km NW of central Baghdad (facility)`."""
    named = [part for part in (place.name, place.country) if part]
    if place.relative is not None:
        near = place.relative
        distance = [] if near.distance_km is None else [f"{near.distance_km} km"]
        named.append(" ".join([*distance, *filter(None, [near.bearing]), "of", near.of]))
    precision = f" ({plain(place.precision)})" if place.precision else ""
    return (", ".join(named) or "a point on the map") + precision


def say_means(means: Means) -> str:
    """`unguided rocket, 13 to 17 fired`."""
    counted = "" if means.low is None else f", {say_interval(means.low, means.high)}"
    return f"{means.weapon}{counted}{f' {plain(means.basis)}' if means.basis else ''}"


def say_damage(damage: Damage) -> str:
    """`hangar, destroyed, 2`."""
    counted = "" if damage.low is None else f", {say_interval(damage.low, damage.high)}"
    return f"{damage.object}, {plain(damage.extent)}{counted}"


def say_person(person: Person) -> str:
    """`A. Soldier, medic, killed, US military`."""
    role = None if person.role in person.group.values() else person.role
    known = [plain(word) for word in (role, person.harm) if word]
    return ", ".join([person.name, *known, *([say_group(person.group)] if person.group else [])])


def say_statement(said: Said) -> str:
    """`assessment by CENTCOM, likely, high confidence`."""
    speaker = f" by {said.speaker}" if said.speaker else ""
    likelihood = [plain(said.likelihood)] if said.likelihood else []
    confidence = [f"{said.confidence} confidence"] if said.confidence else []
    return ", ".join([f"{plain(said.statement)}{speaker}", *likelihood, *confidence])


def say_counted(figure: FigurePath) -> str:
    """What a figure counts: `Killed, US military`."""
    _, _, name = figure.whole.rpartition(".")
    harm = figure.whole.startswith("casualties.")
    counted = say_harm(name) if harm else label(figure.whole.removeprefix("overview.measures."))
    return f"{counted}, {say_group(group_of(figure.cell))}" if figure.cell else counted


def say_where(held: Situation, unknown: Unknown) -> str:
    """The path of something unknown as people would say it. A question is in its own words."""
    return unknown.where if unknown.what == "open_question" else say_path(held, unknown.where)


def say_path(held: Situation, path: str) -> str:
    """A part of the situation as people would say it: `Killed, US military`."""
    if (figure := read_figure_path(path)) is not None:
        return say_counted(figure)
    if (line := read_line_path(path)) is not None:
        return f"{line.subject}, {plain(line.relation)}"
    match path.split("."):
        case ["responses", *key]:
            said = ".".join(key)
        case ["overview", "locations", role]:
            leading = [place for place in held.overview.locations if place.role == role]
            told = leading[0].name or leading[0].country if leading else None
            said = f"{label(role)}: {told or 'a point on the map'}"
        case ["overview", "occurred"]:
            said = "When it happened"
        case ["events", version]:
            said = f"Event {version}"
        case [_, name]:
            said = label(name)
        case _:
            said = path
    return said
