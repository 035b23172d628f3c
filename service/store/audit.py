"""Keeping what keys did, beside the requests: in batches, at the latest a second after."""

import logging
from collections import OrderedDict
from collections.abc import Callable
from threading import Condition, Lock, Thread

from sqlalchemy.exc import SQLAlchemyError

from service.errors import Unavailable
from service.store.uses import Use

SECONDS = 1.0
A_BATCH = 1_000
MOST = 100_000
"""So many wait while the store does not take them; then the oldest are lost, and the log says how
many.
"""

_log = logging.getLogger(__name__)

Write = Callable[[list[Use]], None]


class Audit:
    """`write` takes a batch in a transaction of its own. Safe to share among threads."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._waiting: OrderedDict[object, Use] = OrderedDict()
        self._lost = 0
        self._changed = Condition()
        self._writing = Lock()
        self._thread: Thread | None = None
        self._closed = False

    def note(self, use: Use) -> None:
        """Takes no longer than adding to a list. Readings that are alike become one."""
        likeness = use.likeness or object()
        with self._changed:
            held = self._waiting.get(likeness)
            if held is not None:
                held.times += 1
                return
            if len(self._waiting) >= MOST:
                self._waiting.popitem(last=False)
                self._lost += 1
            self._waiting[likeness] = use
            if self._thread is None and not self._closed:
                self._thread = Thread(target=self._keep, name="audit", daemon=True)
                self._thread.start()
            if len(self._waiting) in {1, A_BATCH}:
                self._changed.notify_all()

    def flush(self) -> None:
        """What was noted before is written when this returns. Raises what the database does."""
        with self._writing:
            while batch := self._taken():
                try:
                    self._write(batch)
                except BaseException:
                    with self._changed:
                        again = OrderedDict((object(), use) for use in batch)
                        self._waiting = OrderedDict([*again.items(), *self._waiting.items()])
                    raise

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()
        self._try_to_flush()

    def _keep(self) -> None:
        while self._gather():
            self._try_to_flush()

    def _gather(self) -> bool:
        """Waits for something to write, and a while for more of it. False once closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or bool(self._waiting))
            self._changed.wait_for(
                lambda: self._closed or len(self._waiting) >= A_BATCH, timeout=SECONDS
            )
            return not self._closed

    def _taken(self) -> list[Use]:
        with self._changed:
            if self._lost:
                _log.error("%d uses of keys were lost: the store took none", self._lost)
                self._lost = 0
            most = min(A_BATCH, len(self._waiting))
            return [self._waiting.popitem(last=False)[1] for _ in range(most)]

    def _try_to_flush(self) -> None:
        try:
            self.flush()
        except (Unavailable, SQLAlchemyError) as failure:
            _log.warning("what keys did waits to be written: %s", failure)
