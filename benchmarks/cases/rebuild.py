"""Cases 7 and 8: every view and the index again from the log, how fast and in how much memory
(ARCHITECTURE.md §6).
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import msgspec
from sqlalchemy import create_engine, text

from benchmarks.grounds import Ground
from benchmarks.lines import Line, Unit, Yardstick
from benchmarks.rehearsal import Rehearsal
from benchmarks.rounds import Measured, alternate
from benchmarks.stories import long, recorded
from benchmarks.yardsticks.event_sourcing import Replaying
from service.store.store import Store

SCAN = Yardstick(
    "scanning the log",
    "all events with their payloads read in the log's order by the same connection settings, each"
    " payload's JSON decoded into plain values, nothing derived and nothing written",
)
REPLAY = Yardstick(
    "eventsourcing, replay",
    "as many events of one aggregate with the posted JSON, read and decoded by the library and"
    " folded into the latest count of each origin; nothing written",
)
TENTH = Yardstick(
    "a tenth of the events",
    "the peak of the resident set of a process that rebuilds a store with a tenth of the events,"
    " in incidents as long",
)
GOALS = {"scan": 0.6, "replay": 5.0}
MEMORY_GOAL = 1.05
LENGTH = 10_000
"""Events of each incident in case 8."""

_LOG = text(
    "SELECT e.*, p.body FROM events e JOIN payloads p ON p.lane = e.lane"
    " AND p.event_id = e.event_id ORDER BY e.lane, e.position"
)
_CHILD = """
import json, sys
from pathlib import Path
from service.store.store import Store

def peak():
    told = Path("/proc/self/status").read_text().split("VmHWM:")[1]
    return int(told.split()[0])

store = Store.connect(sys.argv[1])
idle = peak()
store.custody.rebuild()
print(json.dumps([idle, peak()]))
"""


def how_fast(ground: Ground, rehearsal: Rehearsal) -> Iterator[Line]:
    effort = rehearsal.effort
    with ExitStack() as stack:
        url = stack.enter_context(recorded(ground, effort.history, 1))
        store = stack.enter_context(closing(Store.connect(url)))
        other = stack.enter_context(ground.empty())
        library = stack.enter_context(closing(Replaying(other)))
        reports = [update.update.reports for update in long(effort.history)]
        library.save(msgspec.json.decode(one.body) for told in reports for one in told)
        found = alternate(
            {
                "sitrep": lambda _: _rate(effort.history, store.rebuild),
                "scan": lambda _: _rate(effort.history, lambda: _scan(url)),
                "replay": lambda _: _rate(effort.history, library.replay),
            },
            min(effort.rounds, 3),
        )
    what = f"rebuild, {effort.history:,} events"
    for name, yardstick in (("scan", SCAN), ("replay", REPLAY)):
        goal = GOALS[name]
        yield Line(7, ground.engine, what, yardstick, found["sitrep"], found[name], goal=goal)


def how_much_memory(ground: Ground, rehearsal: Rehearsal) -> Iterator[Line]:
    length = min(LENGTH, rehearsal.effort.history // 10)
    peaks = []
    for incidents in (rehearsal.effort.history * 10 // length, rehearsal.effort.history // length):
        with recorded(ground, length, incidents) as url:
            idle, peak = _peak_mib(url)
        peaks.append(Measured((peak,)))
        print(f"{ground.engine}: {peak - idle:.0f} MiB above idle", file=sys.stderr)
    what = f"peak memory of a rebuild, {rehearsal.effort.history * 10:,} events"
    unit, goal = Unit.MEBIBYTES, MEMORY_GOAL
    yield Line(8, ground.engine, what, TENTH, *peaks, unit=unit, goal=goal)


def _scan(url: str) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = connection.execution_options(stream_results=True).execute(_LOG)
        for row in rows:
            msgspec.json.decode(row.body)
    engine.dispose()


def _rate(events: int, work: Callable[[], object]) -> float:
    begun_at = time.perf_counter()
    work()
    return events / (time.perf_counter() - begun_at)


def _peak_mib(url: str) -> tuple[float, float]:
    ended = subprocess.run(
        [sys.executable, "-c", _CHILD, url], check=True, capture_output=True, text=True
    )
    idle, peak = json.loads(ended.stdout)
    return idle / 1024, peak / 1024
