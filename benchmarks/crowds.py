"""A story that a crowd tells: one incident, hundreds of origins, thousands of reports of one toll.

Every origin raises its count as the hours go by; some reports come late, and of every hundred one
is corrected and one retracted. However long it is, each origin's latest word stands.
"""

from collections.abc import Iterator
from random import Random

from benchmarks.material import Json
from benchmarks.stories import Told, told_at
from service.domain.lifecycle import IncidentKind
from service.domain.moments import SECOND_US, read_moment, write_instant
from service.domain.report import Publisher, SourceKind
from service.domain.update import NewIncident

CROWD = 200
"""How many origins tell it."""
PUBLISHERS = 40
BEGUN_US = read_moment("2023-02-06T01:17:00Z")
MINUTE_US = 60 * SECOND_US
DESK_EVERY = 50
"""Of so many reports one is an act of the desk on an earlier one, a correction or a retraction."""
LATE = 0.05
ROUGH = 0.3
"""The share of counts that are open-ended."""

FIGURE = "casualties.killed"


def crowd_begun(incident: str) -> NewIncident:
    return NewIncident(
        incident=incident,
        title="An earthquake",
        kind=IncidentKind.DISASTER,
        kind_other=None,
        update=told_at(BEGUN_US, _publisher(0), []).update,
    )


def crowd(reports: int, origins: int = CROWD) -> Iterator[Told]:
    """So many reports, one an update, a minute apart. The first has version 2."""
    random = Random(reports)
    free: list[tuple[int, Json]] = []
    for number in range(reports):
        at_us = BEGUN_US + (number + 1) * MINUTE_US
        if number % DESK_EVERY == DESK_EVERY - 1:
            target, count = free.pop(random.randrange(len(free)))
            act = _retraction(target) if number // DESK_EVERY % 2 else _correction(target, count)
            yield told_at(at_us, _publisher(0), [act])
            continue
        count = _count(random, number, origins)
        free = [*free[-DESK_EVERY:], (number + 2, count)]
        yield told_at(at_us, _publisher(number), [count])


def minute(number: int) -> int:
    """When the report of this number was told."""
    return BEGUN_US + (number + 1) * MINUTE_US


def _count(random: Random, number: int, origins: int) -> Json:
    low = 10 + number // 5 + random.randrange(20)
    lag = random.randrange(600) if random.random() < LATE else random.randrange(30)
    quantity = {"low": low} if random.random() < ROUGH else {"low": low, "high": low + 15}
    return {
        "type": "casualties",
        "harm": "killed",
        "quantity": quantity,
        "scope": "whole",
        "origin": {"key": f"origin-{random.randrange(origins):03}", "kind": "official"},
        "effective_at": write_instant(minute(number) - min(lag, number) * MINUTE_US),
    }


def _correction(target: int, count: Json) -> Json:
    low = count["quantity"]["low"] + 1
    replacement = {
        **{key: count[key] for key in ("type", "harm", "scope")},
        "quantity": {"low": low, "high": low + 9},
    }
    return {"type": "correction", "target": target, "kind": "number", "replacement": replacement}


def _retraction(target: int) -> Json:
    return {"type": "retraction", "targets": [target], "reason": "withdrawn"}


def _publisher(number: int) -> Publisher:
    return Publisher(key=f"publisher-{number % PUBLISHERS:02}", kind=SourceKind.PRESS)
