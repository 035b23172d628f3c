"""What differs between two situations of one incident: paths, values, causes and one sentence
each.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from service.domain.attribution import Line, Responsibility
from service.domain.casualties import Harm, Toll
from service.domain.overview import Place
from service.domain.reconcile import Figure, GroupFigure
from service.domain.responses import Response
from service.domain.situation import Situation
from service.domain.when import When
from service.domain.wording import label, say_figure, say_group, say_harm


class Change(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """One difference. `because` lists the events behind what holds now; where nothing holds, those
    before.
    """

    path: str
    from_: Any
    to: Any
    because: tuple[int, ...]
    sentence: str


def changes(before: Situation, after: Situation) -> tuple[Change, ...]:
    """Every difference that a reader would be told about, in the order of the situation."""
    return (
        *_desk(before, after),
        *_when(before.overview.occurred, after.overview.occurred),
        *_places(before.overview.locations, after.overview.locations),
        *_tolls(before, after),
        *_measures(before, after),
        *_attribution(before.attribution, after.attribution),
        *_responses(before.responses, after.responses),
    )


def _desk(before: Situation, after: Situation) -> Iterator[Change]:
    for path in ("title", "status"):
        old, new = getattr(before, path), getattr(after, path)
        if old != new:
            sentence = f"{path.capitalize()}: {old} → {new}."
            yield Change(path=path, from_=old, to=new, because=(), sentence=sentence)


def _when(old: When, new: When) -> Iterator[Change]:
    if (old.earliest, old.latest, old.status) != (new.earliest, new.latest, new.status):
        yield Change(
            path="overview.occurred",
            from_=_window(old),
            to=_window(new),
            because=new.because or old.because,
            sentence=f"Time: {_say_when(old)} → {_say_when(new)}.",
        )


def _window(when: When) -> dict[str, Any]:
    return {"earliest": when.earliest, "latest": when.latest, "precision": when.precision}


def _say_when(when: When) -> str:
    if when.earliest is None or when.latest is None:
        return "not reported"
    first, last = when.earliest[:16].replace("T", " "), when.latest[:16].replace("T", " ")
    told = f"{first} UTC" if first == last else f"{first} to {last} UTC"
    if when.precision in {"day", "month"}:
        told = first[: 10 if when.precision == "day" else 7]
    return f"{told} (disputed)" if when.status == "disputed" else told


def _places(old: Sequence[Place], new: Sequence[Place]) -> Iterator[Change]:
    before = {place.role: place for place in old if place.leads}
    after = {place.role: place for place in new if place.leads}
    for role in sorted({*before, *after}):
        was, now = before.get(role), after.get(role)
        if _say_place(was) != _say_place(now):
            yield Change(
                path=f"overview.locations.{role}",
                from_=None if was is None else _say_place(was),
                to=None if now is None else _say_place(now),
                because=_because(was, now),
                sentence=f"{label(role)}: {_say_place(was)} → {_say_place(now)}.",
            )


def _say_place(place: Place | None) -> str:
    if place is None:
        return "not reported"
    named = [part for part in (place.name, place.country) if part]
    if not named and place.relative is not None:
        named = [f"near {place.relative.of}"]
    return ", ".join(named) or "a point on the map"


def _tolls(before: Situation, after: Situation) -> Iterator[Change]:
    for harm in Harm:
        old: Toll = getattr(before.casualties, harm)
        new: Toll = getattr(after.casualties, harm)
        if old is new:
            continue
        name = say_harm(harm)
        yield from _figure(f"casualties.{harm}", name, old, new, _groups(old, new))
        yield from _group_figures(f"casualties.{harm}", name, old.by_group, new.by_group)
    was, now = before.casualties.affected, after.casualties.affected
    if was.low != now.low:
        yield Change(
            path="casualties.affected",
            from_={"low": was.low},
            to={"low": now.low},
            because=now.because or was.because,
            sentence=f"Affected: at least {was.low} → at least {now.low}.",
        )


def _groups(old: Toll, new: Toll) -> str:
    """The groups that are new or changed, for the sentence about everyone."""
    known = {_key(group): group for group in old.by_group}
    changed = [
        say_group(group.group)
        for group in new.by_group
        if _key(group) not in known or _held(known[_key(group)]) != _held(group)
    ]
    return ", ".join(changed[:3]) + (" and others" if len(changed) > 3 else "")


def _group_figures(
    path: str, name: str, old: Sequence[GroupFigure], new: Sequence[GroupFigure]
) -> Iterator[Change]:
    before = {_key(group): group for group in old}
    after = {_key(group): group for group in new}
    for key, group in {**before, **after}.items():
        traits = ",".join(f"{trait}={value}" for trait, value in key)
        at = f"{path}.by_group[{traits}]"
        yield from _figure(at, f"{name}, {say_group(group.group)}", before.get(key), after.get(key))


def _measures(before: Situation, after: Situation) -> Iterator[Change]:
    old, new = before.overview.measures, after.overview.measures
    for name in sorted({*old, *new}):
        was, now = old.get(name), new.get(name)
        yield from _figure(f"overview.measures.{name}", label(name), was, now)


def _figure(
    path: str, name: str, old: Figure | None, new: Figure | None, groups: str = ""
) -> Iterator[Change]:
    if _held(old) == _held(new):
        return
    told = f" ({groups})" if groups else ""
    status = ""
    if new is not None and new.status in {"disputed", "inconsistent"}:
        status = f", {new.status}"
    yield Change(
        path=path,
        from_=_range(old),
        to=_range(new),
        because=_because(old, new),
        sentence=f"{name}: {say_figure(old)} → {say_figure(new)}{status}{told}.",
    )


def _held(figure: Figure | None) -> tuple[Any, ...]:
    if figure is None:
        return (0, None, "unreported")
    contested = figure.status if figure.status in {"disputed", "inconsistent"} else ""
    reported = "unreported" if figure.status == "unreported" else contested
    return (figure.low, figure.high, reported)


def _range(figure: Figure | None) -> dict[str, Any]:
    return {"low": 0, "high": None} if figure is None else {"low": figure.low, "high": figure.high}


def _key(figure: GroupFigure) -> tuple[tuple[str, str], ...]:
    return tuple(figure.group.items())


def _attribution(old: Responsibility, new: Responsibility) -> Iterator[Change]:
    if old is new:
        return
    if (old.responsibility, old.as_of) != (new.responsibility, new.as_of):
        dated = f" (as of {new.as_of[:10]})" if new.as_of else ""
        yield Change(
            path="attribution.responsibility",
            from_=old.responsibility,
            to=new.responsibility,
            because=new.because or old.because,
            sentence=f"Responsibility: {old.responsibility} → {new.responsibility}{dated}.",
        )
    before, after = _lines(old.lines), _lines(new.lines)
    for key in {**before, **after}:
        was, now = before.get(key), after.get(key)
        if _say_line(was) != _say_line(now):
            subject, relation = key
            yield Change(
                path=f"attribution.lines[{subject},{relation}]",
                from_=None if was is None else _firmness(was),
                to=None if now is None else _firmness(now),
                because=_because(was, now),
                sentence=f"{subject} as {relation}: {_say_line(was)} → {_say_line(now)}.",
            )


def _lines(lines: Iterable[Line]) -> dict[tuple[str, str], Line]:
    return {(line.subject, line.relation): line for line in lines}


def _firmness(line: Line) -> dict[str, Any]:
    return {"level": line.level, "flags": line.flags}


def _say_line(line: Line | None) -> str:
    if line is None:
        return "not named"
    flags = [flag.replace("_", " ") for flag in line.flags]
    return ", ".join([line.level, *flags])


def _responses(old: Sequence[Response], new: Sequence[Response]) -> Iterator[Change]:
    before = {response.response: response for response in old}
    after = {response.response: response for response in new}
    for key in {**before, **after}:
        was, now = before.get(key), after.get(key)
        if _axes(was) != _axes(now):
            yield Change(
                path=f"responses.{key}",
                from_=_axes(was),
                to=_axes(now),
                because=_because(was, now),
                sentence=f"Response {key}: {_say_response(was)} → {_say_response(now)}.",
            )


def _axes(response: Response | None) -> dict[str, str] | None:
    if response is None:
        return None
    return {"execution": response.execution, "evidence": response.evidence}


def _say_response(response: Response | None) -> str:
    if response is None:
        return "not reported"
    return f"{response.execution}, {response.evidence}".replace("_", " ")


def _because(old: Any, new: Any) -> tuple[int, ...]:
    versions: tuple[int, ...] = (new or old).because
    return versions
