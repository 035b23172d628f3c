"""Case 6: the situation as of any moment, after a long history and after a short one (ARCHITECTURE.md §6)."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from heapq import merge
from random import Random
from statistics import median

import msgspec

from benchmarks.effort import Effort
from benchmarks.grounds import Ground
from benchmarks.lines import Line, Unit, Yardstick
from benchmarks.material import EDITOR, HARMS, SLOTS, Json
from benchmarks.rehearsal import Rehearsal
from benchmarks.rounds import measured
from benchmarks.stories import BEGUN_US, DAYS, WITHDRAWN, Told, begun, long, moment_us, short
from service.domain.moments import DAY_US
from service.store.answers import Question
from service.store.store import Store

SHORT = Yardstick(
    "the same call at 10 events",
    "the same questions to an incident of ten events in the same store, with as many standing reports:"
    " six counts, and after the desk's acts a correction and a retraction; by turns, the median of all",
)
MOST_TIMES_SLOWER = 2.0

Ask = Callable[[Random], Question]

QUESTIONS: dict[str, Ask] = {
    "as_of": lambda random: Question(as_of_us=moment_us(random)),
    "published_until": lambda random: Question(published_until_us=moment_us(random)),
    "as_of and published_until": lambda random: Question(
        as_of_us=moment_us(random), published_until_us=moment_us(random)
    ),
    "both, without a publisher": lambda random: Question(
        as_of_us=moment_us(random),
        published_until_us=moment_us(random),
        without_publishers=(WITHDRAWN.key,),
    ),
}


class Clock:
    def __init__(self) -> None:
        self.now_us = BEGUN_US

    def __call__(self) -> int:
        return self.now_us


def as_of_any_moment(ground: Ground, rehearsal: Rehearsal) -> Iterator[Line]:
    effort, clock = rehearsal.effort, Clock()
    with ground.migrated() as url, closing(Store.connect(url, clock=clock)) as store:
        _tell(store, clock, {"short": short(), "long": long(effort.history)})
        clock.now_us = BEGUN_US + DAYS * DAY_US
        for what, ask in QUESTIONS.items():
            yield _compare(ground, store, what, ask, effort)


def _tell(store: Store, clock: Clock, stories: Mapping[str, Iterable[Told]]) -> None:
    """Both grow side by side: a lane's moments of recording only rise."""
    for incident in stories:
        store.open(begun(incident), EDITOR)
    turns = [[(told.at_us, incident, told) for told in story] for incident, story in stories.items()]
    for at_us, incident, told in merge(*turns, key=lambda turn: turn[:2]):
        clock.now_us = at_us
        store.append(incident, told.update, EDITOR)


def _compare(ground: Ground, store: Store, what: str, ask: Ask, effort: Effort) -> Line:
    random = Random(what)
    figures: dict[str, list[float]] = {"long": [], "short": []}
    for _ in range(effort.rounds):
        took: dict[str, list[float]] = {"long": [], "short": []}
        for question in [ask(random) for _ in range(effort.questions)]:
            for incident in ("long", "short"):
                took[incident].append(_took_ms(store, incident, question))
        for incident, times in took.items():
            figures[incident].append(median(times))
    return Line(
        6,
        ground.engine,
        f"{what}, any moment, {effort.history:,} events",
        SHORT,
        measured(figures["long"]),
        measured(figures["short"]),
        unit=Unit.MILLISECONDS,
        goal=MOST_TIMES_SLOWER,
    )


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
