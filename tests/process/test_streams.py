"""Streams of what is recorded, from a real server: nothing missed, nothing told twice."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from time import monotonic

import httpx
import pytest

from tests.histories import EDITOR, injured, killed, new_incident, new_update, told
from tests.process.listening import STREAM, listening
from tests.process.serving import eventually, serving

WRITERS, EACH = 6, 12
INCIDENTS = ("quake", "fire", "flood")
BODY_SECONDS = 3


@pytest.fixture
def store(database, open_store):
    opened = open_store(database)
    for name in INCIDENTS:
        opened.open(new_incident(name), EDITOR)
    return opened


@pytest.fixture
def server(store, database):
    with serving(database) as running:
        yield running


def feed(server, **query):
    return httpx.get(f"{server.url}/v1/events", params={"limit": 1000, **query}).json()["events"]


def write(server, key, number):
    """Half over HTTP, so that both ways of hearing of it are tried."""
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=30) as client:
        for turn in range(EACH):
            update = told("afp", killed(turn), injured(number))
            path = f"/v1/incidents/{INCIDENTS[turn % 3]}/updates"
            assert client.post(path, json=update).status_code == 201


def write_elsewhere(store, number):
    for turn in range(EACH):
        store.append(INCIDENTS[turn % 3], new_update(told("reuters", killed(turn))), EDITOR)


@pytest.mark.parametrize("lanes", [1, 16])
def test_whoever_listens_is_told_all_of_it_once_and_in_order(server, store):
    key = store.add_key("ada", "reporter")
    events = 3 + WRITERS // 2 * EACH * 3

    with (
        listening(server.url) as whole,
        listening(server.url, again=True) as often_cut_off,
        listening(server.url, after="now") as new,
        listening(server.url, f"/v1/incidents/{INCIDENTS[0]}/events") as one,
        ThreadPoolExecutor(WRITERS) as pool,
    ):
        writing = [pool.submit(write, server, key, number) for number in range(WRITERS // 2)]
        writing += [pool.submit(write_elsewhere, store, number) for number in range(WRITERS // 2)]
        for cuts in range(1, 6):
            often_cut_off.wait_for(lambda it, least=cuts * 5: len(it.events) >= least)
            often_cut_off.cut()
        for done in writing:
            done.result(timeout=60)
        for listener, expected in (
            (whole, events),
            (often_cut_off, events),
            (new, events - 3),
            (one, events // 3),
        ):
            listener.wait_for(lambda it, expected=expected: len(it.events) >= expected)

    recorded = feed(server)
    assert len(recorded) == events
    assert often_cut_off.visits > 1
    by_id = {event["event_id"]: event for event in recorded}
    for listener in (whole, often_cut_off):
        assert {event["event_id"]: event for event in listener.events} == by_id
        assert len(listener.events) == events
    assert {event["event_id"] for event in new.events} == by_id.keys() - {
        event["event_id"] for event in recorded if event["version"] == 1
    }
    versions = range(1, events // 3 + 1)
    assert [event["version"] for event in one.events] == list(versions)
    assert one.ids == [str(version) for version in versions]


def test_an_id_is_a_cursor_of_the_feed(server, store):
    with listening(server.url) as listener:
        listener.wait_for(lambda it: len(it.events) == 3)

    assert [event["incident"] for event in feed(server, after=listener.ids[0])] == ["fire", "flood"]


def test_a_stream_is_of_the_types_and_the_incident_that_were_asked_for(server, store):
    both = {"types": ["casualties_reported"], "incident": "fire"}
    with (
        listening(server.url, **both) as everything,
        listening(
            server.url, "/v1/incidents/fire/events", type="casualties_reported"
        ) as of_incident,
    ):
        for name in INCIDENTS:
            store.append(name, new_update(told("afp", killed(1))), EDITOR)
        store.append("fire", new_update(told("afp", {"type": "title", "title": "Blaze"})), EDITOR)
        store.append("fire", new_update(told("afp", killed(2))), EDITOR)
        for listener in (everything, of_incident):
            listener.wait_for(lambda it: len(it.events) == 2)

    assert everything.events == of_incident.events
    assert [event["version"] for event in everything.events] == [2, 4]


def test_what_is_withheld_is_told_to_the_desk_alone(server, store):
    key = store.add_key("desk", "editor")
    marked = {"type": "marking", "targets": ["it"], "audience": "desk"}
    with (
        listening(server.url, after="now") as public,
        listening(server.url, after="now", key=key) as desk,
    ):
        store.append("fire", new_update(told("afp", killed(9, key="it"), marked)), EDITOR)
        for listener in (public, desk):
            listener.wait_for(lambda it: len(it.events) == 2)

    assert public.events[0]["report"] is None
    assert desk.events[0]["report"]["quantity"] == {"low": 9, "high": 9}


def test_listeners_take_no_thread_from_others(store, database):
    with serving(database, threads=2) as server, ExitStack() as stack:
        listeners = [stack.enter_context(listening(server.url, after="now")) for _ in range(40)]

        assert httpx.get(f"{server.url}/v1/incidents/fire", timeout=10).status_code == 200
        store.append("fire", new_update(told("afp", killed(1))), EDITOR)
        for listener in listeners:
            listener.wait_for(lambda it: len(it.events) == 1)


def test_who_comes_when_as_many_listen_as_may_is_told_to_come_later(store, database):
    with serving(database, max_listeners=2) as server, ExitStack() as stack:
        first, _ = (stack.enter_context(listening(server.url)) for _ in range(2))
        third = httpx.get(f"{server.url}/v1/events", headers=STREAM)
        first.cut()

        assert (third.status_code, "Retry-After" in third.headers) == (503, True)
        eventually(lambda: takes_a_listener(server))


def takes_a_listener(server):
    with httpx.stream("GET", f"{server.url}/v1/events", headers=STREAM) as answer:
        return answer.status_code == 200


def test_a_listener_whose_key_is_revoked_is_told_no_more(store, database):
    key = store.add_key("eve", "reader")
    with (
        serving(database, reading="private", body_seconds=BODY_SECONDS) as server,
        listening(server.url, key=key) as listener,
    ):
        without = httpx.get(f"{server.url}/v1/events", headers=STREAM)
        listener.wait_for(lambda it: it.beats > 1)
        store.revoke_key("eve")
        listener.wait_for(lambda it: it.ended)

    assert without.status_code == 401
    assert len(listener.events) == 3


def test_a_stream_is_kept_open_where_nothing_happens(store, database):
    with (
        serving(database, header_seconds=1, body_seconds=BODY_SECONDS) as server,
        listening(server.url, after="now") as listener,
    ):
        listener.wait_for(lambda it: it.beats > 4)
        store.append("fire", new_update(told("afp", killed(1))), EDITOR)
        listener.wait_for(lambda it: len(it.events) == 1)

    assert listener.visits == 1


def test_a_server_told_to_stop_sends_its_listeners_home(store, database):
    with serving(database) as server, listening(server.url) as listener:
        began = monotonic()
        code = server.stop()
        listener.wait_for(lambda it: it.ended)

    assert code == 0
    assert monotonic() - began < BODY_SECONDS


@pytest.mark.parametrize(
    ("path", "headers", "status", "wording"),
    [
        ("/v1/incidents/nowhere/events", {}, 404, "nowhere"),
        ("/v1/incidents/fire/events", {"Last-Event-ID": "x"}, 400, "a version"),
        ("/v1/events", {"Last-Event-ID": "x"}, 400, "not given out here"),
        ("/v1/events?after=-1", {}, 400, "not given out here"),
        ("/v1/events?limit=5", {}, 400, "no pages"),
        ("/v1/events?types=none", {}, 400, "types"),
    ],
)
def test_what_cannot_be_followed_is_said_at_once(server, path, headers, status, wording):
    answer = httpx.get(f"{server.url}{path}", headers=STREAM | headers)

    assert answer.status_code == status
    assert wording in answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
