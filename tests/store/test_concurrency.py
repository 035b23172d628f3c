"""DOMAIN.md §10.4–6 under many writers at once, on both engines, with one lane and with sixteen."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from service.errors import Refused, VersionConflict
from service.store.lanes import lane_of
from tests.histories import EDITOR, killed, new_incident, new_update, retraction, told

WRITERS = 16
EACH = 12


@pytest.fixture(params=[1, 16])
def lanes(request):
    return request.param


def together(work):
    """Run `work(number)` in sixteen threads that start at one moment."""
    start = Barrier(WRITERS)

    def begin(number):
        start.wait()
        return work(number)

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(begin, range(WRITERS)))


def test_the_same_update_from_sixteen_threads_is_stored_once(store):
    store.open(new_incident("taji"), EDITOR)
    update = new_update(told("afp", killed(2)))

    answers = together(lambda number: store.append("taji", update, EDITOR))

    assert sum(not answer.replayed for answer in answers) == 1
    assert len({answer.receipt.version for answer in answers}) == 1
    assert all(answer.receipt == answers[0].receipt for answer in answers)
    assert len(store.events("taji", after_version=0, types=(), limit=10).events) == 2


def test_one_incident_opened_by_sixteen_threads_exists_once(store):
    opening = new_incident("taji", killed(1))

    answers = together(lambda number: store.open(opening, EDITOR))

    assert sum(not answer.replayed for answer in answers) == 1


def test_sixteen_threads_on_one_incident_all_succeed_without_gap_or_twin(store):
    store.open(new_incident("taji"), EDITOR)

    def write(number):
        return [
            store.append("taji", new_update(told(f"p{number}", killed(n))), EDITOR).receipt
            for n in range(EACH)
        ]

    receipts = [receipt for written in together(write) for receipt in written]
    events = store.events("taji", after_version=0, types=(), limit=1000).events

    assert sorted(receipt.version for receipt in receipts) == list(range(2, WRITERS * EACH + 2))
    assert [event.version for event in events] == list(range(1, WRITERS * EACH + 2))
    moments = [event.recorded_at for event in events]
    assert moments == sorted(set(moments))


def test_a_race_on_a_version_has_exactly_one_winner(store):
    store.open(new_incident("taji"), EDITOR)

    def race(number):
        update = new_update(told(f"p{number}", killed(number)))
        try:
            return store.append("taji", update, EDITOR, expecting=1).receipt.version
        except VersionConflict as lost:
            return -lost.actual

    assert sorted(together(race)) == [-2] * (WRITERS - 1) + [2]


def test_a_tailing_reader_sees_every_acknowledged_event_once_and_in_order(store, lanes):
    for number in range(WRITERS):
        store.open(new_incident(f"story-{number}"), EDITOR)
    done = Event()

    def tail():
        seen, cursor = [], None
        while True:
            finished = done.is_set()
            page = store.feed(after=cursor, types=(), incident=None, limit=50)
            seen += page.events
            cursor = page.cursor
            if finished and page.next is None and not page.events:
                return seen

    def write(number):
        acknowledged = []
        for n in range(EACH):
            incident = f"story-{(number * n) % WRITERS}"
            receipt = store.append(incident, new_update(told("afp", killed(n), killed(n))), EDITOR)
            acknowledged += [event.event_id for event in receipt.receipt.events]
        return acknowledged

    with ThreadPoolExecutor(1) as reader:
        tailing = reader.submit(tail)
        acknowledged = [event_id for written in together(write) for event_id in written]
        done.set()
        seen = tailing.result(timeout=60)

    written = [event for event in seen if event.type != "incident_opened"]
    assert sorted(event.event_id for event in written) == sorted(acknowledged)
    assert len(acknowledged) == len(set(acknowledged)) == WRITERS * EACH * 2
    by_lane = {}
    for event in seen:
        by_lane.setdefault(_lane(store, event.incident), []).append(event.position)
    assert all(places == list(range(1, len(places) + 1)) for places in by_lane.values())
    assert len(by_lane) == 1 if lanes == 1 else len(by_lane) > 1


def _lane(store, incident):
    return lane_of(incident, store.lanes)


def test_a_refusal_in_a_round_never_touches_its_neighbours(store):
    store.open(new_incident("taji"), EDITOR)

    def write(number):
        if number % 2:
            update = new_update(told("desk", killed(1), retraction(999)))
        else:
            update = new_update(told(f"p{number}", killed(number)))
        try:
            return store.append("taji", update, EDITOR).receipt.version
        except Refused as refusal:
            return type(refusal).__name__

    outcomes = together(write)

    assert outcomes[1::2] == ["Refused"] * (WRITERS // 2)
    assert sorted(outcomes[::2]) == list(range(2, 2 + WRITERS // 2))
    assert json.loads(store.now("taji").body)["version"] == 1 + WRITERS // 2


def test_two_processes_share_one_store(database, open_store):
    stores = [open_store(database), open_store(database)]
    stores[0].open(new_incident("taji"), EDITOR)

    def write(number):
        update = new_update(told(f"p{number}", killed(number)))
        return stores[number % 2].append("taji", update, EDITOR).receipt.version

    assert sorted(together(write)) == list(range(2, 2 + WRITERS))
