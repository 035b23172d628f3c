"""What every request does, run by the driver itself: look-ups by key, rows to insert or change.

The SQL is made once from Core's tables; Core's bookkeeping at every execution would cost more than
most of these statements do (docs/adr/0005). PostgreSQL is given all rows of a round as
arrays, one statement for each table; SQLite, which is in the process, takes them one by one.

Values must be of the driver's own types, and rows are plain tuples. Failures are SQLAlchemy's
DBAPIError, as elsewhere.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

import psycopg
from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError

from service.store.sessions import Session

Values = Mapping[str, Any]

SHAPES = 512
"""How many kinds of batches are remembered."""


class Lookup:
    """Rows by their keys, any number of keys at once."""

    def __init__(self, table: Table, *, keys: Sequence[str], columns: Sequence[str]) -> None:
        self._keys = tuple(keys)
        wanted = ", ".join(f't."{name}"' for name in columns)
        matches = " AND ".join(f't."{name}" = ?' for name in keys)
        self._sqlite = f"SELECT {wanted} FROM {table.name} AS t WHERE {matches}"  # noqa: S608
        self._first = _numbered(self._sqlite)
        joined = " AND ".join(f't."{name}" = g."{name}"' for name in keys)
        self._postgresql = _numbered(
            f"SELECT {wanted} FROM {_given(table, keys)} JOIN {table.name} AS t ON {joined}"  # noqa: S608
        )

    def first(self, connection: Connection, values: Values) -> Any:
        """The row of one key, or None."""
        key = tuple(values[name] for name in self._keys)
        if _is_sqlite(connection):
            return run(connection, self._sqlite, key).fetchone()
        return _send(connection, self._first, key).fetchone()

    def all(self, connection: Connection, values: Values) -> list[Any]:
        """The rows that share a key, which is the beginning of the table's own."""
        key = tuple(values[name] for name in self._keys)
        if _is_sqlite(connection):
            return run(connection, self._sqlite, key).fetchall()  # type: ignore[no-any-return]
        return _send(connection, self._first, key).fetchall()  # type: ignore[no-any-return]

    def rows(self, connection: Connection, all_values: Sequence[Values]) -> list[Any]:
        """The rows of all keys, in no order."""
        if _is_sqlite(connection):
            found = (self.first(connection, values) for values in all_values)
            return [row for row in found if row is not None]
        if len(all_values) == 1:
            row = self.first(connection, all_values[0])
            return [] if row is None else [row]
        arrays = _arrays(self._keys, all_values)
        return _send(connection, self._postgresql, arrays).fetchall()  # type: ignore[no-any-return]


class Insert:
    """New rows, each with a value for every column of the table."""

    def __init__(self, table: Table) -> None:
        self.order = tuple(table.columns.keys())
        self.values = itemgetter(*self.order)
        named = ", ".join(f'"{name}"' for name in self.order)
        marks = ", ".join("?" for _ in self.order)
        given = _given(table, self.order)
        self.sqlite = f"INSERT INTO {table.name} ({named}) VALUES ({marks})"  # noqa: S608
        self.one = self.sqlite
        self.many = f"INSERT INTO {table.name} ({named}) SELECT * FROM {given}"  # noqa: S608


class Accumulate(Insert):
    """Rows that add up to the ones that have their keys already, where there are any.

    `sums` are added, of `least` the lesser is kept, and `latest` are taken over where the column
    that they are dated by is no older.
    """

    def __init__(
        self, table: Table, *, sums: Sequence[str], least: str, latest: Mapping[str, str]
    ) -> None:
        super().__init__(table)
        held = {name: f'{table.name}."{name}"' for name in self.order}
        changes = [f'"{name}" = {held[name]} + excluded."{name}"' for name in sums]
        changes.append(_chosen(least, held, f'excluded."{least}" < {held[least]}'))
        changes += [
            _chosen(name, held, f'excluded."{date}" >= {held[date]}')
            for name, date in latest.items()
        ]
        key = ", ".join(f'"{column.name}"' for column in table.primary_key)
        adding = f" ON CONFLICT ({key}) DO UPDATE SET {', '.join(changes)}"
        self.sqlite += adding
        self.one += adding
        self.many += adding


