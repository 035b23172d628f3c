"""A connection goes on after a refusal, or the answer says that it ends: a client that keeps it for
its next request is never left without an answer.
"""

import socket
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest

from tests.process.serving import Server, serving

PATIENCE = 15
MOST = 2_000
AWAITED = b"HTTP/1.1 100 Continue\r\n\r\n"


@pytest.fixture
def reader(store):
    return store.add_key("ray", "reader")


@pytest.fixture
def server(database) -> Iterator[Server]:
    with serving(database, max_body_bytes=MOST) as running:
        yield running


class Kept:
    """A connection that asks before it sends a body, and tells what it was answered."""

    def __init__(self, server: Server) -> None:
        self._socket = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)

    def close(self) -> None:
        self._socket.close()

    def post(self, key: str, framing: str, path: str = "/v1/incidents") -> None:
        self.send(
            f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {key}\r\nExpect: 100-continue\r\n{framing}\r\n\r\n"
        )

    def send(self, text: str) -> None:
        self._socket.sendall(text.encode())

    def get(self, path: str) -> bytes:
        self.send(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n")
        return self.head()

    def received(self) -> bytes:
        return self._socket.recv(65_536)

    def head(self) -> bytes:
        """The head of the next answer, in small letters, whose body is read too."""
        told = b""
        while b"\r\n\r\n" not in told:
            told += self._more(told)
        head, _, body = told.lower().partition(b"\r\n\r\n")
        fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:])
        while len(body) < int(fields[b"content-length"]):
            body += self._more(body)
        return head

    def _more(self, so_far: bytes) -> bytes:
        more = self.received()
        assert more, so_far
        return more

    def is_ended(self) -> bool:
        try:
            return self.received() == b""
        except ConnectionError:
            return True


@pytest.fixture
def kept(server) -> Iterator[Kept]:
    with closing(Kept(server)) as connection:
        yield connection


@pytest.mark.parametrize(
    ("framing", "body"),
    [
        ("Content-Length: 20", " " * 20),
        ("Transfer-Encoding: chunked", "14\r\n" + " " * 20 + "\r\n0\r\n\r\n"),
    ],
)
def test_the_body_of_a_known_client_is_taken_before_it_is_refused(kept, reader, framing, body):
    kept.post(reader, framing)
    assert kept.received() == AWAITED
    kept.send(body)
    refused = kept.head()

    assert refused.startswith(b"http/1.1 403")
    assert b"connection: close" not in refused
    assert kept.get("/healthz").startswith(b"http/1.1 200")


@pytest.mark.parametrize("framing", ["Content-Length: 20", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize(("path", "status"), [("/v1/incidents", b"401"), ("/nowhere", b"404")])
def test_a_stranger_is_told_that_the_connection_ends(kept, framing, path, status):
    kept.post("no-such-key", framing, path)
    refused = kept.head()

    assert refused.startswith(b"http/1.1 " + status)
    assert b"connection: close" in refused
    assert kept.is_ended()


def test_so_is_whoever_sends_too_much(kept, reader):
    kept.post(reader, f"Content-Length: {MOST + 2}")
    refused = kept.head()

    assert refused.startswith(b"http/1.1 403")
    assert b"connection: close" in refused
    assert kept.is_ended()


def test_and_whoever_sends_too_much_without_saying_so(kept, reader):
    kept.post(reader, "Transfer-Encoding: chunked")
    assert kept.received() == AWAITED
    kept.send(f"{MOST + 2:x}\r\n" + " " * (MOST + 2) + "\r\n")
    refused = kept.head()

    assert refused.startswith(b"http/1.1 403")
    assert b"connection: close" in refused
    assert kept.is_ended()


def test_a_field_that_would_pass_for_another_is_not_heard(store, database):
    key = store.add_key("root", "admin")
    headers = {"Authorization": f"Bearer {key}", "X_Forwarded_For": "192.0.2.1"}
    with serving(database, proxies=1) as server:
        for _ in range(2):
            answer = httpx.get(f"{server.url}/v1/keys/uses", headers=headers)

    assert [use["address"] for use in answer.json()["uses"]] == ["127.0.0.1"]
