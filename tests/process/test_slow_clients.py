"""Clients that are slow, idle or many: each is ended in its time, and hinders nobody else."""

import select
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from threading import Event, Thread
from time import monotonic

import httpx
import pytest

from tests.process.serving import Server, serving

HEADER_SECONDS = 1
BODY_SECONDS = 4
PATIENCE = 15


@pytest.fixture
def key(store):
    return store.add_key("ada", "reporter")


@pytest.fixture
def server(database) -> Iterator[Server]:
    with serving(database, header_seconds=HEADER_SECONDS, body_seconds=BODY_SECONDS) as running:
        yield running


def connected(server: Server, begun: str) -> socket.socket:
    opened = socket.create_connection(("127.0.0.1", server.port))
    opened.sendall(begun.encode())
    return opened


def upload(key: str) -> str:
    return (
        "POST /v1/incidents HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {key}\r\nContent-Length: 1000\r\n\r\n"
        '{"title": '
    )


def seconds_until_ended(connection: socket.socket) -> float:
    """How long the server kept it open."""
    began = monotonic()
    while monotonic() - began < PATIENCE:
        ready, _, _ = select.select([connection], [], [], 0.1)
        try:
            if ready and not connection.recv(65_536):
                return monotonic() - began
        except ConnectionError:
            return monotonic() - began
    raise AssertionError("the connection was never ended")


@pytest.mark.parametrize(
    "begun", ["", "GET / HTTP/1.1\r\nHost: x\r\n", "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"]
)
def test_who_sends_no_request_or_half_of_one_or_no_further_is_ended(server, begun):
    with closing(connected(server, begun)) as connection:
        assert seconds_until_ended(connection) < HEADER_SECONDS + 5


def test_bodies_that_never_come_do_not_hold_the_server(server, key):
    with ExitStack() as stack:
        stalled = [stack.enter_context(closing(connected(server, upload(key)))) for _ in range(9)]

        began = monotonic()
        answer = httpx.get(f"{server.url}/healthz", timeout=PATIENCE)
        waited = monotonic() - began
        ended = [seconds_until_ended(connection) for connection in stalled]

    assert answer.status_code == 200
    assert waited < BODY_SECONDS - 1
    assert len(ended) == 9


def test_a_body_that_trickles_in_is_cut_off(server, key):
    enough = Event()
    with closing(connected(server, upload(key))) as connection:

        def trickle() -> None:
            while not enough.wait(0.2):
                try:
                    connection.sendall(b" ")
                except OSError:
                    return

        thread = Thread(target=trickle)
        thread.start()
        kept = seconds_until_ended(connection)
        enough.set()
        thread.join()

    assert kept < BODY_SECONDS + 5
    assert httpx.get(f"{server.url}/v1/incidents", timeout=PATIENCE).json()["incidents"] == []


def test_many_idle_clients_are_ended_and_others_are_answered(server):
    with ExitStack() as stack:
        for _ in range(200):
            stack.enter_context(closing(connected(server, "")))

        assert httpx.get(f"{server.url}/healthz", timeout=PATIENCE).status_code == 200


def test_who_was_refused_for_the_key_need_not_send_the_body(server):
    with closing(connected(server, upload("no-such-key"))) as connection:
        connection.settimeout(PATIENCE)
        assert connection.recv(65_536).startswith(b"HTTP/1.1 401")


def test_a_body_that_takes_its_time_but_comes_is_taken(server, key):
    body = b'{"title": "Fire", "kind": "other", "publisher": {"key": "afp", "kind": "press"}}'
    begun = upload(key).replace("Content-Length: 1000", f"Content-Length: {len(body)}")
    with closing(connected(server, begun.removesuffix('{"title": '))) as connection:
        pause = Event()
        for half in (body[:20], body[20:]):
            pause.wait(0.3)
            connection.sendall(half)
        connection.settimeout(PATIENCE)

        assert connection.recv(65_536).startswith(b"HTTP/1.1 201")
