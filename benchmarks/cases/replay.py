"""Case 6: the situation as of any moment, long history and short (ARCHITECTURE.md §6)."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from heapq import merge
from itertools import chain
from random import Random

import msgspec

from benchmarks.effort import Effort
from benchmarks.grounds import SIGNER, Ground
from benchmarks.lines import Line, Unit, Yardstick
from benchmarks.material import EDITOR, HARMS, SLOTS, Json
from benchmarks.rehearsal import Rehearsal
from benchmarks.rounds import Measured, percentile
from benchmarks.stories import (
    BEGUN_US,
    DAYS,
    WITHDRAWN,
    Clock,
    Told,
    begun,
    long,
    moment_us,
    short,
)
from service.domain.moments import DAY_US
from service.store.answers import Question
from service.store.store import Store

SHORT = Yardstick(
    "the same at 10 events",
    "the same questions, by turns, about moments drawn at random, to an incident of ten events in"
    " the same store with as many standing reports: six counts, and after the desk's acts a"
    " correction and a retraction",
)
GOAL = 2.0

Ask = Callable[[Random], Question]
Calls = list[list[float]]
"""Milliseconds of each call, round by round."""
Took = dict[str, Calls]
STORIES = ("long", "short")

QUESTIONS: dict[str, Ask] = {
    "as_of": lambda random: Question(as_of_us=moment_us(random)),
    "published_until": lambda random: Question(published_until_us=moment_us(random)),
    "both bounds": lambda random: Question(
        as_of_us=moment_us(random), published_until_us=moment_us(random)
    ),
    "both, without a publisher": lambda random: Question(
        as_of_us=moment_us(random),
        published_until_us=moment_us(random),
        without_publishers=(WITHDRAWN.key,),
    ),
}


def as_of_any_moment(ground: Ground, rehearsal: Rehearsal) -> Iterator[Line]:
    effort, clock = rehearsal.effort, Clock()
    with ground.migrated() as url, closing(Store.connect(url, clock=clock, signer=SIGNER)) as store:
        clock.now_us = BEGUN_US
        _tell(store, clock, {"short": short(), "long": long(effort.history)})
        clock.now_us = BEGUN_US + DAYS * DAY_US
        rounds = {what: _ask(store, ask, effort) for what, ask in QUESTIONS.items()}
    told = f"{effort.history:,} events"
    for what, took in rounds.items():
        yield _line(ground, f"{what}, {told}", took, share=0.5, goal=GOAL)
    together = {name: _together([took[name] for took in rounds.values()]) for name in STORIES}
    yield _line(ground, f"95 % of all, {told}", together, share=0.95, goal=None)


def _together(asked: Sequence[Calls]) -> Calls:
    """The calls of all questions, round by round."""
    return [list(chain.from_iterable(calls)) for calls in zip(*asked, strict=True)]


def _tell(store: Store, clock: Clock, stories: Mapping[str, Iterable[Told]]) -> None:
    """Both grow side by side: a lane's moments of recording only rise."""
    for incident in stories:
        store.open(begun(incident), EDITOR)
    turns = [
        [(told.at_us, incident, told) for told in story] for incident, story in stories.items()
    ]
    for at_us, incident, told in merge(*turns, key=lambda turn: turn[:2]):
        clock.now_us = at_us
        store.append(incident, told.update, EDITOR)


def _ask(store: Store, ask: Ask, effort: Effort) -> Took:
    """Each question goes to both incidents, one after the other."""
    random = Random(effort.questions)
    took: Took = {name: [] for name in STORIES}
    for _ in range(effort.rounds):
        questions = [ask(random) for _ in range(effort.questions)]
        calls = [[_took_ms(store, name, question) for name in took] for question in questions]
        for name, times in zip(took, zip(*calls, strict=True), strict=True):
            took[name].append(list(times))
    return took


def _line(ground: Ground, what: str, took: Took, *, share: float, goal: float | None) -> Line:
    long_ms, short_ms = (
        Measured(tuple(percentile(calls, share) for calls in took[name])) for name in STORIES
    )
    return Line(6, ground.engine, what, SHORT, long_ms, short_ms, unit=Unit.MILLISECONDS, goal=goal)


def _took_ms(store: Store, incident: str, question: Question) -> float:
    begun_at = time.perf_counter()
    answer = store.situation(incident, question)
    took = time.perf_counter() - begun_at
    tolls = msgspec.json.decode(answer.body)["casualties"]
    counts = sum(len(_who_counts(tolls[harm])) for harm in HARMS)
    if counts != len(SLOTS):
        raise RuntimeError(f"{counts} counts stand in {incident} for {question}")
    return took * 1000


def _who_counts(toll: Json) -> set[str]:
    """All whose count stands, those that others have overtaken included."""
    return {*toll["origins"], *(overtaken["origin"] for overtaken in toll["outdated"])}
