"""Core statements compiled once and run by the driver itself: for what every request does."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.expression import Executable

Values = Mapping[str, Any]


class _Compiled:
    """A statement in one dialect: its text, and how values become its parameters."""

    def __init__(self, statement: Any, dialect: Any) -> None:
        compiled = statement.compile(dialect=dialect)
        self.text = str(compiled)
        self._names: Sequence[str] | None = compiled.positiontup
        self._given = {name: value for name, value in compiled.params.items() if value is not None}

    def parameters(self, values: Values) -> Any:
        told = {**self._given, **values} if self._given else values
        return told if self._names is None else tuple(told[name] for name in self._names)


class Statement:
    """Runs on the connection's driver, past SQLAlchemy's own bookkeeping.

    Values must be of the driver's own types, and rows are plain tuples. Failures are SQLAlchemy's
    DBAPIError, as elsewhere.
    """

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def first(self, connection: Connection, values: Values) -> Any:
        """The first row, or None."""
        rows = self.rows(connection, values)
        return rows[0] if rows else None

    def rows(self, connection: Connection, values: Values) -> list[Any]:
        compiled = self._for(connection)
        return run(connection, compiled.text, compiled.parameters(values)).fetchall()  # type: ignore[no-any-return]

    def each(self, connection: Connection, all_values: Sequence[Values]) -> list[Any]:
        """The rows for several sets of values, in one exchange where the driver can."""
        if len(all_values) == 1 or connection.dialect.name == "sqlite":
            return [row for values in all_values for row in self.rows(connection, values)]
        compiled = self._for(connection)
        driver = driver_of(connection)
        with _Translated(connection), driver.cursor() as cursor:
            parameters = [compiled.parameters(values) for values in all_values]
            cursor.executemany(compiled.text, parameters, returning=True)
            found = cursor.fetchall()
            while cursor.nextset():
                found += cursor.fetchall()
            return found  # type: ignore[no-any-return]

    def write(self, connection: Connection, rows: Sequence[Values]) -> None:
        compiled = self._for(connection)
        if len(rows) == 1:
            run(connection, compiled.text, compiled.parameters(rows[0]))
            return
        with _Translated(connection):
            cursor = driver_of(connection).cursor()
            cursor.executemany(compiled.text, [compiled.parameters(row) for row in rows])
            cursor.close()

    def _for(self, connection: Connection) -> _Compiled:
        name = connection.dialect.name
        if name not in self._compiled:
            self._compiled[name] = _Compiled(self._statement, connection.dialect)
        return self._compiled[name]


def run(connection: Connection, sql: str, parameters: Any = ()) -> Any:
    """One statement, by the driver; its cursor."""
    with _Translated(connection):
        return driver_of(connection).execute(sql, parameters)


def driver_of(connection: Connection) -> Any:
    return connection.connection.driver_connection


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
