"""Alembic's environment: migrate on the connection that was handed over, else on the configured
store.
"""

from typing import Any

from alembic import context
from sqlalchemy import Connection

from service.settings import Settings
from service.store.engine import connect, is_sqlite, writing
from service.store.tables import metadata

ONE_AT_A_TIME = 7_748_737
"""The advisory lock under which PostgreSQL lets one process migrate."""


def run(connection: Connection) -> None:
    """All steps in one transaction, which SQLite and PostgreSQL both roll back whole."""
    with connection.begin(), writing(connection):
        if not is_sqlite(connection):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")
        context.configure(connection=connection, target_metadata=metadata)
        context.run_migrations()


def main() -> None:
    given: Any = context.config.attributes.get("connection")
    if given is not None:
        run(given)
        return
    settings = Settings.read()
    context.config.attributes["lanes"] = settings.lanes
    engine = connect(settings.database_url)
    try:
        with engine.connect() as connection:
            run(connection)
    finally:
        engine.dispose()


main()
