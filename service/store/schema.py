"""The database's schema: brought up to date by Alembic, from whatever release made it."""

from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from service.errors import Unavailable
from service.store.engine import connect, missing_file, reading


def migrate(url: str, *, lanes: int = 1) -> str:
    """Bring a store to this release's schema, making it where there is none; its revision.

    `lanes` counts only for a new store, which keeps it. Raises ValueError for a bad URL,
    Unavailable where the database does not answer.
    """
    engine = connect(url)
    if (file := missing_file(engine)) is not None:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    try:
        with reading(engine) as connection:
            config = configuration()
            config.attributes["connection"] = connection
            config.attributes["lanes"] = lanes
            command.upgrade(config, "head")
            return MigrationContext.configure(connection).get_current_revision() or ""
    finally:
        engine.dispose()


def refuse_other_schema(connection: Connection) -> None:
    """Raises Unavailable where the store has the schema of another release, or there is none."""
    try:
        revision = MigrationContext.configure(connection).get_current_revision()
    except DBAPIError as failure:
        raise Unavailable("the database does not answer") from failure
    if revision != latest_revision():
        found = "no store here yet" if revision is None else f"a store of schema {revision}"
        raise Unavailable(
            f"there is {found}; this release needs schema {latest_revision()}: run `sitrep migrate`"
        )


def latest_revision() -> str:
    return ScriptDirectory.from_config(configuration()).get_current_head() or ""


def configuration() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("migrations")))
    return config
