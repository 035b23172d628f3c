"""Connections: SQLite in WAL with full durability, or PostgreSQL; the few places where they
differ.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from service.errors import Unavailable
from service.store.failures import BUSY, DAMAGED, outage
from service.store.files import file_engine
from service.store.postgresql import postgresql
from service.store.statements import commit, run

Clock = Callable[[], int]
"""Gives the time as microseconds since 1970, UTC."""

REPLICA_SECONDS = 5.0
SPARE_KIB = 16 * 1024


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
        return file_engine(parsed)
    return postgresql(parsed)


@contextmanager
def sparing(connection: Connection) -> Iterator[None]:
    """For going through everything: little of it is kept in memory, and it may take its time. The
    connection is not lent again.
    """
    if is_sqlite(connection):
        run(connection, "PRAGMA mmap_size=0")
        run(connection, f"PRAGMA cache_size=-{SPARE_KIB}")
    else:
        run(connection, "SET lock_timeout = 0")
        run(connection, "SET idle_in_transaction_session_timeout = 0")
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
def undone(connection: Connection) -> Iterator[None]:
    """One transaction as `writing` begins it, rolled back on leaving whatever was done in it."""
    run(connection, "BEGIN IMMEDIATE" if is_sqlite(connection) else "BEGIN")
    try:
        yield
    finally:
        _roll_back(connection)


@contextmanager
def snapshot(connection: Connection) -> Iterator[Connection]:
    """What was committed when this began, and nothing that comes meanwhile. Nothing is written, so
    it may lie idle as long as it takes.
    """
    if is_sqlite(connection):
        run(connection, "BEGIN")
    else:
        run(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        run(connection, "SET LOCAL idle_in_transaction_session_timeout = 0")
    try:
        yield connection
    finally:
        _roll_back(connection)


def _roll_back(connection: Connection) -> None:
    if connection.invalidated:
        return  # It is lost, and its transaction with it.
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


def opened(engine: Engine) -> Connection:
    """A connection. Raises Unavailable where there is none to be had."""
    try:
        return engine.connect()
    except DBAPIError as failure:
        raise outage(failure) from failure
    except PoolTimeout as late:
        raise Unavailable(f"{BUSY}; a retry is safe") from late


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection to read with. Raises Unavailable where the database cannot be reached."""
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as failure:
        raise outage(failure) from failure
    except UnicodeDecodeError as damaged:
        raise Unavailable(DAMAGED) from damaged
