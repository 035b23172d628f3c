"""A listener as a browser is one: it follows a stream, and comes again where it was cut off."""

import json
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import cycle
from threading import Condition, Event, Thread
from typing import Any

import httpx

from tests.process.serving import UNENCRYPTED

PATIENCE_S = 60
PAUSE_S = 0.05
STREAM = {"Accept": "text/event-stream"}

Json = dict[str, Any]


class Listener:
    """Follows `path` in a thread, and notes what it was told. `again` is whether it comes back,
    to one of the `urls` after the other.
    """

    def __init__(
        self,
        urls: Sequence[str],
        path: str,
        *,
        key: str | None = None,
        again: bool = False,
        **query: object,
    ) -> None:
        self._urls = cycle(urls)
        patience = httpx.Timeout(30, read=PATIENCE_S)
        self._client = httpx.Client(timeout=patience, verify=UNENCRYPTED)
        self._path, self._query, self._again = path, query, again
        self._headers = STREAM | ({} if key is None else {"Authorization": f"Bearer {key}"})
        self._told = Condition()
        self._answer: httpx.Response | None = None
        self._left = Event()
        self.events: list[Json] = []
        self.ids: list[str] = []
        self.beats = self.visits = 0
        self.ended = False
        self._thread = Thread(target=self._listen)
        self._thread.start()

    def wait_for(self, holds: Callable[["Listener"], bool]) -> None:
        with self._told:
            if not self._told.wait_for(lambda: holds(self), PATIENCE_S):
                raise AssertionError(f"{len(self.events)} events, {self.beats} beats, never that")

    def cut(self) -> None:
        """The connection breaks."""
        if self._answer is not None:
            stream = self._answer.extensions["network_stream"]
            with suppress(OSError):
                stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    def leave(self) -> None:
        self._left.set()
        self.cut()
        self._thread.join(PATIENCE_S)
        self._client.close()

    def _listen(self) -> None:
        while not self._left.is_set():
            try:
                self._visit()
            except httpx.HTTPError:
                """Cut off, or the server is not there."""
            if not self._again:
                break
            self._left.wait(PAUSE_S)
        with self._told:
            self.ended = True
            self._told.notify_all()

    def _visit(self) -> None:
        last = {"Last-Event-ID": self.ids[-1]} if self.ids else {}
        with self._client.stream(
            "GET", next(self._urls) + self._path, params=self._query, headers=self._headers | last
        ) as answer:
            answer.raise_for_status()
            self._answer = answer
            self.visits += 1
            for block in _blocks(answer.iter_lines()):
                self._take(block)

    def _take(self, block: list[str]) -> None:
        fields = dict(line.split(": ", 1) for line in block if not line.startswith(":"))
        with self._told:
            self.beats += block == [":"]
            if "data" in fields:
                self.events.append(json.loads(fields["data"]))
                self.ids.append(fields["id"])
            self._told.notify_all()


@contextmanager
def listening(url: str, path: str = "/v1/events", **more: Any) -> Iterator[Listener]:
    listener = Listener([url], path, **more)
    try:
        listener.wait_for(lambda one: one.visits > 0)
        yield listener
    finally:
        listener.leave()


def _blocks(lines: Iterator[str]) -> Iterator[list[str]]:
    block: list[str] = []
    for line in lines:
        if line:
            block.append(line)
        else:
            yield block
            block = []
