"""Threads that work side by side, while what belongs together is done in its order."""

from collections.abc import Callable
from queue import Queue
from threading import Event, Thread
from types import TracebackType
from typing import Generic, Self, TypeVar
from zlib import crc32

Job = TypeVar("Job")

QUEUED = 64


class Crew(Generic[Job]):
    """Jobs with the same key are done one after the other, in the order in which they came.

    The first failure stops everyone and is raised on leaving the `with` block.
    """

    def __init__(self, work: Callable[[Job], None], *, size: int) -> None:
        self.stopped = Event()
        self._work = work
        self._failure: BaseException | None = None
        self._queues: list[Queue[Job | None]] = [Queue(QUEUED) for _ in range(size)]
        self._threads = [Thread(target=self._serve, args=(queue,)) for queue in self._queues]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if failure is not None:
            self.stopped.set()
        for queue in self._queues:
            queue.put(None)
        for thread in self._threads:
            thread.join()
        if failure is None and self._failure is not None:
            raise self._failure

    def hand(self, key: str, job: Job) -> None:
        """Waits where the one who does this key's jobs has many still to do."""
        self._queues[crc32(key.encode()) % len(self._queues)].put(job)

    def _serve(self, queue: Queue[Job | None]) -> None:
        while (job := queue.get()) is not None:
            if self.stopped.is_set():
                continue
            try:
                self._work(job)
            except BaseException as failure:  # noqa: BLE001 - raised where the crew is left
                self._failure = self._failure or failure
                self.stopped.set()
