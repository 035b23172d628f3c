"""What a situation says, fact by fact: each under its path, as JSON and in words. What nobody has
reported is no fact.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from service.domain.attribution import Line
from service.domain.casualties import AFFECTED, Harm, Toll
from service.domain.overview import Place
from service.domain.paths import group_path, line_path
from service.domain.quantity import Number
from service.domain.reconcile import Figure
from service.domain.responses import Response
from service.domain.situation import Situation
from service.domain.when import When
from service.domain.wording import label, plain, say_figure, say_group, say_harm, say_window

CONTESTED = {"disputed", "inconsistent", "needs_review"}


class Fact(Struct, frozen=True, kw_only=True):
    """`sign` is what makes it another fact when it differs; `nothing` and `silence` are the value
    and the words where nothing is said. `low` tells of how many at least, where a fact counts; a
    figure's `parts` are the signs of its groups by name.
    """

    path: str
    name: str
    value: Any
    words: str
    because: tuple[int, ...]
    sign: Any
    nothing: Any = None
    silence: str = "not reported"
    low: Number | None = None
    figure: Figure | None = None
    parts: Mapping[str, Any] = {}


def of_the_desk(held: Situation) -> Iterator[Fact]:
    for path in ("title", "status"):
        value = getattr(held, path)
        yield Fact(path=path, name=label(path), value=value, words=value, because=(), sign=value)
    if held.merged is not None:
        yield Fact(
            path="merged",
            name="Told on as",
            value=held.merged.into,
            words=held.merged.into,
            because=held.merged.because,
            sign=held.merged.into,
            silence="itself",
        )
    for link in held.links:
        yield Fact(
            path=f"links[{link.to},{link.relation}]",
            name=f"Link to {link.to}",
            value=link.relation,
            words=plain(link.relation),
            because=link.because,
            sign=link.relation,
            silence="none",
        )


def of_time_and_place(held: Situation) -> Iterator[Fact]:
    when = held.overview.occurred
    if when.earliest is not None:
        yield Fact(
            path="overview.occurred",
            name="Time",
            value=_window(when),
            words=_say_when(when),
            because=when.because,
            sign=(when.earliest, when.latest, when.status == "disputed"),
            nothing={"earliest": None, "latest": None, "precision": "unknown"},
        )
    leading = {place.role: place for place in held.overview.locations if place.leads}
    for role in sorted(leading):
        place = leading[role]
        yield Fact(
            path=f"overview.locations.{role}",
            name=label(role),
            value=_say_place(place),
            words=_say_place(place),
            because=place.because,
            sign=_say_place(place),
        )


def of_casualties(held: Situation, harms: Iterable[Harm] = tuple(Harm)) -> Iterator[Fact]:
    for harm in harms:
        toll: Toll = getattr(held.casualties, harm)
        path, name = f"casualties.{harm}", say_harm(harm)
        parts = {say_group(group.group): _sign(group) for group in toll.by_group}
        if toll.status != "unreported":
            yield _figure(path, name, toll, parts)
        for group in toll.by_group:
            named = f"{name}, {say_group(group.group)}"
            yield _figure(group_path(path, group.group), named, group)
    affected = held.casualties.affected
    if affected.because:
        yield Fact(
            path=AFFECTED,
            name="Affected",
            value={"low": affected.low},
            words=f"at least {affected.low}",
            because=affected.because,
            sign=affected.low,
            nothing={"low": 0},
            silence="none reported",
            low=affected.low,
        )


def of_measures(held: Situation) -> Iterator[Fact]:
    for name, measure in held.overview.measures.items():
        path = f"overview.measures.{name}"
        yield _figure(path, label(name), measure)
        for group in measure.by_group:
            named = f"{label(name)}, {say_group(group.group)}"
            yield _figure(group_path(path, group.group), named, group)


def of_attribution(held: Situation) -> Iterator[Fact]:
    answer = held.attribution
    dated = f" (as of {answer.as_of[:10]})" if answer.as_of else ""
    yield Fact(
        path="attribution.responsibility",
        name="Responsibility",
        value=answer.responsibility,
        words=f"{answer.responsibility}{dated}",
        because=answer.because,
        sign=(answer.responsibility, dated),
    )
    for line in answer.lines:
        yield Fact(
            path=line_path(line.subject, line.relation),
            name=f"{line.subject} as {line.relation}",
            value={"level": line.level, "flags": line.flags},
            words=_say_line(line),
            because=line.because,
            sign=(line.level, line.flags),
            silence="not named",
        )


def of_responses(held: Situation) -> Iterator[Fact]:
    for response in held.responses:
        yield Fact(
            path=f"responses.{response.response}",
            name=f"Response {response.response}",
            value={"execution": response.execution, "evidence": response.evidence},
            words=_say_response(response),
            because=response.because,
            sign=(response.execution, response.evidence),
        )


def _figure(path: str, name: str, figure: Figure, parts: Mapping[str, Any] | None = None) -> Fact:
    contested = f", {plain(figure.status)}" if figure.status in CONTESTED else ""
    return Fact(
        path=path,
        name=name,
        value={"low": figure.low, "high": figure.high},
        words=f"{say_figure(figure)}{contested}",
        because=figure.because,
        sign=_sign(figure),
        nothing={"low": 0, "high": None},
        silence="none reported",
        low=figure.low,
        figure=figure,
        parts=parts or {},
    )


def _sign(figure: Figure) -> tuple[Any, ...]:
    contested = figure.status if figure.status in CONTESTED else ""
    return figure.low, figure.high, contested, figure.rule == "adjudicated"


def _window(when: When) -> dict[str, Any]:
    return {"earliest": when.earliest, "latest": when.latest, "precision": when.precision}


def _say_when(when: When) -> str:
    if when.earliest is None or when.latest is None:
        return "not reported"
    told = say_window(when.earliest, when.latest, when.precision)
    return f"{told} (disputed)" if when.status == "disputed" else told


def _say_place(place: Place) -> str:
    named = [part for part in (place.name, place.country) if part]
    if not named and place.relative is not None:
        named = [f"near {place.relative.of}"]
    return ", ".join(named) or "a point on the map"


def _say_line(line: Line) -> str:
    return ", ".join([line.level, *(plain(flag) for flag in line.flags)])


def _say_response(response: Response) -> str:
    return f"{plain(response.execution)}, {plain(response.evidence)}"
