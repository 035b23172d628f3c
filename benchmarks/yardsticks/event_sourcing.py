"""`eventsourcing` (PyPI): `save` of an aggregate's event, with a read model of the latest counts.

Its documentation shows two ways to keep a read model; both are measured, each as fast as the
library's settings allow. A *process application* follows the log and writes the read model with its
tracking record in a transaction of its own. An *inline* read model is written by the recorder in
the event's transaction. Both keep the figures in memory and write one row of a few hundred bytes;
neither seals events, indexes standing reports or derives a whole situation, as the store does.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from eventsourcing.application import Application, ProcessingEvent
from eventsourcing.domain import Aggregate, DomainEventProtocol
from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.postgres import PostgresProcessRecorder
from eventsourcing.sqlite import SQLiteDatastore, SQLiteProcessRecorder
from eventsourcing.system import (
    NewSingleThreadedRunner,
    ProcessApplication,
    Runner,
    SingleThreadedRunner,
    System,
)
from psycopg.sql import SQL
from sqlalchemy import make_url

from benchmarks.grounds import sqlite_file
from benchmarks.material import Json

SECTION = 100
"""Events that a follower reads at once; more than the default of 10, which is slower."""

_TABLE = (
    "CREATE TABLE IF NOT EXISTS situations (incident TEXT PRIMARY KEY, version BIGINT, view {})"
)
_UPSERT = (
    "INSERT INTO situations VALUES ({0}, {0}, {0}) ON CONFLICT (incident)"
    " DO UPDATE SET version = excluded.version, view = excluded.view"
)

View = tuple[UUID, int, bytes]


class Incident(Aggregate):
    class Reported(Aggregate.Event):
        told: Json

    def report(self, told: Json) -> None:
        self.trigger_event(self.Reported, told=told)


class Figures:
    """What each origin said last, of every incident."""

    def __init__(self) -> None:
        self._latest: dict[UUID, Json] = {}

    def after(self, event: DomainEventProtocol[UUID]) -> View:
        latest = self._latest.setdefault(event.originator_id, {})
        if isinstance(event, Incident.Reported):
            for report in event.told["reports"]:
                origin = report.get("origin", {"key": "desk"})
                slot = f"{origin['key']} {report.get('harm', report['type'])}"
                told = {"quantity": report.get("quantity"), "because": event.originator_version}
                latest[slot] = told
        return event.originator_id, event.originator_version, msgspec.json.encode(latest)


class Reports(Application[UUID]):
    log_section_size = SECTION


class Situations(ProcessApplication[UUID]):
    """The read model in a transaction after the event's."""

    pull_section_size = SECTION

    def __init__(self, env: Any = None) -> None:
        super().__init__(env)
        self._figures = Figures()

    def policy(
        self, domain_event: DomainEventProtocol[UUID], processing_event: ProcessingEvent[UUID]
    ) -> None:
        processing_event.collect_events(view=self._figures.after(domain_event))


