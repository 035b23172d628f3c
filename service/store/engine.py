"""Connections: SQLite in WAL with full durability, or PostgreSQL; the few places where they
differ.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from service.errors import Unavailable
from service.store.failures import SILENT, outage
from service.store.postgresql import BUSY_MS, READERS, has_ended, postgresql
from service.store.statements import commit, driver_of, run

Clock = Callable[[], int]
"""Gives the time as microseconds since 1970, UTC."""

REPLICA_SECONDS = 5.0
SPARE_KIB = 16 * 1024
CHECKPOINT_PAGES = 4000
"""The write-ahead log grows to 16 MiB before it is carried over: pages that every append changes
are then copied, and the file synced, less often.
"""


def connect(url: str) -> Engine:
    """An engine whose connections commit only where `writing` says so.

    Raises ValueError for an URL that names no SQLite file and no PostgreSQL database.
    """
    try:
        return _engine(make_url(url))
    except (ArgumentError, ImportError) as strange:
        raise ValueError(
            f"SITREP_DATABASE_URL: {strange}; write sqlite:///file or postgresql+psycopg://…"
        ) from strange


def connect_to_replica(url: str) -> Engine:
    """An engine to read with. Raises ValueError for an URL that names no PostgreSQL database."""
    wanted = "write postgresql+psycopg://…"
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "postgresql":
            return postgresql(parsed, most_seconds=REPLICA_SECONDS)
    except (ArgumentError, ImportError) as strange:
        raise ValueError(f"SITREP_REPLICA_URL: {strange}; {wanted}") from strange
    raise ValueError(f"SITREP_REPLICA_URL: only PostgreSQL has replicas; {wanted}")


def missing_file(engine: Engine) -> str | None:
    """The path of an SQLite store that is not there yet."""
    if engine.dialect.name != "sqlite" or Path(engine.url.database or "").exists():
        return None
    return engine.url.database


def _engine(parsed: URL) -> Engine:
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    return postgresql(parsed)


def _sqlite(url: URL) -> Engine:
    database = url.database
    if not database or database == ":memory:":
        raise ValueError(
            "SITREP_DATABASE_URL: an SQLite store needs a file, such as sqlite:///var/sitrep.db"
        )
    engine = create_engine(
        url,
        pool_size=READERS,
        max_overflow=READERS,
        isolation_level="AUTOCOMMIT",
        connect_args={
            "timeout": BUSY_MS / 1000,
            "check_same_thread": False,
            "cached_statements": 512,
        },
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={BUSY_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"wal_autocheckpoint={CHECKPOINT_PAGES}",
            "mmap_size=268435456",
            "cache_size=-65536",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


@contextmanager
def sparing(connection: Connection) -> Iterator[None]:
    """For going through everything: little of it is kept in memory. The connection is not lent
    again.
    """
    if is_sqlite(connection):
        run(connection, "PRAGMA mmap_size=0")
        run(connection, f"PRAGMA cache_size=-{SPARE_KIB}")
    try:
        yield
    finally:
        connection.invalidate()


@contextmanager
def writing(connection: Connection) -> Iterator[Connection]:
    """One transaction on an AUTOCOMMIT connection: begun at once, committed on leaving, else rolled
    back.
    """
    run(connection, "BEGIN IMMEDIATE" if is_sqlite(connection) else "BEGIN")
    try:
        yield connection
        commit(connection)
    except BaseException:
        _roll_back(connection)
        raise


@contextmanager
def snapshot(connection: Connection) -> Iterator[Connection]:
    """What was committed when this began, and nothing that comes meanwhile. Nothing is written."""
    run(
        connection,
        "BEGIN" if is_sqlite(connection) else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    )
    try:
        yield connection
    finally:
        _roll_back(connection)


def _roll_back(connection: Connection) -> None:
    try:
        run(connection, "ROLLBACK")
    except DBAPIError:
        connection.invalidate()


def is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def system_clock() -> int:
    return time.time_ns() // 1000


def database_clock(connection: Connection) -> int:
    """The database's clock; an embedded database has that of its machine."""
    if is_sqlite(connection):
        return system_clock()
    now = connection.execute(
        text("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")
    )
    return int(now.scalar_one())


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection to read with. Raises Unavailable where the database cannot be reached."""
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as failure:
        raise outage(failure) from failure


class Readers:
    """Connections to read with, kept open between questions: a loan from the engine's pool costs
    more than most questions do.
    """

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
        return self._opened()

    def _return(self, connection: Connection, age: int) -> None:
        """Beyond so many the pool gets them back, and with it whoever waits there to write."""
        if age != self._age:
            _drop(connection)
        elif len(self._idle) < READERS:
            self._idle.append(connection)
        else:
            connection.close()

    def _opened(self) -> Connection:
        try:
            return self._engine.connect()
        except (DBAPIError, PoolTimeout) as failure:
            raise Unavailable(SILENT) from failure

    def close(self) -> None:
        with suppress(IndexError):
            while True:
                self._idle.pop().close()


def _drop(connection: Connection) -> None:
    connection.invalidate()
    connection.close()
