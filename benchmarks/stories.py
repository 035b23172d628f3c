"""Two stories of one incident over the same years: of ten events, and of as many as one likes.

At any moment after the first day the same number of reports stands in both: six counts, and from
the day of the desk's acts on a correction and a retraction. The long one has counts for every day,
a few published years late, and some by a publisher whose reports are later withdrawn.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from random import Random
from uuid import UUID

import msgspec

from benchmarks.grounds import SIGNER, Ground
from benchmarks.material import EDITOR, SLOTS, Json, count
from service.domain.lifecycle import IncidentKind
from service.domain.moments import DAY_US, read_moment, write_instant
from service.domain.report import Publisher, SourceKind
from service.domain.reports import decode_report
from service.domain.update import NewIncident, NewReport, NewUpdate
from service.store.store import Store

SHORT = 10
"""Events of the short story, with its opening."""

BEGUN_US = read_moment("2015-01-01T12:00:00Z")
DAYS = 2000
DESK_DAY = 1000
LATE = 0.05
"""The share of counts that are for a day long gone."""

STEADY, WITHDRAWN = (
    Publisher(key=key, kind=SourceKind.AGENCY) for key in ("first-agency", "second-agency")
)
WITHDRAWN_SINCE_DAY = 900


@dataclass(frozen=True)
class Told:
    """An update, and the moment at which the store's clock stands when it comes in."""

    at_us: int
    update: NewUpdate


class Clock:
    """Stands where it is put."""

    def __init__(self) -> None:
        self.now_us = 0

    def __call__(self) -> int:
        return self.now_us


@contextmanager
def recorded(ground: Ground, length: int, incidents: int) -> Iterator[str]:
    """The URL of a store with so many long incidents of so many events each."""
    clock = Clock()
    with ground.migrated() as url:
        with closing(Store.connect(url, clock=clock, signer=SIGNER)) as store:
            clock.now_us = BEGUN_US
            for number in range(incidents):
                name = f"long-{number}"
                store.open(begun(name), EDITOR)
                for told in short() if length == SHORT else long(length):
                    clock.now_us = max(clock.now_us, told.at_us)
                    store.append(name, told.update, EDITOR)
        yield url


def begun(incident: str) -> NewIncident:
    return NewIncident(
        incident=incident,
        title="A long story",
        kind=IncidentKind.CLASH,
        kind_other=None,
        update=_update(BEGUN_US, STEADY, []),
    )


def short() -> Iterator[Told]:
    """Nine events after the opening. Version 8 is the one that is retracted."""
    yield _first_day()
    yield _told(500, STEADY, [count(0, 7)])
    yield _told(DESK_DAY, STEADY, [_correction(), {"type": "retraction", "targets": [8]}])


def long(events: int) -> Iterator[Told]:
    """So many events with the opening, one update a day."""
    random = Random(events)
    yield _first_day()
    left = events - 1 - len(SLOTS) - 2
    for day in range(1, DAYS):
        if day == DESK_DAY:
            scope = {"publisher": WITHDRAWN.key, "since": _day(WITHDRAWN_SINCE_DAY)}
            yield _told(day, STEADY, [_correction(), {"type": "retraction", "targets": scope}])
        size = left * day // (DAYS - 1) - left * (day - 1) // (DAYS - 1)
        told_by = WITHDRAWN if random.random() < 0.2 else STEADY
        if size:
            yield _told(day, told_by, [_figure(random, day) for _ in range(size)])


def moment_us(random: Random) -> int:
    """Any moment after the first day and before the last."""
    return BEGUN_US + random.randrange(DAY_US + 1, (DAYS - 1) * DAY_US)


def _first_day() -> Told:
    return _told(0, STEADY, [count(slot, 2) for slot in range(len(SLOTS))])


def _figure(random: Random, day: int) -> Json:
    lag = random.randrange(day + 1) if random.random() < LATE else random.randrange(min(day, 8) + 1)
    figure = count(random.randrange(len(SLOTS)), 3 + day - lag)
    return {**figure, "effective_at": _day(day - lag)}


def _correction() -> Json:
    replacement = count(1, 3)
    del replacement["origin"], replacement["modality"], replacement["phrase"]
    return {"type": "correction", "target": 3, "kind": "number", "replacement": replacement}


def _day(day: int) -> str:
    return write_instant(BEGUN_US + day * DAY_US)[:10]


def told_at(at_us: int, publisher: Publisher, reports: list[Json]) -> Told:
    return Told(at_us, _update(at_us, publisher, reports))


def _told(day: int, publisher: Publisher, reports: list[Json]) -> Told:
    return told_at(BEGUN_US + day * DAY_US, publisher, reports)


def _update(at_us: int, publisher: Publisher, reports: list[Json]) -> NewUpdate:
    bodies = [msgspec.json.encode(report) for report in reports]
    digest = sha256(b"".join(bodies) + str(at_us).encode()).digest()
    return NewUpdate(
        update_id=str(UUID(bytes=digest[:16], version=4)),
        digest=digest,
        publisher=publisher,
        published_at=write_instant(at_us),
        summary=None,
        reports=tuple(NewReport(body=body, report=decode_report(body)) for body in bodies),
    )