class SQLiteRecorder(SQLiteProcessRecorder):
    def construct_create_table_statements(self) -> list[str]:
        return [*super().construct_create_table_statements(), _TABLE.format("BLOB")]

    def _insert_events(
        self, c: Any, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        recorded = super()._insert_events(c, stored_events, **kwargs)
        if view := kwargs.get("view"):
            incident, version, body = view
            c.execute(_UPSERT.format("?"), (incident.hex, version, body))
        return recorded


class PostgresRecorder(PostgresProcessRecorder):
    def __init__(self, datastore: Any, **kwargs: Any) -> None:
        super().__init__(datastore, **kwargs)
        self.sql_create_statements.append(SQL(_TABLE.format("BYTEA")).format())

    def _insert_events(
        self, curs: Any, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> None:
        super()._insert_events(curs, stored_events, **kwargs)
        if view := kwargs.get("view"):
            incident, version, body = view
            curs.execute(_UPSERT.format("%s"), (incident.hex, version, body), prepare=True)


class Following:
    """Saves, and has the process application follow in the thread that saves."""

    def __init__(self, url: str, *, clients: int) -> None:
        system = System(pipes=[[Reports, Situations]])
        kind = NewSingleThreadedRunner if clients == 1 else SingleThreadedRunner
        self._runner: Runner[UUID] = kind(system, _environment(url, inline=False))
        self._runner.start()
        self._reports: Reports = self._runner.get(Reports)
        self._situations: Situations = self._runner.get(Situations)
        _refuse_lesser_durability(self._reports)
        _refuse_lesser_durability(self._situations)

    def save(self, incident: Incident) -> None:
        self._reports.save(incident)

    def settle(self) -> None:
        """Let the read model catch up: one of several clients may leave some work to the next."""
        self._situations.pull_and_process(self._reports.name)

    def close(self) -> None:
        self._runner.stop()


class Inline:
    """Saves with the read model's row in the same transaction."""

    def __init__(self, url: str) -> None:
        self._reports = Reports(_environment(url, inline=True))
        self._figures = Figures()
        _refuse_lesser_durability(self._reports)

    def save(self, incident: Incident) -> None:
        self._reports.save(incident, view=self._figures.after(incident.pending_events[-1]))

    def settle(self) -> None:
        pass

    def close(self) -> None:
        self._reports.close()


class Contended:
    """One incident that several threads write to, each with the read model's row in the event's
    transaction.
    """

    def __init__(self, url: str, opening: Json) -> None:
        settings = {"AGGREGATE_CACHE_MAXSIZE": "100"}
        self._reports = Reports(_environment(url, inline=True) | settings)
        _refuse_lesser_durability(self._reports)
        incident = Incident()
        incident.report(opening)
        self._incident = incident.id
        self._reports.save(incident, view=Figures().after(incident.pending_events[-1]))
        self.close = self._reports.close

    def save(self, told: Json) -> None:
        while not self._saved(told):
            pass

    def _saved(self, told: Json) -> bool:
        incident: Incident = self._reports.repository.get(self._incident)
        incident.report(told)
        event = incident.pending_events[-1]
        view = event.originator_id, event.originator_version, msgspec.json.encode(told)
        try:
            self._reports.save(incident, view=view)
        except IntegrityError:
            return False
        return True


class Replaying:
    """One incident with a long history, folded from its stored events again and again."""

    def __init__(self, url: str) -> None:
        self._reports = Reports(_environment(url, inline=False))
        self._incident = Incident()
        self.close = self._reports.close

    def save(self, reports: Iterable[Json]) -> None:
        for number, report in enumerate(reports, start=1):
            self._incident.report({"reports": [report]})
            if number % SECTION == 0:
                self._reports.save(self._incident)
        self._reports.save(self._incident)

    def replay(self) -> None:
        figures = Figures()
        for event in self._reports.events.get(self._incident.id):
            figures.after(event)


def _environment(url: str, *, inline: bool) -> dict[str, str]:
    """The library's settings. On SQLite each application has a file of its own, as it asks for."""
    address = make_url(url)
    recorder = "SQLiteRecorder" if url.startswith("sqlite") else "PostgresRecorder"
    topic = f"{__name__}:{recorder}"
    which = "APPLICATION_RECORDER_TOPIC" if inline else "PROCESS_RECORDER_TOPIC"
    if url.startswith("sqlite"):
        home = Path(sqlite_file(url)).parent
        return {
            "PERSISTENCE_MODULE": "eventsourcing.sqlite",
            "SQLITE_LOCK_TIMEOUT": "10",
            "REPORTS_SQLITE_DBNAME": str(home / "reports.db"),
            "SITUATIONS_SQLITE_DBNAME": str(home / "situations.db"),
            which: topic,
        }
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_HOST": address.host or "",
        "POSTGRES_PORT": str(address.port),
        "POSTGRES_USER": address.username or "",
        "POSTGRES_PASSWORD": address.password or "",
        "POSTGRES_DBNAME": address.database or "",
        # A function in the database saves round trips; it leaves no room for an inline read model.
        "REPORTS_POSTGRES_ENABLE_DB_FUNCTIONS": "no" if inline else "yes",
        which: topic,
    }


def _refuse_lesser_durability(application: Application[UUID]) -> None:
    """The library keeps SQLite's default, which is FULL unless SQLite was built otherwise."""
    datastore = getattr(application.recorder, "datastore", None)
    if isinstance(datastore, SQLiteDatastore):
        with datastore.transaction(commit=False) as cursor:
            cursor.execute("PRAGMA synchronous")
            if tuple(cursor.fetchone()) != (2,):
                raise RuntimeError("eventsourcing's SQLite does not sync its commits here")
