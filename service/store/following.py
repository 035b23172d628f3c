"""Following the record: what has been read of it, and what comes next without a gap."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from service.errors import Malformed
from service.store.answers import EventRecord, encode
from service.store.cursors import read_feed_cursor, write_feed_cursor
from service.store.lanes import lane_of
from service.store.telling import Telling

PAGE = 500
VERSION = re.compile(r"[0-9]{1,18}", re.ASCII)


class Missed(Exception):
    """An event came before those that should have come first: they are in the store."""


class Told(NamedTuple):
    """An event that has just been recorded, and its JSON as one kind of reader gets it."""

    lane: int
    event: EventRecord
    data: bytes


class Next(NamedTuple):
    """`id` is where to go on after an event."""

    id: str
    data: bytes


class Follower(Protocol):
    """Where a reader stands. Every event after that comes once: read on in the store, or taken as
    it is recorded.
    """

    def read_on(self, store: Telling) -> tuple[list[Next], bool]:
        """What the store has next, and whether it has more."""

    def take(self, told: Told) -> Next | None:
        """An event that was just recorded, None where it was read before or is not wanted. Raises
        Missed.
        """

    def is_level(self, cursor: str) -> bool:
        """Whether nothing up to that cursor of the feed is left to read on."""


class Listener(NamedTuple):
    """Who follows. `may_go_on` asks whether the reader's key, if one was sent, still opens what it
    did; it takes a look into the store.
    """

    follower: Follower
    desk: bool
    may_go_on: Callable[[], bool]


class OfAll:
    """Follows the feed after a cursor. Raises Malformed for one that was not given out here."""

    def __init__(
        self, after: str, lanes: int, *, types: Sequence[str] = (), incident: str | None = None
    ) -> None:
        self._reached = read_feed_cursor(after, lanes)
        self._types = frozenset(types)
        self._incident = incident

    def read_on(self, store: Telling) -> tuple[list[Next], bool]:
        page = store.feed(
            after=self._id(), types=tuple(self._types), incident=self._incident, limit=PAGE
        )
        found = []
        for event in page.events:
            self._reached[self._lane(event)] = event.position
            found.append(Next(self._id(), encode(event)))
        self._reached = read_feed_cursor(page.cursor, len(self._reached))
        return found, page.next is not None

    def take(self, told: Told) -> Next | None:
        position = told.event.position
        if position <= self._reached[told.lane]:
            return None
        if position > self._reached[told.lane] + 1:
            raise Missed
        self._reached[told.lane] = position
        if self._incident not in {None, told.event.incident}:
            return None
        if self._types and told.event.type not in self._types:
            return None
        return Next(self._id(), told.data)

    def is_level(self, cursor: str) -> bool:
        reached = read_feed_cursor(cursor, len(self._reached))
        return all(self._reached[lane] >= position for lane, position in reached.items())

    def _id(self) -> str:
        return write_feed_cursor(self._reached)

    def _lane(self, event: EventRecord) -> int:
        return lane_of(event.incident, len(self._reached))


class OfIncident:
    """Follows one incident's events after a version. Raises Malformed for what is none."""

    def __init__(self, incident: str, after: str, *, types: Sequence[str] = ()) -> None:
        if not VERSION.fullmatch(after):
            raise Malformed("an incident is followed after a version, such as 12")
        self._incident = incident
        self._version = int(after)
        self._types = frozenset(types)

    def read_on(self, store: Telling) -> tuple[list[Next], bool]:
        page = store.events(self._incident, after_version=self._version, types=(), limit=PAGE)
        if page.events:
            self._version = page.events[-1].version
        found = [Next(str(told.version), encode(told)) for told in page.events if self._wants(told)]
        return found, page.next is not None

    def take(self, told: Told) -> Next | None:
        event = told.event
        if event.incident != self._incident or event.version <= self._version:
            return None
        if event.version > self._version + 1:
            raise Missed
        self._version = event.version
        return Next(str(event.version), told.data) if self._wants(event) else None

    def is_level(self, cursor: str) -> bool:  # noqa: ARG002 - a version tells nothing of it
        return False

    def _wants(self, event: EventRecord) -> bool:
        return not self._types or event.type in self._types
