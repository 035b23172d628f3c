"""Where it is measured: real databases with durable commits, one empty one for each contestant."""

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import psycopg
from sqlalchemy import make_url

from benchmarks.effort import QUICK, SLOW_COMMIT_MS, Effort
from service.proof.note import Signer
from service.store.schema import migrate
from service.store.signers import add_signer
from tests.postgres import fresh_database, running_postgres

ENGINES = ("sqlite", "postgresql")
PROBES = 200
SIGNER = Signer.new("bench.example")


@dataclass(frozen=True)
class Ground:
    engine: str
    version: str
    commit_ms: float
    """A bare transaction with one small row, synced to the disk."""
    folder: Path
    """Where contestants may keep files. It goes when the ground does."""
    empty: Callable[[], AbstractContextManager[str]]
    """The SQLAlchemy URL of a database without tables, which goes when the context is left."""

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """A database with the store's own tables, whose log is signed."""
        with self.empty() as url:
            migrate(url)
            add_signer(url, SIGNER)
            yield url

    def bearable(self, effort: Effort) -> Effort:
        """The same effort, or less where a commit takes long."""
        return effort if self.commit_ms < SLOW_COMMIT_MS else QUICK


@contextmanager
def grounds(engines: Sequence[str]) -> Iterator[list[Ground]]:
    with ExitStack() as stack:
        found = []
        for engine in engines:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="sitrep-bench-")))
            if engine == "sqlite":
                found.append(_sqlite(folder))
            else:
                found.append(_postgresql(folder, stack.enter_context(running_postgres())))
        yield found


def postgresql_address(url: str) -> str:
    """An SQLAlchemy URL as libpq reads it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def sqlite_file(url: str) -> str:
    return make_url(url).database or ""


def durable_sqlite(path: str) -> sqlite3.Connection:
    """A bare connection with the same settings as the store's. Its threads must take turns."""
    connection = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False, cached_statements=512
    )
    for setting in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "mmap_size=268435456",
        "cache_size=-65536",
    ):
        connection.execute(f"PRAGMA {setting}")
    return connection


def durable_postgresql(url: str) -> psycopg.Connection:
    return psycopg.connect(postgresql_address(url), autocommit=True, prepare_threshold=0)


def _sqlite(folder: Path) -> Ground:
    numbers = count(1)

    @contextmanager
    def empty() -> Iterator[str]:
        with TemporaryDirectory(dir=folder, prefix=f"{next(numbers)}-") as home:
            yield f"sqlite:///{home}/sitrep.db"

    with empty() as url, closing(durable_sqlite(sqlite_file(url))) as connection:
        if connection.execute("PRAGMA synchronous").fetchone() != (2,):
            raise RuntimeError("SQLite does not sync its commits here: nothing to measure")
        connection.execute("CREATE TABLE probe (number INTEGER)")
        commit_ms = _commit_ms(
            lambda: connection.executescript("BEGIN; INSERT INTO probe VALUES (1); COMMIT")
        )
    return Ground("sqlite", sqlite3.sqlite_version, commit_ms, folder, empty)


def _postgresql(folder: Path, server: str) -> Ground:
    def empty() -> AbstractContextManager[str]:
        return fresh_database(server)

    with empty() as url, closing(durable_postgresql(url)) as connection:
        settings = ("fsync", "synchronous_commit", "full_page_writes")
        for setting in settings:
            row = connection.execute(f"SHOW {setting}").fetchone()
            if row != ("on",):
                raise RuntimeError(f"PostgreSQL runs with {setting} {row}: nothing to measure")
        version = connection.info.parameter_status("server_version") or ""
        connection.execute("CREATE TABLE probe (number INTEGER)")
        commit_ms = _commit_ms(lambda: connection.execute("INSERT INTO probe VALUES (1)"))
    return Ground("postgresql", version, commit_ms, folder, empty)


def _commit_ms(commit: Callable[[], object]) -> float:
    took = []
    for _ in range(PROBES):
        begun = time.perf_counter()
        commit()
        took.append(time.perf_counter() - begun)
    return median(took) * 1000
