"""Group commit: callers queue, one of them commits for all that have queued, each gets its own
outcome.
"""

from collections import deque
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Generic, TypeVar

Request = TypeVar("Request")
Outcome = TypeVar("Outcome")

MOST = 128


class _Waiting(Generic[Request, Outcome]):
    """A request and its caller, who sleeps on a lock that is released to wake it: lighter than an
    Event, of which each append would need one.
    """

    __slots__ = ("asleep", "leads", "outcome", "request")

    def __init__(self, request: Request) -> None:
        self.request = request
        self.outcome: Outcome | BaseException | None = None
        self.leads = False
        self.asleep = Lock()
        self.asleep.acquire()


class Committer(Generic[Request, Outcome]):
    """Runs `commit` on whatever has queued, by one thread at a time.

    `commit` gives each request its outcome or an exception, or None to have it take part again in
    the next round. What `commit` itself raises, everyone in that round is told.
    """

    def __init__(
        self, commit: Callable[[Sequence[Request]], Sequence[Outcome | BaseException | None]]
    ) -> None:
        self._commit = commit
        self._queue: deque[_Waiting[Request, Outcome]] = deque()
        self._mutex = Lock()
        self._busy = False

    def submit(self, request: Request) -> Outcome:
        """The outcome of this request, after the commit that holds it; or its exception, raised."""
        mine: _Waiting[Request, Outcome] = _Waiting(request)
        with self._mutex:
            self._queue.append(mine)
            leads = not self._busy
            self._busy = True
        if not leads:
            mine.asleep.acquire()
            leads = mine.leads
        if leads:
            self._lead(mine)
        if isinstance(mine.outcome, BaseException):
            raise mine.outcome
        if mine.outcome is None:
            raise AssertionError("a request left the committer without an outcome")
        return mine.outcome

    def _lead(self, mine: _Waiting[Request, Outcome]) -> None:
        """Commit rounds until one's own request is done, then hand over to whoever waits."""
        try:
            while mine.outcome is None:
                self._round()
        finally:
            with self._mutex:
                following = self._queue[0] if self._queue else None
                self._busy = following is not None
            if following is not None:
                following.leads = True
                following.asleep.release()

    def _round(self) -> None:
        with self._mutex:
            size = min(len(self._queue), MOST)
            taken = [self._queue.popleft() for _ in range(size)]
        try:
            outcomes = self._commit([waiting.request for waiting in taken])
        except BaseException as failure:  # noqa: BLE001 - told to every caller of the round
            outcomes = [failure] * len(taken)
        again = []
        for waiting, outcome in zip(taken, outcomes, strict=True):
            if outcome is None:
                again.append(waiting)
                continue
            waiting.outcome = outcome
            waiting.asleep.release()
        with self._mutex:
            self._queue.extendleft(reversed(again))
