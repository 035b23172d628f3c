"""The database's schema: brought up to date by Alembic, from whatever release made it."""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from service.store.engine import connect


def migrate(url: str, *, lanes: int = 1) -> str:
    """Bring a store to this release's schema, making it where there is none; its revision.

    `lanes` counts only for a new store, which keeps it.
    """
    engine = connect(url)
    try:
        with engine.connect() as connection:
            config = configuration()
            config.attributes["connection"] = connection
            config.attributes["lanes"] = lanes
            command.upgrade(config, "head")
            return MigrationContext.configure(connection).get_current_revision() or ""
    finally:
        engine.dispose()


def latest_revision() -> str:
    return ScriptDirectory.from_config(configuration()).get_current_head() or ""


def configuration() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("migrations")))
    return config
