"""Connections that are lent, and kept open between loans."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Condition

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from service.store.engine import is_sqlite, opened
from service.store.failures import outage
from service.store.files import READERS
from service.store.postgresql import has_ended
from service.store.statements import driver_of

PATIENCE_S = 2.0
"""How long connections are waited for that are lent, before a file is opened anew."""


class Lender:
    """A loan from the engine's pool costs more than most questions do."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._is_file = engine.dialect.name == "sqlite"
        self._idle: deque[Connection] = deque()
        self._changed = Condition()
        self._lent = 0
        self._waits = False

    @contextmanager
    def lent(self) -> Iterator[Connection]:
        """A connection that nobody else uses. Raises Unavailable where there is none to be had."""
        self._begin()
        try:
            connection = self._found()
            try:
                yield connection
            except DBAPIError as failure:
                _drop(connection)
                raise outage(failure) from failure
            except BaseException:
                self._return(connection)
                raise
            self._return(connection)
        finally:
            self._end()

    def open_anew(self) -> None:
        """Keeps no connection to an SQLite file, where all that are lent come back in time. Those
        of one process share how they opened it: while a single one is left that was opened when the
        file was read-only, no other can write, however lately it was opened.
        """
        if not self._is_file:
            return
        with self._changed:
            self._waits = True
            try:
                if self._changed.wait_for(lambda: self._lent == 0, PATIENCE_S):
                    self.close()
                    self._engine.dispose()
            finally:
                self._waits = False
                self._changed.notify_all()

    def close(self) -> None:
        with suppress(IndexError):
            while True:
                self._idle.pop().close()

    def _begin(self) -> None:
        if self._is_file:
            with self._changed:
                self._changed.wait_for(lambda: not self._waits)
                self._lent += 1

    def _end(self) -> None:
        if self._is_file:
            with self._changed:
                self._lent -= 1
                if self._waits:
                    self._changed.notify_all()

    def _found(self) -> Connection:
        """One that was idle and still lives, or a new one."""
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:
                break
            if is_sqlite(connection) or not has_ended(driver_of(connection)):
                return connection
            _drop(connection)
        return opened(self._engine)

    def _return(self, connection: Connection) -> None:
        """Beyond so many the pool gets them back, and with it whoever waits there to write."""
        if len(self._idle) < READERS:
            self._idle.append(connection)
        else:
            connection.close()


def _drop(connection: Connection) -> None:
    connection.invalidate()
    connection.close()
