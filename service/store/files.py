"""SQLite's engine: one file in WAL with full durability, and never another than its address
names.
"""

import os
import sqlite3
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

BUSY_MS = 10_000
READERS = 16
CHECKPOINT_PAGES = 4000
"""The write-ahead log grows to 16 MiB before it is carried over: pages that every append changes
are then copied, and the file synced, less often.
"""


def file_engine(url: URL) -> Engine:
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

    was_there = False

    @event.listens_for(engine, "do_connect")
    def _refuse_missing(*_: Any) -> None:
        """SQLite would make an empty file where a store was moved away."""
        if was_there and _file_at(database) is None:
            raise sqlite3.OperationalError(f"there is no file {database}")

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, record: Any) -> None:
        nonlocal was_there
        was_there, record.info["file"] = True, _file_at(database)
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


def has_moved(connection: Connection) -> bool:
    """Whether the store's address names another file by now than this connection writes to: what
    it commits would go where nobody looks.
    """
    return connection.dialect.name == "sqlite" and connection.info["file"] != _file_at(
        connection.engine.url.database or ""
    )


def _file_at(path: str) -> tuple[int, int] | None:
    """Which file it is, whatever its name."""
    try:
        found = os.stat(path)  # noqa: PTH116 - Path.stat takes three times as long
    except OSError:
        return None
    return found.st_dev, found.st_ino
