"""The bare driver: the store's own rows in one transaction by sqlite3 or psycopg, and no more.

It writes what the rehearsal saw the store write: the lane's head, the update, its events with
payloads and places in the index, what changes in the ledger, the incident with its view and brief,
and what it is listed and searched by. It reads, decides, hashes and derives nothing; the version
that is expected stands in its UPDATE.
"""

from collections.abc import Callable
from operator import itemgetter
from threading import Lock
from typing import Any, Protocol, Self

from sqlalchemy import LargeBinary, String, create_engine, func, select

from benchmarks.grounds import durable_postgresql, durable_sqlite, sqlite_file
from benchmarks.rehearsal import Row, Written
from service.store.shelves import FOREVER
from service.store.tables import incidents, key_uses, lane_heads, metadata

NEARLY = 0.001
"""By how much the bytes of a table may differ: with another order of appends positions do."""


CHANGED = (
    *("version", "position", "recorded_us", "leaf", "merged_into", "release_us"),
    *("brief", "view", "edition", "derived_version"),
)
"""What an append changes in the row of its incident."""

HEAD = lane_heads.columns.keys()[1:]
COLUMNS = incidents.columns.keys()
_changed = itemgetter(*(COLUMNS.index(name) for name in CHANGED))


class Cursor(Protocol):
    @property
    def rowcount(self) -> int: ...

    def execute(self, statement: Any, values: Any = (), /) -> Any: ...


class BareDriver:
    """One connection behind one lock."""

    def __init__(self, cursor: Cursor, close: Callable[[], None], mark: str) -> None:
        self._cursor = cursor
        self._close = close
        self._mark = mark
        self._lock = Lock()
        self._begin = "BEGIN" if mark == "%s" else "BEGIN IMMEDIATE"
        self._inserts: dict[tuple[str, int], str] = {}
        self._puts: dict[str, str] = {}
        self._head = self._marked(
            f"UPDATE lane_heads SET {', '.join(f'{name} = ?' for name in HEAD)} WHERE lane = ?"  # noqa: S608
        )
        named, marks = ", ".join(COLUMNS), ", ".join("?" for _ in COLUMNS)
        self._open = self._marked(f"INSERT INTO incidents ({named}) VALUES ({marks})")  # noqa: S608
        changes = ", ".join(f"{name} = ?" for name in CHANGED)
        self._incident = self._marked(
            f"UPDATE incidents SET {changes} WHERE lane = ? AND incident = ? AND version = ?"  # noqa: S608
        )
        self._end = self._marked(
            "UPDATE catalogue SET until_us = ? WHERE lane = ? AND incident = ? AND until_us = ?"
        )

    @classmethod
    def connect(cls, url: str) -> Self:
        if url.startswith("sqlite"):
            lite = durable_sqlite(sqlite_file(url))
            return cls(lite.cursor(), lite.close, "?")
        postgres = durable_postgresql(url)
        return cls(postgres.cursor(), postgres.close, "%s")

    def close(self) -> None:
        self._close()

    def write(self, written: Written) -> None:
        with self._lock:
            execute = self._cursor.execute
            execute(self._begin)
            lane, *head = written.head
            execute(self._head, (*head, lane))
            if written.relisted:
                execute(self._end, (head[1], lane, written.incident[1], FOREVER))
            for table, rows in written.added:
                insert = self._insert(table, rows[0])
                for row in rows:
                    execute(insert, row)
            for table, rows in written.put:
                put = self._put(table, rows[0])
                for row in rows:
                    execute(put, row)
            self._write_incident(written)
            execute("COMMIT")

    def _write_incident(self, written: Written) -> None:
        row = written.incident
        if written.before == 0:
            self._cursor.execute(self._open, row)
            return
        changed = _changed(row)
        self._cursor.execute(self._incident, (*changed, *row[:2], written.before))
        if self._cursor.rowcount != 1:
            raise RuntimeError(f"{row[1]} is not at version {written.before}")

    def _insert(self, table: str, row: Row) -> str:
        known = self._inserts.get((table, len(row)))
        if known is None:
            values = ", ".join([self._mark] * len(row))
            known = f"INSERT INTO {table} VALUES ({values})"  # noqa: S608 - the store's own tables
            self._inserts[table, len(row)] = known
        return known

    def _put(self, table: str, row: Row) -> str:
        known = self._puts.get(table)
        if known is None:
            kept = metadata.tables[table]
            keys = ", ".join(column.name for column in kept.primary_key)
            changes = ", ".join(
                f"{column.name} = excluded.{column.name}"
                for column in kept.columns
                if not column.primary_key
            )
            known = f"{self._insert(table, row)} ON CONFLICT ({keys}) DO UPDATE SET {changes}"
            self._puts[table] = known
        return known

    def _marked(self, statement: str) -> str:
        return statement.replace("?", self._mark)


BESIDE = {key_uses}
"""What the project alone writes: its yardstick checks no key."""

OF_THE_LAST = {lane_heads.c.peaks}
"""A hash for each binary digit of the tree's size: as long as whichever update came last has it,
and among several writers that is another one for the yardstick.
"""


def refuse_other_rows(one: str, other: str) -> None:
    """Raises RuntimeError unless both have as many rows and bytes in every table."""
    for (table, rows, size), (_, other_rows, other_size) in zip(
        _sizes(one), _sizes(other), strict=True
    ):
        if rows != other_rows or abs(size - other_size) > NEARLY * size:
            raise RuntimeError(
                f"{table} has {rows} rows of {size} bytes here, {other_rows} of {other_size} there"
            )


def _sizes(url: str) -> list[tuple[str, int, int]]:
    engine = create_engine(url)
    with engine.connect() as connection:
        sizes = []
        for table in sorted(set(metadata.sorted_tables) - BESIDE, key=str):
            of_size = [
                column
                for column in table.c
                if isinstance(column.type, LargeBinary | String) and column not in OF_THE_LAST
            ]
            lengths = [func.coalesce(func.sum(func.length(column)), 0) for column in of_size]
            rows, *found = connection.execute(
                select(func.count(), *lengths).select_from(table)
            ).one()
            sizes.append((table.name, int(rows), sum(int(length) for length in found)))
    engine.dispose()
    return sizes
