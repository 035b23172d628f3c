"""Case 11: one incident that hundreds of origins tell, long and short: what is asked about it
answers in time that grows with the reports that stand, not with the history.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager

from benchmarks.crowds import CROWD, FIGURE, crowd, crowd_begun, minute
from benchmarks.effort import Effort
from benchmarks.grounds import SIGNER, Ground
from benchmarks.lines import Line, Unit, Yardstick
from benchmarks.material import EDITOR
from benchmarks.rehearsal import Rehearsal
from benchmarks.rounds import alternate
from benchmarks.stories import Clock
from service.store.answers import Question
from service.store.axes import Axis
from service.store.charting import Wanted
from service.store.comparing import Ends
from service.store.store import Store

INCIDENT = "crowd"
FEW = 1_000
GOAL = 2.0
PAGE = 200
SHORT = Yardstick(
    f"the same at {FEW:,} reports",
    f"the same question to an incident with {FEW:,} reports, also of {CROWD} origins, at the same"
    " share of its history",
)

Ask = Callable[[Store, int], object]
"""A question to a store that holds so many reports."""


def _series(axis: Axis, begin: Callable[[int], int | None]) -> Ask:
    def ask(store: Store, reports: int) -> object:
        wanted = Wanted(figure=FIGURE, axis=axis, from_us=begin(reports), limit=PAGE)
        return store.series(INCIDENT, wanted, Question())

    return ask


BEGINS: Mapping[str, Callable[[int], int | None]] = {
    "first page": lambda _: None,
    "middle": lambda reports: minute(reports // 2),
    "end": lambda reports: minute(reports - PAGE - 1),
}


def _situation(store: Store, reports: int) -> object:
    return store.situation(INCIDENT, Question(published_until_us=minute(reports * 3 // 4)))


def _changes(store: Store, reports: int) -> object:
    start = Question(as_of_us=minute(reports // 2))
    return store.changes(INCIDENT, Ends(axis="recorded", start=start, end=Question()))


def _explain(store: Store, _: int) -> object:
    return store.explain(INCIDENT, FIGURE, Question(), cursor=None, limit=PAGE)


QUESTIONS: dict[str, Ask] = {
    "situation": _situation,
    "changes": _changes,
    "explain": _explain,
} | {
    f"series, {axis}, {where}": _series(axis, begin)
    for axis in Axis
    for where, begin in BEGINS.items()
}


def one_crowd(ground: Ground, rehearsal: Rehearsal) -> Iterator[Line]:
    effort = rehearsal.effort
    sizes = {"long": effort.crowd, "short": FEW}
    with ExitStack() as stack:
        stores = {
            name: (stack.enter_context(_told(ground, reports)), reports)
            for name, reports in sizes.items()
        }
        for what, ask in QUESTIONS.items():
            contestants = {name: _asked(ask, *stores[name], effort) for name in stores}
            took = alternate(contestants, effort.rounds)
            yield Line(
                case=11,
                engine=ground.engine,
                what=f"{what}, {effort.crowd:,} reports",
                yardstick=SHORT,
                project=took["long"],
                other=took["short"],
                unit=Unit.MILLISECONDS,
                goal=GOAL,
            )


@contextmanager
def _told(ground: Ground, reports: int) -> Iterator[Store]:
    clock = Clock()
    with ground.migrated() as url, closing(Store.connect(url, clock=clock, signer=SIGNER)) as store:
        clock.now_us = minute(-1)
        store.open(crowd_begun(INCIDENT), EDITOR)
        for told in crowd(reports):
            clock.now_us = told.at_us
            store.append(INCIDENT, told.update, EDITOR)
        yield store


def _asked(ask: Ask, store: Store, reports: int, effort: Effort) -> Callable[[int], float]:
    """Milliseconds of one question, the mean of several."""

    def asked(_: int) -> float:
        times = max(effort.questions // 10, 1)
        begun = time.perf_counter()
        for _ in range(times):
            ask(store, reports)
        return (time.perf_counter() - begun) * 1000 / times

    return asked
