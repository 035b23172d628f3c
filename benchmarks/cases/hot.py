"""Case 3: many clients, one incident (ARCHITECTURE.md §6)."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

from benchmarks.grounds import SIGNER, Ground
from benchmarks.lines import Line, Yardstick
from benchmarks.material import REPORTER, Json, opening, update
from benchmarks.rehearsal import Rehearsal
from benchmarks.rounds import alternate
from benchmarks.yardsticks.event_sourcing import Contended
from schemas.update import load_incident, load_update
from service.store.store import Store

RETRYING = Yardstick(
    "eventsourcing, retrying",
    "eight threads load the same aggregate (from the library's cache, which catches up by itself),"
    " trigger an event with the posted JSON and `save`, with the row of the read model in the same"
    " transaction; who meets somebody else's event loads and saves again",
)
GOAL = 3.0
CLIENTS = 8
SHARE = 16
"""Appends of each client in one round."""
INCIDENT = "rockets-on-taji-hot"

Append = Callable[[int], object]
"""Appends the update of that number."""


def one_incident(ground: Ground, rehearsal: Rehearsal) -> Iterator[Line]:
    rounds = rehearsal.effort.rounds
    numbers = range((rounds + 1) * CLIENTS * SHARE)
    told = [update(INCIDENT, number) for number in numbers]
    begun = opening(INCIDENT)
    with ExitStack() as stack:
        url, other = stack.enter_context(ground.migrated()), stack.enter_context(ground.empty())
        store = stack.enter_context(closing(Store.connect(url, signer=SIGNER)))
        store.open(load_incident(begun.body), REPORTER)
        news = [load_update(one.body) for one in told]
        library = stack.enter_context(closing(Contended(other, begun.told)))
        bodies: list[Json] = [one.told for one in told]
        contestants: dict[str, Append] = {
            "sitrep": lambda number: store.append(INCIDENT, news[number], REPORTER),
            "library": lambda number: library.save(bodies[number]),
        }
        for append in contestants.values():
            _rate(append, numbers[: CLIENTS * SHARE])

        def round_of(append: Append) -> Callable[[int], float]:
            return lambda number: _rate(append, _of_round(numbers, number))

        found = alternate({name: round_of(append) for name, append in contestants.items()}, rounds)
    what = f"append, {CLIENTS} threads, one incident"
    yield Line(3, ground.engine, what, RETRYING, found["sitrep"], found["library"], goal=GOAL)


def _of_round(numbers: Sequence[int], number: int) -> Sequence[int]:
    length = CLIENTS * SHARE
    return numbers[(number + 1) * length : (number + 2) * length]


def _rate(append: Append, numbers: Sequence[int]) -> float:
    """Appends a second. A conflict that reached a client would end the run."""

    def play(client: int) -> None:
        for number in numbers[client::CLIENTS]:
            append(number)

    with ThreadPoolExecutor(CLIENTS) as threads:
        begun = time.perf_counter()
        list(threads.map(play, range(CLIENTS)))
        return len(numbers) / (time.perf_counter() - begun)
