"""The parts of a situation, its figures and its paths in the language of the page: in English word
for word as the domain says them (service.domain.wording).
"""

from collections.abc import Mapping
from typing import Any

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
from service.domain.wording import label
from service.web.tongues.speaking import gettext, isolated, joined, said, tongue


def say_harm(harm: str) -> str:
    unsaid = harm == Harm.UNSPECIFIED
    return gettext("Harmed in a way not said") if unsaid else label(said("harm", harm))


def say_figure(figure: Figure | None) -> str:
    """`at least 2`, `3`, `12 to 18`, `none reported`."""
    if figure is None or figure.status == "unreported":
        return gettext("none reported")
    return say_interval(figure.low, figure.high)


def say_interval(low: Number, high: Number | None) -> str:
    if high is None:
        return gettext("at least %(low)s", low=low) if low else gettext("not known how many")
    return str(low) if low == high else gettext("%(low)s to %(high)s", low=low, high=high)


def say_group(group: Mapping[str, str]) -> str:
    """English has what somebody is behind the traits, other languages before them."""
    traits = [isolated(word) for trait, word in group.items() if trait != "role"]
    if "role" not in group:
        return " ".join(traits)
    role = said("group", group["role"])
    if tongue().is_english:
        return " ".join(group.values())
    return " ".join([role, *traits])


def say_place(place: Place) -> str:
    """`Taji Air Base, IQ, 24 km NW of central Baghdad (facility)`."""
    named = [isolated(part) for part in (place.name, place.country) if part]
    if place.relative is not None:
        named.append(_relative(place.relative))
    told = joined(named) if named else gettext("a point on the map")
    if not place.precision:
        return told
    precision = said("place precision", place.precision)
    return gettext("%(place)s (%(precision)s)", place=told, precision=precision)


def _relative(near: Any) -> str:
    values = {"of": isolated(near.of), "bearing": isolated(near.bearing), "km": near.distance_km}
    if near.distance_km is None and not near.bearing:
        return gettext("of %(of)s", **values)
    if near.distance_km is None:
        return gettext("%(bearing)s of %(of)s", **values)
    if not near.bearing:
        return gettext("%(km)s km of %(of)s", **values)
    return gettext("%(km)s km %(bearing)s of %(of)s", **values)


def say_means(means: Means) -> str:
    """`unguided rocket, 13 to 17 fired`."""
    told = isolated(means.weapon)
    basis = f" {said('basis', means.basis)}" if means.basis else ""
    return (
        f"{told}{basis}" if means.low is None else joined([told, f"{_interval_of(means)}{basis}"])
    )


def say_damage(damage: Damage) -> str:
    """`hangar, destroyed, 2`."""
    counted = [] if damage.low is None else [_interval_of(damage)]
    return joined([isolated(damage.object), isolated(label_of(damage.extent)), *counted])


def _interval_of(counted: Any) -> str:
    return say_interval(counted.low, counted.high)


def label_of(word: str) -> str:
    """A word that somebody chose freely, as people write it."""
    return word.replace("_", " ")


def say_person(person: Person) -> str:
    """`A. Soldier, medic, killed, US military`."""
    role = None if person.role in person.group.values() else person.role
    known = [isolated(label_of(role))] if role else []
    known += [said("harm", person.harm)] if person.harm else []
    known += [say_group(person.group)] if person.group else []
    return joined([isolated(person.name), *known])


def say_statement(told: Said) -> str:
    """`assessment by CENTCOM, likely, high confidence`."""
    words = said("statement", told.statement)
    if told.speaker:
        speaker = isolated(told.speaker)
        words = gettext("%(statement)s by %(speaker)s", statement=words, speaker=speaker)
    likelihood = [said("likelihood", told.likelihood)] if told.likelihood else []
    confidence = []
    if told.confidence:
        level = said("confidence", told.confidence)
        confidence = [gettext("%(level)s confidence", level=level)]
    return joined([words, *likelihood, *confidence])


def say_counted(figure: FigurePath) -> str:
    """What a figure counts: `Killed, US military`."""
    _, _, name = figure.whole.rpartition(".")
    if figure.whole == "casualties.affected":
        counted = gettext("Affected")
    elif figure.whole.startswith("casualties."):
        counted = say_harm(name)
    else:
        counted = isolated(label(figure.whole.removeprefix("overview.measures.")))
    return joined([counted, say_group(group_of(figure.cell))]) if figure.cell else counted


def say_where(held: Situation, unknown: Unknown) -> str:
    """The path of something unknown as people would say it. A question is in its own words."""
    if unknown.what == "open_question":
        return isolated(unknown.where)
    return say_path(held, unknown.where)


def say_path(held: Situation, path: str) -> str:
    """A part of the situation as people would say it: `Killed, US military`."""
    if (figure := read_figure_path(path)) is not None:
        return say_counted(figure)
    if (line := read_line_path(path)) is not None:
        return joined([isolated(line.subject), said("relation", line.relation)])
    match path.split("."):
        case ["responses", *key]:
            words = isolated(".".join(key))
        case ["overview", "locations", role]:
            leading = [place for place in held.overview.locations if place.role == role]
            told = leading[0].name or leading[0].country if leading else None
            where = isolated(told) if told else gettext("a point on the map")
            words = f"{label(said('place', role))}: {where}"
        case ["overview", "occurred"]:
            words = gettext("When it happened")
        case ["events", version]:
            words = gettext("Event %(version)s", version=version)
        case ["attribution", "responsibility"]:
            words = gettext("Responsibility")
        case [_, name]:
            words = isolated(label(name))
        case _:
            words = isolated(path)
    return words


def say_response(told: Response | ResponseReported) -> str:
    done = gettext("response")
    if told.kind not in {None, "other"}:
        done = said("response", str(told.kind))
    if told.actor:
        done = gettext("%(done)s by %(actor)s", done=done, actor=isolated(told.actor))
    at = told.target or told.place
    return joined([done, isolated(at)]) if at else done
