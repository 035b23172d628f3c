"""Case 10: from an append to whoever listens (ARCHITECTURE.md §6)."""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from math import ceil

from benchmarks.cases.http import environment, opened
from benchmarks.grounds import Ground
from benchmarks.hearing import WRITERS, Task, heard
from benchmarks.lines import Line, Unit, Yardstick
from benchmarks.load import HOST, Job, send
from benchmarks.material import update
from benchmarks.rehearsal import INCIDENTS, Rehearsal
from benchmarks.rounds import Measured, percentile
from benchmarks.serving import PROJECT, serving

BOUND_MS = 50.0
BOUND = Yardstick(
    f"{BOUND_MS:g} ms",
    "the bound that was set; the project's figure is the 99th percentile of the time from when an"
    " update was due to be sent until a listener had read it, the POST included; one listener at"
    " half the rate that eight clients reach on the same server",
)
CROWD = 2_000
FEW_A_SECOND = 2.0


def appended_and_heard(ground: Ground, rehearsal: Rehearsal) -> Iterator[Line]:
    effort, numbers = rehearsal.effort, count()
    with ExitStack() as stack:
        database = stack.enter_context(ground.migrated())
        key = opened(database, rehearsal)
        port = stack.enter_context(serving(PROJECT, environment(ground, database)))

        def updates(number: int) -> tuple[tuple[str, bytes], ...]:
            return tuple(_posted(next(numbers), key) for _ in range(number))

        requests = [request for _, request in updates(400)]
        shares = tuple(tuple(requests[own::WRITERS]) for own in range(WRITERS))
        most = send(Job(port, shares, status=201)).rate
        rounds = min(effort.rounds, 5)
        for listeners, rate, each in (
            (1, most / 2, ceil(most / 2 * effort.seconds * 2)),
            (CROWD, FEW_A_SECOND, 4),
        ):
            found = Measured(
                tuple(
                    percentile(heard(Task(port, listeners, updates(each), rate)), 0.99)
                    for _ in range(rounds)
                )
            )
            yield Line(
                case=10,
                engine=ground.engine,
                what=f"heard by {listeners:,}, {rate:.0f} updates a second",
                yardstick=BOUND,
                project=found,
                other=Measured((BOUND_MS,) * rounds),
                unit=Unit.MILLISECONDS,
                goal=1.0 if listeners == 1 else None,
            )


def _posted(number: int, key: str) -> tuple[str, bytes]:
    """An update of some incident, whatever its version is."""
    told = update(f"rockets-on-taji-{number % INCIDENTS:02}", 10_000 + number)
    head = (
        f"POST /v1/incidents/{told.incident}/updates HTTP/1.1",
        f"Host: {HOST}",
        f"Authorization: Bearer {key}",
        "Content-Type: application/json",
        f"Content-Length: {len(told.body)}",
    )
    return told.told["update_id"], "\r\n".join(head).encode() + b"\r\n\r\n" + told.body
