"""Cases 1 and 2: one report at a time, from one client and from many (ARCHITECTURE.md §6)."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from typing import Protocol

from benchmarks.grounds import SIGNER, Ground
from benchmarks.lines import Line, Yardstick
from benchmarks.material import REPORTER
from benchmarks.rehearsal import Opening, Rehearsal, Step
from benchmarks.rounds import Measured, alternate
from benchmarks.yardsticks.bare import BareDriver, refuse_other_rows
from benchmarks.yardsticks.event_sourcing import Following, Incident, Inline
from service.store.store import Store

BARE = Yardstick(
    "bare driver",
    "sqlite3 or psycopg writing the rows that the store writes for the same update (lane_heads,"
    " updates, events, payloads, standing, ledger, accounts, firsts, incidents with view and brief;"
    " same bytes, checked) in one transaction on one connection behind one lock; it reads, hashes"
    " and derives nothing",
)
FOLLOWING = Yardstick(
    "eventsourcing, following",
    "`save` of an aggregate's event with the posted JSON; a process application in the same process"
    " keeps the latest count of each origin as a row of its read model, in a second transaction"
    " with its tracking record; measured until the read model has caught up",
)
INLINE = Yardstick(
    "eventsourcing, inline",
    "the same `save` and the same row of the read model, written by the recorder in the event's own"
    " transaction; shown for comparison",
)

GOALS = {  # over the bare driver, over eventsourcing
    ("sqlite", 1): (0.7, 1.5),
    ("postgresql", 1): (0.7, 1.5),
    ("sqlite", 2): (2.0, 3.0),
    ("postgresql", 2): (0.85, 5.0),
}


def one_client(ground: Ground, rehearsal: Rehearsal) -> Iterator[Line]:
    yield from _lines(ground, rehearsal, case=1, clients=1)


def many_clients(ground: Ground, rehearsal: Rehearsal) -> Iterator[Line]:
    for clients in (8, 32):
        yield from _lines(ground, rehearsal, case=2, clients=clients)


def _lines(ground: Ground, rehearsal: Rehearsal, *, case: int, clients: int) -> Iterator[Line]:
    found = _measure(ground, rehearsal, clients)
    bare, following = GOALS[ground.engine, case]
    what = "append, 1 client" if clients == 1 else f"append, {clients} threads"
    for name, yardstick, goal in (
        ("bare", BARE, bare),
        ("following", FOLLOWING, following),
        ("inline", INLINE, None),
    ):
        yield Line(case, ground.engine, what, yardstick, found["sitrep"], found[name], goal=goal)


def _measure(ground: Ground, rehearsal: Rehearsal, clients: int) -> dict[str, Measured]:
    with ExitStack() as stack:
        own, bares = (stack.enter_context(ground.migrated()) for _ in range(2))
        followed, inlined = (stack.enter_context(ground.empty()) for _ in range(2))
        contestants: dict[str, Contestant] = {
            "sitrep": Project(Store.connect(own, signer=SIGNER)),
            "bare": Bare(BareDriver.connect(bares)),
            "following": Library(Following(followed, clients=clients)),
            "inline": Library(Inline(inlined)),
        }
        for contestant in contestants.values():
            stack.enter_context(closing(contestant))
            for opening in rehearsal.openings:
                contestant.open(opening)
            _rate(contestant, rehearsal.warm_up(), clients)

        def round_of(contestant: Contestant) -> Callable[[int], float]:
            return lambda number: _rate(contestant, rehearsal.of_round(number), clients)

        rounds = {name: round_of(contestant) for name, contestant in contestants.items()}
        found = alternate(rounds, rehearsal.effort.rounds)
        refuse_other_rows(own, bares)
    return found


def _rate(contestant: "Contestant", steps: Sequence[Step], clients: int) -> float:
    """Appends a second, until the last is durable and whatever reads it can."""
    shares = [[step for step in steps if step.place % clients == own] for own in range(clients)]

    def play(share: Sequence[Step]) -> None:
        for step in share:
            contestant.append(step)

    with ThreadPoolExecutor(clients) as threads:
        begun = time.perf_counter()
        if clients == 1:
            play(steps)
        else:
            list(threads.map(play, shares))
        contestant.settle()
        return len(steps) / (time.perf_counter() - begun)


class Contestant(Protocol):
    def open(self, opening: Opening) -> None: ...

    def append(self, step: Step) -> None: ...

    def settle(self) -> None: ...

    def close(self) -> None: ...


class Project:
    def __init__(self, store: Store) -> None:
        self._store = store
        self.close = store.close

    def open(self, opening: Opening) -> None:
        self._store.open(opening.incident, REPORTER)

    def append(self, step: Step) -> None:
        self._store.append(step.posted.incident, step.update, REPORTER, expecting=step.expecting)

    def settle(self) -> None:
        """The view is written with the events."""


class Bare:
    def __init__(self, driver: BareDriver) -> None:
        self._driver = driver
        self.close = driver.close

    def open(self, opening: Opening) -> None:
        self._driver.write(opening.written)

    def append(self, step: Step) -> None:
        self._driver.write(step.written)

    def settle(self) -> None:
        """The view is written with the events."""


class Library:
    def __init__(self, application: Following | Inline) -> None:
        self._application = application
        self._incidents: dict[str, Incident] = {}
        self.settle = application.settle
        self.close = application.close

    def open(self, opening: Opening) -> None:
        incident = Incident()
        self._incidents[opening.posted.incident] = incident
        incident.report(opening.posted.told)
        self._application.save(incident)

    def append(self, step: Step) -> None:
        incident = self._incidents[step.posted.incident]
        incident.report(step.posted.told)
        self._application.save(incident)
