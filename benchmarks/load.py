"""The client of the HTTP cases: a process of its own with kept-alive connections and ready bytes.

`python -m benchmarks.load` reads a pickled Job on stdin and writes what it saw on stdout, as JSON.
It also tells how long it was busy, so that one sees that it is not what was measured.
"""

import json
import pickle
import re
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path

HOST = "127.0.0.1"
PATIENCE_S = 30
CHUNK = 1 << 16

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Job:
    """What each connection sends, one request after the other: for so long, or each once."""

    port: int
    shares: tuple[tuple[bytes, ...], ...]
    status: int
    seconds: float | None = None


@dataclass(frozen=True)
class Seen:
    answered: int
    took_s: float
    busy_s: float

    @property
    def rate(self) -> float:
        return self.answered / self.took_s

    @property
    def busy(self) -> float:
        """The share of one core that the client took."""
        return self.busy_s / self.took_s


def send(job: Job) -> Seen:
    """Have another process do it. Raises CalledProcessError where an answer was not as expected."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"],
        input=pickle.dumps(job),
        stdout=subprocess.PIPE,
        check=True,
        cwd=Path(__file__).parent.parent,
    )
    return Seen(**json.loads(done.stdout))


class _Connection:
    def __init__(self, port: int, requests: Iterator[bytes], status: int) -> None:
        self.socket = socket.create_connection((HOST, port), timeout=PATIENCE_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._requests = requests
        self._begins = f"HTTP/1.1 {status} ".encode()
        self._answer = b""

    def ask(self) -> bool:
        """Send the next request; False where there is none."""
        request = next(self._requests, None)
        if request is not None:
            self.socket.sendall(request)
        return request is not None

    def answered(self) -> bool:
        """Take what has come; True where the answer is complete."""
        came = self.socket.recv(CHUNK)
        answer = self._answer + came
        head, blank, body = answer.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not came or (blank and (length is None or not head.startswith(self._begins))):
            raise RuntimeError(f"unexpected: {answer[:500]!r}")
        if not blank or length is None or len(body) < int(length[1]):
            self._answer = answer
            return False
        self._answer = b""
        return True


def _work(job: Job) -> Seen:
    feeds = [iter(share) if job.seconds is None else cycle(share) for share in job.shares]
    connections = {}
    poll = select.epoll()
    for feed in feeds:
        connection = _Connection(job.port, feed, job.status)
        connections[connection.socket.fileno()] = connection
        poll.register(connection.socket, select.EPOLLIN)
    begun, busy = time.perf_counter(), time.process_time()
    ends = begun + (job.seconds or float("inf"))
    waiting = sum(connection.ask() for connection in connections.values())
    answered = 0
    while waiting:
        ready = poll.poll(PATIENCE_S)
        if not ready:
            raise RuntimeError(f"no answer for {PATIENCE_S} seconds")
        for number, _ in ready:
            connection = connections[number]
            if connection.answered():
                answered += 1
                waiting -= not (time.perf_counter() < ends and connection.ask())
    return Seen(answered, time.perf_counter() - begun, time.process_time() - busy)


if __name__ == "__main__":
    print(json.dumps(asdict(_work(pickle.loads(sys.stdin.buffer.read())))))  # noqa: S301
