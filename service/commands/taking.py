"""Taking updates from files into a store: side by side, each incident's in their order."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from threading import Lock
from typing import NamedTuple, TypeVar

from service.commands.crew import Crew
from service.commands.destinations import THERE_ALREADY, Destination
from service.commands.lines import Line
from service.commands.postings import Posting, posting
from service.errors import (
    Forbidden,
    NotFound,
    SitrepError,
    TooFast,
    Unauthenticated,
    Unavailable,
)

Answer = TypeVar("Answer")

HANDS = 16
WAITS = (0.1, 0.3, 1.0, 3.0, 10.0)
"""Seconds to wait before an update is sent again to a store that does not answer."""

LONGEST_WAIT = 300.0
"""Seconds, whatever it is asked for."""

HOPELESS = (Unauthenticated, Forbidden, Unavailable, NotFound, TooFast)
"""What would befall every further update too. (NotFound: after opening, the address is wrong.)"""


class Tally:
    """What became of the updates."""

    def __init__(self) -> None:
        self.taken = self.known = self.refused = 0

    def __str__(self) -> str:
        return f"{self.taken} taken, {self.known} already there, {self.refused} refused"


class _Job(NamedTuple):
    place: str
    posting: Posting


class Taking:
    """One import under way. `refuse` is told of each update that was not taken, and its place."""

    def __init__(
        self,
        destination: Destination,
        refuse: Callable[[str, SitrepError], None],
        waits: Sequence[float] = WAITS,
    ) -> None:
        self.tally = Tally()
        self._waits = waits
        self._destination = destination
        self._refuse = refuse
        self._counting = Lock()
        self._crew = Crew(self._take, size=HANDS)

    def take(self, lines: Iterable[Line]) -> None:
        """Raises one of HOPELESS when it makes no sense to go on."""
        with self._crew as crew:
            for line in lines:
                if crew.stopped.is_set():
                    return
                try:
                    job = _Job(line.place, posting(line.text))
                except SitrepError as refusal:
                    self._count_refused(line.place, refusal)
                    continue
                crew.hand(job.posting.incident, job)

    def _take(self, job: _Job) -> None:
        try:
            new = self._append(job.posting)
        except HOPELESS:
            raise
        except SitrepError as refusal:
            self._count_refused(job.place, refusal)
            return
        with self._counting:
            self.tally.taken += new
            self.tally.known += not new

    def _append(self, posting: Posting) -> bool:
        """An incident is opened when its first update finds none."""
        there = self._destination
        try:
            return self._patiently(lambda: there.append(posting.incident, posting.update))
        except NotFound:
            with suppress(*THERE_ALREADY):
                self._patiently(lambda: there.open(posting.opening))
        return self._patiently(lambda: there.append(posting.incident, posting.update))

    def _patiently(self, attempt: Callable[[], Answer]) -> Answer:
        """Tried again while the store does not answer: update ids make that safe. How often it is
        asked to wait does not matter.
        """
        waits = iter(self._waits)
        while True:
            try:
                return attempt()
            except TooFast as early:
                if self._crew.stopped.wait(min(early.seconds, LONGEST_WAIT)):
                    raise
            except Unavailable:
                seconds = next(waits, None)
                if seconds is None or self._crew.stopped.wait(seconds):
                    raise

    def _count_refused(self, place: str, refusal: SitrepError) -> None:
        with self._counting:
            self.tally.refused += 1
            self._refuse(place, refusal)
