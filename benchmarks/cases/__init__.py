"""The cases by their numbers in ARCHITECTURE.md §6."""

from collections.abc import Callable, Iterator, Mapping

from benchmarks.cases import append, crowd, disk, hot, http, live, log, pages, rebuild, replay
from benchmarks.grounds import Ground
from benchmarks.lines import Line
from benchmarks.rehearsal import Rehearsal

Case = Callable[[Ground, Rehearsal], Iterator[Line]]

CASES: Mapping[int, Case] = {
    1: append.one_client,
    2: append.many_clients,
    3: hot.one_incident,
    4: http.get_now,
    5: http.post_one,
    6: replay.as_of_any_moment,
    7: rebuild.how_fast,
    8: rebuild.how_much_memory,
    9: disk.per_event,
    10: live.appended_and_heard,
    11: crowd.one_crowd,
    12: log.read_whole,
    13: pages.for_people,
}