class Update:
    """New values in the rows of given keys, which must differ from one another."""

    def __init__(self, table: Table, *, keys: Sequence[str], columns: Sequence[str]) -> None:
        self.order = (*columns, *keys)
        self.values = itemgetter(*self.order)
        name = table.name
        changes = ", ".join(f'"{column}" = ?' for column in columns)
        matches = " AND ".join(f'"{key}" = ?' for key in keys)
        self.sqlite = f"UPDATE {name} SET {changes} WHERE {matches}"  # noqa: S608
        self.one = self.sqlite
        changes = ", ".join(f'"{column}" = g."{column}"' for column in columns)
        matches = " AND ".join(f't."{key}" = g."{key}"' for key in keys)
        given = _given(table, self.order)
        self.many = f"UPDATE {name} AS t SET {changes} FROM {given} WHERE {matches}"  # noqa: S608


class Change:
    """A change of its own, with a `?` for each of the values named in `order`: once in a batch."""

    def __init__(self, sql: str, order: Sequence[str], *, sqlite: str | None = None) -> None:
        self.order = tuple(order)
        self.values = itemgetter(*self.order)
        self.sqlite = sqlite or sql
        self.one = self.many = sql


Statement = Insert | Update | Change


class Batch:
    """Rows to be written together, by one statement on PostgreSQL.

    Parts of that statement do not see one another: no row may depend on another one of the batch.
    """

    def __init__(self) -> None:
        self._rows: dict[Statement, list[Values]] = {}

    def add(self, statement: Statement, row: Values) -> None:
        self._rows.setdefault(statement, []).append(row)

    def write(self, connection: Connection) -> None:
        rows, self._rows = self._rows, {}
        if _is_sqlite(connection):
            _write_each(connection, rows)
        elif rows:
            texts: list[str] = []
            values: list[Any] = []
            for statement, told in rows.items():
                texts.append(statement.one if len(told) == 1 else statement.many)
                values += _parameters(statement, told)
            _send(connection, _joined(tuple(texts)), values)


def run(connection: Connection, sql: str, parameters: Any = ()) -> Any:
    """One statement, by the driver; its cursor."""
    with _Translated(connection):
        return driver_of(connection).execute(sql, parameters)


def commit(connection: Connection) -> None:
    """Ends the transaction; what it did lasts when this returns."""
    driver = driver_of(connection)
    with _Translated(connection):
        if isinstance(driver, Session):
            driver.commit_surely()
        else:
            driver.execute("COMMIT")


def _send(connection: Connection, sql: bytes, parameters: Sequence[Any]) -> Any:
    """One statement of PostgreSQL's own form, which the driver need not read. Rows come in binary:
    a view's bytes would else come in hexadecimal digits.
    """
    with _Translated(connection):
        return psycopg.RawCursor(driver_of(connection)).execute(sql, parameters, binary=True)


def driver_of(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _chosen(name: str, held: Mapping[str, str], newer: str) -> str:
    return f'"{name}" = CASE WHEN {newer} THEN excluded."{name}" ELSE {held[name]} END'


def _write_each(connection: Connection, rows: Mapping[Statement, Sequence[Values]]) -> None:
    with _Translated(connection):
        driver = driver_of(connection)
        for statement, told in rows.items():
            driver.executemany(statement.sqlite, map(statement.values, told))


def _parameters(statement: Statement, rows: Sequence[Values]) -> Sequence[Any]:
    """Of one row its values, which are quicker to send; of several an array for each column."""
    return statement.values(rows[0]) if len(rows) == 1 else _arrays(statement.order, rows)


def _arrays(columns: Sequence[str], rows: Sequence[Values]) -> list[list[Any]]:
    return [[row[name] for row in rows] for name in columns]


@lru_cache(maxsize=SHAPES)
def _joined(parts: tuple[str, ...]) -> bytes:
    """Several changes as one statement."""
    *others, last = parts
    named = ", ".join(f"w{number} AS ({part})" for number, part in enumerate(others))
    return _numbered(f"WITH {named} {last}" if named else last)


def _numbered(sql: str) -> bytes:
    """With PostgreSQL's marks for values instead of `?`."""
    begin, *rest = sql.split("?")
    return "".join([begin, *(f"${number}{part}" for number, part in enumerate(rest, 1))]).encode()


def _given(table: Table, columns: Sequence[str]) -> str:
    """Rows handed over as one array for each column."""
    arrays = ", ".join(f"?::{_array_type(table, name)}[]" for name in columns)
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
