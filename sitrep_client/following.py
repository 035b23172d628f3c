"""Following a stream over as many connections as it takes: what to ask for next, and what was told
(server-sent events, WHATWG HTML §9.2).
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from sitrep_client.answers import Event, Told
from sitrep_client.asking import Ask, body_of, path_of, query_of
from sitrep_client.asks import feed, situation
from sitrep_client.errors import Problem, SitrepError, Unavailable
from sitrep_client.patience import Patience

NOW = "now"
SILENCE_S = 45.0
"""A stream says something every fifteen seconds: after three times as long it is dead."""

STREAM = (("Accept", "text/event-stream"), ("Accept-Encoding", "identity"))


class Stream(NamedTuple):
    """What is followed: everything, or one incident. `after` None is from the beginning."""

    incident: str | None
    after: str | None
    types: Sequence[str]
    on_loss: Callable[[SitrepError], object]

    def beginning(self) -> Ask[str] | None:
        """Asked first by whoever wants only what is new: where that begins. Without it, what came
        while the first connection was lost would be lost too.
        """
        if self.after != NOW:
            return None
        if self.incident is None:
            page = feed(after=NOW, limit=1).first
            return page.reading(lambda reply: page.read(reply).cursor)
        held = situation(self.incident)
        return held.reading(lambda reply: str(held.read(reply).version))

    def ask(self, last: str | None) -> Ask[bytes]:
        """The stream after what was told `last`."""
        heard = () if last is None else (("Last-Event-ID", last),)
        if self.incident is None:
            path, query = "/v1/events", query_of(after=self.after, types=self.types)
        else:
            path = path_of(self.incident, "events")
            query = query_of(after_version=self.after, type=self.types)
        return Ask(path, body_of, query, (*STREAM, *heard))


def stream(
    incident: str | None = None,
    *,
    after: str | int | None = None,
    types: Sequence[str] = (),
    on_loss: Callable[[SitrepError], object] = lambda _: None,
) -> Stream:
    """What is recorded, as it is recorded: of one incident, or of all. It begins `after` the `id`
    of something that was told before, after everything for `now`, else at the beginning, and goes
    on over lost connections, of which `on_loss` is told: nothing is missed and nothing told twice.
    """
    return Stream(incident, None if after is None else str(after), types, on_loss)


class Following:
    """Where a listener stands."""

    def __init__(self, followed: Stream, patience: Patience) -> None:
        self._stream, self._patience = followed, patience
        self._last: str | None = None
        self._unread = b""
        self._failures = 0
        self._was_open = False

    def ask(self) -> Ask[bytes]:
        """For the next connection. What the last one said in part is said again."""
        self._unread = b""
        return self._stream.ask(self._last)

    def opened(self) -> None:
        self._was_open, self._failures = True, 0

    def take(self, piece: bytes) -> Iterator[Told]:
        """The events that are complete with this piece of the stream."""
        *blocks, self._unread = (self._unread + piece).split(b"\n\n")
        for block in blocks:
            fields = dict(_field(line) for line in block.split(b"\n"))
            if (line := fields.get(b"data")) is not None:
                self._last = fields[b"id"].decode()
                event = msgspec.json.decode(line, type=Event)
                yield Told(id=self._last, event=event, line=line)

    def lost(self, failure: SitrepError) -> float:
        """Seconds until the next connection. Raises the failure where it will not pass, and, as
        long as there never was a connection, where there is no more patience.
        """
        if isinstance(failure, Problem) and not isinstance(failure, Unavailable):
            raise failure
        told = failure.retry_after if isinstance(failure, Problem) else None
        self._failures += 1
        seconds = self._patience.wait(self._failures, told)
        if self._was_open:
            seconds = self._patience.pause(self._failures, told)
        if seconds is None:
            raise failure
        self._stream.on_loss(failure)
        return seconds


def _field(line: bytes) -> tuple[bytes, bytes]:
    name, _, value = line.partition(b":")
    return name, value.removeprefix(b" ")
