"""The database's schema: brought up to date by Alembic, from whatever release made it."""

from importlib.resources import files
from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, String, Table, inspect, select
from sqlalchemy.exc import DBAPIError

from service.errors import Unavailable
from service.store.engine import connect, missing_file, reading

REVISION = "0010"
"""The schema of this release: the last of migrations/versions."""

VERSION = Table("alembic_version", MetaData(), Column("version_num", String(32)))
"""Where Alembic notes the schema of a store."""


def migrate(url: str, *, lanes: int = 1) -> str:
    """Bring a store to this release's schema, making it where there is none; its revision.

    `lanes` counts only for a new store, which keeps it. Raises ValueError for a bad URL,
    Unavailable where the database does not answer.
    """
    from alembic import command  # noqa: PLC0415 - slow, and few processes migrate
    from alembic.config import Config  # noqa: PLC0415 - likewise

    engine = connect(url)
    if (file := missing_file(engine)) is not None:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    try:
        with reading(engine) as connection:
            config = Config()
            config.set_main_option("script_location", str(files("migrations")))
            config.attributes["connection"] = connection
            config.attributes["lanes"] = lanes
            command.upgrade(config, "head")
            return _revision_of(connection) or ""
    finally:
        engine.dispose()


def refuse_other_schema(connection: Connection) -> None:
    """Raises Unavailable where the store has the schema of another release, or there is none."""
    try:
        revision = _revision_of(connection)
    except DBAPIError as failure:
        raise Unavailable("the database does not answer") from failure
    if revision != REVISION:
        found = "no store here yet" if revision is None else f"a store of schema {revision}"
        raise Unavailable(
            f"there is {found}; this release needs schema {REVISION}: run `sitrep migrate`"
        )


def _revision_of(connection: Connection) -> str | None:
    """None where there is no store."""
    if not inspect(connection).has_table(VERSION.name):
        return None
    return connection.execute(select(VERSION.c.version_num)).scalar()
