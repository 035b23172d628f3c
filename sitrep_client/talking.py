"""A request and what becomes of it, attempt by attempt, whoever does the sending and waiting."""

from collections.abc import Callable, Generator
from typing import Any, NamedTuple, TypeVar

from msgspec import DecodeError

from sitrep_client.asking import Ask, Reply
from sitrep_client.errors import Problem, Unreachable, problem_in
from sitrep_client.patience import AGAIN, Patience, seconds_in

T = TypeVar("T")


class Send(NamedTuple):
    """To be answered with a Reply, or with Unreachable."""

    ask: Ask[Any]


class Wait(NamedTuple):
    seconds: float


Talk = Generator[Send | Wait, Reply | Unreachable | None, T]


def talk(ask: Ask[T], patience: Patience, at: str) -> Talk[T]:
    """The answer. Raises Unreachable and Problem once there is no more patience. `at` is whom it
    is asked of.
    """
    failures = 0
    while True:
        reply = yield Send(ask)
        if isinstance(reply, Reply) and reply.status // 100 == 2:
            return read(ask.read, reply, at)
        failures += 1
        failure, seconds = _failed(reply, patience, failures, at)
        if seconds is None:
            raise failure
        yield Wait(seconds)


def read(reading: Callable[[Reply], T], reply: Reply, at: str) -> T:
    """Raises Problem where that is no Sitrep's answer."""
    try:
        return reading(reply)
    except (DecodeError, UnicodeDecodeError) as strange:
        raise Problem(reply.status, f"{at} does not answer like a Sitrep: {strange}") from strange


def problem_of(reply: Reply, at: str) -> Problem:
    told = seconds_in(reply.headers.get("retry-after"))
    return problem_in(reply.status, reply.body, at=at, retry_after=told)


def _failed(
    reply: Reply | Unreachable | None, patience: Patience, failures: int, at: str
) -> tuple[Unreachable | Problem, float | None]:
    """Why, and after how long to try again; None for not at all."""
    if not isinstance(reply, Reply):
        return reply or Unreachable(f"{at} was not asked"), patience.wait(failures)
    problem = problem_of(reply, at)
    again = reply.status in AGAIN
    return problem, patience.wait(failures, problem.retry_after) if again else None
