"""Connections to read with, kept open between questions."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from service.store.engine import is_sqlite, opened
from service.store.failures import outage
from service.store.files import READERS
from service.store.postgresql import has_ended
from service.store.statements import driver_of


class Readers:
    """A loan from the engine's pool costs more than most questions do."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._idle: deque[Connection] = deque()
        self._age = 0

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that nobody else uses. Raises Unavailable where there is none to be had."""
        age, connection = self._age, self._lent()
        try:
            yield connection
        except DBAPIError as failure:
            _drop(connection)
            raise outage(failure) from failure
        except BaseException:
            self._return(connection, age)
            raise
        self._return(connection, age)

    def open_anew(self) -> None:
        """Keeps no connection to an SQLite file. Those of one process share how they opened it: one
        that was opened while the file was read-only would keep all others from writing.
        """
        if self._engine.dialect.name == "sqlite":
            self._age += 1
            self.close()
            self._engine.dispose()

    def _lent(self) -> Connection:
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

    def _return(self, connection: Connection, age: int) -> None:
        """Beyond so many the pool gets them back, and with it whoever waits there to write."""
        if age != self._age:
            _drop(connection)
        elif len(self._idle) < READERS:
            self._idle.append(connection)
        else:
            connection.close()

    def close(self) -> None:
        with suppress(IndexError):
            while True:
                self._idle.pop().close()


def _drop(connection: Connection) -> None:
    connection.invalidate()
    connection.close()
