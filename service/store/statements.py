"""What every request does, run by the driver itself: look-ups by key, rows to insert or change.

The SQL is made once from Core's tables; Core's bookkeeping at every execution would cost more than
most of these statements do (docs/adr/0005). PostgreSQL is given all rows of a round as
arrays, one statement for each table; SQLite, which is in the process, takes them one by one.

Values must be of the driver's own types, and rows are plain tuples. Failures are SQLAlchemy's
DBAPIError, as elsewhere.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError

Values = Mapping[str, Any]


class Lookup:
    """Rows by their keys, any number of keys at once."""

    def __init__(self, table: Table, *, keys: Sequence[str], columns: Sequence[str]) -> None:
        self._keys = tuple(keys)
        wanted = ", ".join(f't."{name}"' for name in columns)
        matches = " AND ".join(f't."{name}" = ?' for name in keys)
        self._sqlite = f"SELECT {wanted} FROM {table.name} AS t WHERE {matches}"  # noqa: S608
        self._first = self._sqlite.replace("?", "%b")
        joined = " AND ".join(f't."{name}" = g."{name}"' for name in keys)
        self._postgresql = (
            f"SELECT {wanted} FROM {_given(table, keys)} JOIN {table.name} AS t ON {joined}"  # noqa: S608
        )

    def first(self, connection: Connection, values: Values) -> Any:
        """The row of one key, or None."""
        key = tuple(values[name] for name in self._keys)
        return run(
            connection, self._sqlite if _is_sqlite(connection) else self._first, key
        ).fetchone()

    def rows(self, connection: Connection, all_values: Sequence[Values]) -> list[Any]:
        """The rows of all keys, in no order."""
        if _is_sqlite(connection):
            found = (self.first(connection, values) for values in all_values)
            return [row for row in found if row is not None]
        if len(all_values) == 1:
            row = self.first(connection, all_values[0])
            return [] if row is None else [row]
        arrays = _arrays(self._keys, all_values)
        return run(connection, self._postgresql, arrays).fetchall()  # type: ignore[no-any-return]


class Insert:
    """New rows, each with a value for every column of the table."""

    def __init__(self, table: Table) -> None:
        self._columns = tuple(table.columns.keys())
        named = ", ".join(f'"{name}"' for name in self._columns)
        marks = ", ".join("?" for _ in self._columns)
        self._sqlite = f"INSERT INTO {table.name} ({named}) VALUES ({marks})"  # noqa: S608
        self._postgresql = (
            f"INSERT INTO {table.name} ({named}) SELECT * FROM {_given(table, self._columns)}"  # noqa: S608
        )

    def write(self, connection: Connection, rows: Sequence[Values]) -> None:
        _write(connection, self._sqlite, self._postgresql, self._columns, rows)


class Update:
    """New values in the rows of given keys."""

    def __init__(self, table: Table, *, keys: Sequence[str], columns: Sequence[str]) -> None:
        self._order = (*columns, *keys)
        changes = ", ".join(f'"{name}" = ?' for name in columns)
        matches = " AND ".join(f'"{name}" = ?' for name in keys)
        self._sqlite = f"UPDATE {table.name} SET {changes} WHERE {matches}"  # noqa: S608
        given = ", ".join(f'"{name}" = g."{name}"' for name in columns)
        joined = " AND ".join(f't."{name}" = g."{name}"' for name in keys)
        self._postgresql = (
            f"UPDATE {table.name} AS t SET {given} FROM {_given(table, self._order)} WHERE {joined}"  # noqa: S608
        )

    def write(self, connection: Connection, rows: Sequence[Values]) -> None:
        _write(connection, self._sqlite, self._postgresql, self._order, rows)


def run(connection: Connection, sql: str, parameters: Any = ()) -> Any:
    """One statement, by the driver; its cursor."""
    with _Translated(connection):
        return driver_of(connection).execute(sql, parameters)


def driver_of(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _write(
    connection: Connection,
    sqlite: str,
    postgresql: str,
    columns: Sequence[str],
    rows: Sequence[Values],
) -> None:
    if not _is_sqlite(connection):
        run(connection, postgresql, _arrays(columns, rows))
        return
    with _Translated(connection):
        driver = driver_of(connection)
        driver.executemany(sqlite, [tuple(row[name] for name in columns) for row in rows])


def _arrays(columns: Sequence[str], rows: Sequence[Values]) -> list[list[Any]]:
    return [[row[name] for row in rows] for name in columns]


def _given(table: Table, columns: Sequence[str]) -> str:
    """Rows handed over as one array for each column."""
    arrays = ", ".join(f"%b::{_array_type(table, name)}[]" for name in columns)
    named = ", ".join(f'"{name}"' for name in columns)
    return f"unnest({arrays}) AS g({named})"


def _array_type(table: Table, column: str) -> str:
    kind = type(table.columns[column].type).__name__
    return {"SmallInteger": "smallint", "BigInteger": "bigint", "LargeBinary": "bytea"}.get(
        kind, "text"
    )


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


class _Translated:
    """Gives the driver's failures SQLAlchemy's form, so that there is one kind to catch."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: object, failure: BaseException | None, trace: object) -> None:
        if failure is None:
            return
        dialect = self._connection.dialect
        database_error = dialect.loaded_dbapi.Error
        if isinstance(failure, database_error):
            lost = dialect.is_disconnect(failure, driver_of(self._connection), None)
            raise DBAPIError.instance(
                None, None, failure, database_error, connection_invalidated=lost, dialect=dialect
            ) from failure
