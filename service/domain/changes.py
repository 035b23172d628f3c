"""What differs between two situations of one incident: paths, values, causes and one sentence
each.

A situation is told as facts, each under its path; a change is a fact that differs. So the changes
from a to c are those from a to b and from b to c, taken together.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from service.domain import facts
from service.domain.casualties import Harm
from service.domain.facts import Fact
from service.domain.paths import LinePath, same_path
from service.domain.reasons import Known, reason_for
from service.domain.situation import Situation

MOST_GROUPS = 3


class Change(Struct, frozen=True, kw_only=True, omit_defaults=True, rename={"from_": "from"}):
    """One difference. `because` lists the events behind what holds now and what brought it about;
    where nothing holds, those before. `cause` says in a word why a figure fell or something said no
    longer holds.
    """

    path: str
    from_: Any
    to: Any
    because: tuple[int, ...]
    cause: str | None = None
    sentence: str


Path = str | LinePath
Telling = Callable[[Situation, Situation], Iterator[Fact]]
"""The facts of a situation that may be others in another one."""


def _all(tell: Callable[[Situation], Iterator[Fact]]) -> Telling:
    return lambda held, _: tell(held)


def _of_moved_harms(held: Situation, other: Situation) -> Iterator[Fact]:
    tolls, others = held.casualties, other.casualties
    moved = [harm for harm in Harm if getattr(tolls, harm) is not getattr(others, harm)]
    return facts.of_casualties(held, moved)


SECTIONS: tuple[tuple[Callable[[Situation], object], Telling], ...] = (
    (lambda held: (held.title, held.status, held.links, held.merged), _all(facts.of_the_desk)),
    (
        lambda held: (held.overview.occurred, held.overview.locations),
        _all(facts.of_time_and_place),
    ),
    (lambda held: held.casualties, _of_moved_harms),
    (lambda held: held.overview.measures, _all(facts.of_measures)),
    (lambda held: held.attribution, _all(facts.of_attribution)),
    (lambda held: held.responses, _all(facts.of_responses)),
)
"""The parts of a situation in their order, each with what it is told from."""


def changes(before: Known, after: Known) -> tuple[Change, ...]:
    """Every difference that a reader would be told about, in the order of the situation."""
    told = []
    for part, tell in SECTIONS:
        if _is_same(part(before.situation), part(after.situation)):
            continue
        old = {same_path(fact.path): fact for fact in tell(before.situation, after.situation)}
        new = {same_path(fact.path): fact for fact in tell(after.situation, before.situation)}
        for path in _in_order(old, new):
            was, now = old.get(path), new.get(path)
            if _sign(was) != _sign(now):
                told.append(_change(was, now, (before, after)))
    return tuple(told)


def _in_order(old: Mapping[Path, Fact], new: Mapping[Path, Fact]) -> Iterable[Path]:
    """As the situation has them now; what is gone stands where it stood."""
    if old.keys() <= new.keys():
        return new
    order, place = list(new), 0
    for path in old:
        if path in new:
            place = order.index(path) + 1
        else:
            order.insert(place, path)
            place += 1
    return order


def _is_same(old: object, new: object) -> bool:
    """Whether nothing was derived anew: a quick look, for most appends touch one part."""
    return old is new or (isinstance(old, tuple) and old == new)


def _sign(fact: Fact | None) -> Any:
    return None if fact is None else fact.sign


def _change(was: Fact | None, now: Fact | None, known: tuple[Known, Known]) -> Change:
    some = now or was
    if some is None:
        raise ValueError("nothing was or is told here")
    reason = reason_for(was, now, *known)
    because = {*some.because, *(() if reason is None else reason.because)}
    old_words = some.silence if was is None else was.words
    new_words = some.silence if now is None else now.words
    groups = "" if now is None else _groups(was, now)
    why = "" if reason is None else f", because {reason.words}"
    return Change(
        path=some.path,
        from_=some.nothing if was is None else was.value,
        to=some.nothing if now is None else now.value,
        because=tuple(sorted(because)),
        cause=None if reason is None else reason.cause,
        sentence=f"{some.name}: {old_words} → {new_words}{groups}{why}.",
    )


def _groups(was: Fact | None, now: Fact) -> str:
    """The groups that are new or changed, for the sentence about everyone."""
    known = {} if was is None else was.parts
    changed = [name for name, sign in now.parts.items() if known.get(name) != sign]
    more = " and others" if len(changed) > MOST_GROUPS else ""
    return f" ({', '.join(changed[:MOST_GROUPS])}{more})" if changed else ""
