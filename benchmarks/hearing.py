"""Writers at a given pace, and listeners that note when they hear of it: a process of its own.

`python -m benchmarks.hearing` reads a pickled Task on stdin and writes the delays on stdout, as
JSON: milliseconds from the moment at which an update was due to be sent until a listener had read
it, so that nobody is spared who had to wait for a turn.
"""

import json
import pickle
import re
import resource
import selectors
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load import CHUNK, HOST, PATIENCE_S

WRITERS = 8

_HEARD = re.compile(rb'"update_id":"([0-9a-f-]{36})"')
_STREAM = (
    f"GET /v1/events?after=now HTTP/1.1\r\nHost: {HOST}\r\nAccept: text/event-stream\r\n\r\n"
).encode()


@dataclass(frozen=True)
class Task:
    """`updates` are requests with their updates' ids, sent so many a second."""

    port: int
    listeners: int
    updates: tuple[tuple[str, bytes], ...]
    a_second: float


def heard(task: Task) -> list[float]:
    """Have another process do it: the delays of every update at every listener, in milliseconds."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.hearing"],
        input=pickle.dumps(task),
        stdout=subprocess.PIPE,
        check=True,
        cwd=Path(__file__).parent.parent,
    )
    delays: list[float] = json.loads(done.stdout)
    return delays


class _Play:
    def __init__(self, task: Task) -> None:
        self._task = task
        self._selector = selectors.DefaultSelector()
        self._due: dict[bytes, float] = {}
        self._delays: list[float] = []
        self._rest: dict[int, bytes] = {}
        self._free: deque[socket.socket] = deque()

    def delays(self) -> list[float]:
        for _ in range(self._task.listeners):
            listener = self._connected()
            listener.sendall(_STREAM)
            self._selector.register(listener, selectors.EVENT_READ, self._hear)
        self._await_heads()
        for _ in range(WRITERS):
            writer = self._connected()
            self._selector.register(writer, selectors.EVENT_READ, self._answered)
            self._free.append(writer)
        self._write()
        return self._delays

    def _connected(self) -> socket.socket:
        made = socket.create_connection((HOST, self._task.port), timeout=PATIENCE_S)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def _await_heads(self) -> None:
        waiting = self._task.listeners
        while waiting:
            for key, _ in self._ready(PATIENCE_S):
                began = b"retry:" in self._rest.get(key.fd, b"")
                came = self._rest.get(key.fd, b"") + self._received(key.fileobj)
                self._rest[key.fd] = came
                waiting -= not began and b"retry:" in came
        self._rest.clear()

    def _write(self) -> None:
        begun, pace = time.perf_counter() + 0.1, 1 / self._task.a_second
        waiting = deque(
            (begun + number * pace, *update) for number, update in enumerate(self._task.updates)
        )
        expected = len(waiting) * self._task.listeners
        while len(self._delays) < expected:
            now = time.perf_counter()
            while waiting and self._free and waiting[0][0] <= now:
                due, update_id, request = waiting.popleft()
                self._due[update_id.encode()] = due
                self._free.popleft().sendall(request)
            is_next = bool(waiting and self._free)
            for key, _ in self._ready(max(waiting[0][0] - now, 0) if is_next else PATIENCE_S):
                key.data(key.fileobj)

    def _hear(self, listener: socket.socket) -> None:
        came = self._rest.get(listener.fileno(), b"") + self._received(listener)
        now, last = time.perf_counter(), 0
        for found in _HEARD.finditer(came):
            self._delays.append((now - self._due[found[1]]) * 1000)
            last = found.end()
        self._rest[listener.fileno()] = came[max(last, len(came) - 64) :]

    def _answered(self, writer: socket.socket) -> None:
        answer = self._received(writer)
        if not answer.startswith(b"HTTP/1.1 201 ") or not answer.endswith(b"}"):
            raise RuntimeError(f"unexpected: {answer[:500]!r}")
        self._free.append(writer)

    def _ready(self, seconds: float) -> Sequence[tuple[selectors.SelectorKey, int]]:
        ready = self._selector.select(seconds)
        if not ready and seconds >= PATIENCE_S:
            raise RuntimeError(f"nothing was heard for {PATIENCE_S} seconds")
        return ready

    @staticmethod
    def _received(connection: socket.socket) -> bytes:
        came = connection.recv(CHUNK)
        if not came:
            raise RuntimeError("a connection was ended")
        return came


if __name__ == "__main__":
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    print(json.dumps(_Play(pickle.loads(sys.stdin.buffer.read())).delays()))  # noqa: S301
