"""What is recorded, told to whoever listens, as it is recorded.

One thread follows the feed for all listeners of a process; they wait on the event loop and take
none. Who comes late, or is slow, reads what is missing in the store and then goes on with the
others: by positions, so that nothing is missed and nothing is told twice.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread
from typing import TypeVar

from service.errors import Unavailable
from service.store.answers import FeedPage, encode
from service.store.following import PAGE, Listener, Missed, Next, Told
from service.store.lanes import lane_of
from service.store.store import Store

POLL_S = 0.025
"""How long until it is seen what another process recorded."""

REST_S = 1.0
"""After the store did not answer."""

READERS = 2
"""Threads for all listeners that have something to catch up with."""

RETRY = b"retry: 2000\n\n"
"""How many milliseconds a browser waits before it comes again, where the connection ended."""

BEAT = b":\n\n"

Send = Callable[[bytes], Awaitable[None]]

Found = TypeVar("Found")

_log = logging.getLogger(__name__)


class _Turn:
    """What was recorded at once, told when it `came`. One that is empty is a beat, which keeps
    connections open; a `beginning` says that what came before it is only in the store. Whoever
    needs a turn and those after it holds it, and nobody else does. `cursor` is that of the feed
    after it.
    """

    __slots__ = ("beginning", "came", "cursor", "desk", "following", "public")

    def __init__(self, cursor: str = "0") -> None:
        self.came = asyncio.Event()
        self.cursor = cursor
        self.beginning = False
        self.public: list[Told] = []
        self.desk: list[Told] = []
        self.following: _Turn | None = None


class Live:
    """Tells at most so many listeners. `listen` belongs to one event loop."""

    def __init__(self, store: Store, *, most: int, beat_s: float) -> None:
        self._store, self._for_desk = store, store.as_desk()
        self._most, self._beat_s = most, beat_s
        self._listeners = self._desks = 0
        self._closed = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._turn = _Turn()
        self._told_up_to: str | None = None
        self._stirred, self._listened = Event(), Event()
        self._readers = ThreadPoolExecutor(READERS, "catching-up")
        store.when_appended(self._stirred.set)

    def has_room(self) -> bool:
        return self._listeners < self._most and not self._closed

    async def listen(self, listener: Listener, send: Send) -> None:
        """Tells everything that follows, until this is closed or the listener may not go on."""
        self._begin(listener)
        turn = self._turn
        try:
            await send(RETRY)
            if self._told_up_to is None or not listener.follower.is_level(self._told_up_to):
                await self._catch_up(listener, send)
            while True:
                await turn.came.wait()
                if turn.following is None or not await self._tell(turn, listener, send):
                    return
                turn = turn.following
        finally:
            self._listeners -= 1
            self._desks -= listener.desk

    def close(self) -> None:
        """Lets everybody go. Safe in a signal handler, and twice."""
        self._closed = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        self._turn.came.set()
        self._stirred.set()
        self._listened.set()

    def _begin(self, listener: Listener) -> None:
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            Thread(target=self._follow, args=(self._loop,), name="live", daemon=True).start()
        self._listeners += 1
        self._desks += listener.desk
        self._listened.set()

    async def _tell(self, turn: _Turn, listener: Listener, send: Send) -> bool:
        """False for whoever may not go on."""
        told = turn.desk if listener.desk else turn.public
        if turn.beginning or len(told) < len(turn.public):
            await self._catch_up(listener, send)
        elif told:
            await self._take(told, listener, send)
        elif not await self._aside(listener.may_go_on):
            return False
        else:
            await send(BEAT)
        return True

    async def _take(self, told: Iterable[Told], listener: Listener, send: Send) -> None:
        taken: list[Next] = []
        missed = False
        for one in told:
            try:
                new = listener.follower.take(one)
            except Missed:
                missed = True
                break
            if new is not None:
                taken.append(new)
        if taken:
            await send(_written(taken))
        if missed:
            await self._catch_up(listener, send)

    async def _catch_up(self, listener: Listener, send: Send) -> None:
        store = self._for_desk if listener.desk else self._store
        more = True
        while more and not self._closed:
            try:
                found, more = await self._aside(lambda: listener.follower.read_on(store))
            except Unavailable:
                await asyncio.sleep(REST_S)
                continue
            if found:
                await send(_written(found))

    async def _aside(self, work: Callable[[], Found]) -> Found:
        return await asyncio.get_running_loop().run_in_executor(self._readers, work)

    def _follow(self, loop: asyncio.AbstractEventLoop) -> None:
        """The thread: reads the feed while anybody listens."""
        cursor, beat_at, is_down = None, 0.0, False
        while not self._closed:
            if self._listeners == 0:
                cursor = None
                self._listened.wait()
                self._listened.clear()
                continue
            try:
                turn = self._begun() if cursor is None else self._read(cursor)
            except Unavailable as gone:
                self._rest(gone, told=is_down)
                is_down = True
                continue
            except Exception as failure:  # noqa: BLE001 - listeners depend on this thread
                self._rest(failure, told=is_down)
                cursor, is_down = None, True
                continue
            cursor, is_down = turn.cursor, False
            if turn.beginning or turn.public or time.monotonic() >= beat_at:
                beat_at = time.monotonic() + self._beat_s
                loop.call_soon_threadsafe(self._come, turn)
            if len(turn.public) < PAGE:
                self._stirred.wait(POLL_S)
            self._stirred.clear()

    def _rest(self, failure: Exception, *, told: bool) -> None:
        if not told:
            unknown = None if isinstance(failure, Unavailable) else failure
            _log.warning("the record cannot be followed: %s", failure, exc_info=unknown)
        self._stirred.wait(REST_S)
        self._stirred.clear()

    def _begun(self) -> _Turn:
        turn = _Turn(self._store.feed_end())
        turn.beginning = True
        return turn

    def _read(self, cursor: str) -> _Turn:
        """The feed's next page, as the public and, where it listens, as the desk sees it."""
        page = self._store.feed(after=cursor, types=(), incident=None, limit=PAGE)
        turn = _Turn(page.cursor)
        turn.public = self._told(page)
        if turn.public and self._desks:
            turn.desk = self._told(
                self._for_desk.feed(after=cursor, types=(), incident=None, limit=len(turn.public))
            )
        return turn

    def _told(self, page: FeedPage) -> list[Told]:
        lanes = self._store.lanes
        return [Told(lane_of(one.incident, lanes), one, encode(one)) for one in page.events]

    def _come(self, turn: _Turn) -> None:
        """On the event loop: what listeners wait for is there."""
        coming = self._turn
        coming.beginning, coming.public, coming.desk = turn.beginning, turn.public, turn.desk
        self._told_up_to = turn.cursor
        self._turn = coming.following = _Turn()
        coming.came.set()
        if self._closed:
            self._turn.came.set()


def _written(told: Iterable[Next]) -> bytes:
    """Server-sent events (WHATWG HTML §9.2): JSON has no line breaks of its own."""
    return b"".join(b"id: %b\ndata: %b\n\n" % (one.id.encode(), one.data) for one in told)
