"""The rehearsal: every update appended once, unmeasured, to learn what rows the store writes.

The bare driver then writes those rows: the same tables, the same number, the same bytes.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.effort import Effort
from benchmarks.grounds import SIGNER, sqlite_file
from benchmarks.material import REPORTER, Posted, opening, update
from schemas.update import load_incident, load_update
from service.domain.update import NewIncident, NewUpdate
from service.store.schema import migrate
from service.store.search import postgresql_body
from service.store.signers import add_signer
from service.store.store import Store
from service.store.tables import incidents

INCIDENTS = 32

Row = tuple[Any, ...]

_ADDED = {
    "updates": "SELECT * FROM updates WHERE incident = :incident AND version > :before",
    "events": "SELECT * FROM events WHERE incident = :incident AND version > :before",
    "payloads": "SELECT payloads.* FROM payloads JOIN events USING (lane, event_id)"
    " WHERE incident = :incident AND version > :before",
    "slots": "SELECT * FROM slots WHERE incident = :incident AND NOT EXISTS (SELECT 1 FROM standing"
    " WHERE standing.incident = slots.incident AND standing.slot = slots.slot"
    " AND version <= :before)",
    "standing": "SELECT * FROM standing WHERE incident = :incident AND version > :before",
    "tiles": "SELECT tiles.* FROM tiles JOIN incidents USING (lane) WHERE incident = :incident"
    " AND level = 0 AND number = position / 256 - 1"
    " AND position / 256 > (position - version + :before) / 256",
    **{
        table: f"SELECT * FROM {table} WHERE incident = :incident AND from_us = :recorded_us"  # noqa: S608
        for table in ("catalogue", "places", "links", "texts")
    },
}
_KEPT = {
    "ledger": "SELECT * FROM ledger WHERE incident = :incident",
    "accounts": "SELECT * FROM accounts",
    "firsts": "SELECT * FROM firsts WHERE incident = :incident",
}
_INCIDENT = (
    f"SELECT {', '.join(incidents.columns.keys())} FROM incidents WHERE incident = :incident"  # noqa: S608
)
_RECORDED = "SELECT recorded_us FROM incidents WHERE incident = :incident"
_ENDED = "SELECT until_us FROM catalogue WHERE incident = :incident AND until_us = :recorded_us"


@dataclass(frozen=True)
class Written:
    """The rows of one update: those that are added, by table, and those that are changed."""

    added: tuple[tuple[str, tuple[Row, ...]], ...]
    put: tuple[tuple[str, tuple[Row, ...]], ...]
    """Rows that are new or have taken the place of those with their keys, whole."""
    incident: Row
    """In the order of the table's definition: lane, incident, version, position, …"""
    head: Row
    """In the order of the table's definition, the lane first."""
    before: int
    """The version that the incident had."""
    relisted: bool
    """Whether its row of the catalogue ends with this update."""


@dataclass(frozen=True)
class Opening:
    posted: Posted
    incident: NewIncident
    written: Written


@dataclass(frozen=True)
class Step:
    """One append in every form that someone needs: as posted, as the store takes it, as rows."""

    place: int
    """The number of its incident: what threads share out."""
    posted: Posted
    update: NewUpdate
    expecting: int
    written: Written


@dataclass(frozen=True)
class Rehearsal:
    """`steps` go round the incidents: one update of each, then the next of each."""

    openings: tuple[Opening, ...]
    steps: tuple[Step, ...]
    effort: Effort

    def warm_up(self) -> Sequence[Step]:
        return self.steps[: self.effort.warm_up * INCIDENTS]

    def of_round(self, number: int) -> Sequence[Step]:
        length = self.effort.appends * INCIDENTS
        begin = self.effort.warm_up * INCIDENTS + number * length
        return self.steps[begin : begin + length]


def rehearse(effort: Effort, engine: str) -> Rehearsal:
    """What a store makes of the material. SQLite's rows are PostgreSQL's as well, but for how the
    words of a text are written.
    """
    with TemporaryDirectory(prefix="sitrep-bench-") as home:
        url = f"sqlite:///{home}/sitrep.db"
        migrate(url)
        add_signer(url, SIGNER)
        with (
            closing(Store.connect(url, signer=SIGNER)) as store,
            closing(sqlite3.connect(sqlite_file(url))) as connection,
        ):
            observer = _Observer(connection, engine)
            names = [f"rockets-on-taji-{number:02}" for number in range(INCIDENTS)]
            openings = [_open(store, observer, name) for name in names]
            versions = [opened.written.incident[2] for opened in openings]
            steps = []
            for number in range(effort.warm_up + effort.rounds * effort.appends):
                for place, name in enumerate(names):
                    posted, before = update(name, number), versions[place]
                    step = _append(store, observer, place, posted, before)
                    versions[place] = step.written.incident[2]
                    steps.append(step)
    return Rehearsal(tuple(openings), tuple(steps), effort)


def _open(store: Store, observer: "_Observer", name: str) -> Opening:
    posted = opening(name)
    incident = load_incident(posted.body)
    store.open(incident, REPORTER)
    return Opening(posted, incident, observer.written(name, before=0))


def _append(
    store: Store, observer: "_Observer", place: int, posted: Posted, expecting: int
) -> Step:
    new = load_update(posted.body)
    store.append(posted.incident, new, REPORTER, expecting=expecting)
    written = observer.written(posted.incident, before=expecting)
    return Step(place, posted, new, expecting, written)


class _Observer:
    """Sees what each append has written, as an engine keeps it. It must be asked after every
    one.
    """

    def __init__(self, connection: sqlite3.Connection, engine: str) -> None:
        self._connection = connection
        self._engine = engine
        self._seen: set[tuple[str, Row]] = set()

    def written(self, name: str, *, before: int) -> Written:
        ((recorded_us,),) = self._rows(_RECORDED, {"incident": name})
        place = {"incident": name, "before": before, "recorded_us": recorded_us}
        added = {table: self._rows(rows, place) for table, rows in _ADDED.items()}
        if self._engine == "postgresql":
            added["texts"] = tuple(
                (*row[:-1], postgresql_body(row[-1].split())) for row in added["texts"]
            )
        put = {table: self._unseen(table, self._rows(rows, place)) for table, rows in _KEPT.items()}
        (incident,) = self._rows(_INCIDENT, place)
        (head,) = self._rows("SELECT * FROM lane_heads WHERE lane = :lane", {"lane": incident[0]})
        return Written(
            added=tuple((table, rows) for table, rows in added.items() if rows),
            put=tuple((table, rows) for table, rows in put.items() if rows),
            incident=incident,
            head=head,
            before=before,
            relisted=bool(self._rows(_ENDED, place)),
        )

    def _rows(self, query: str, place: dict[str, Any]) -> tuple[Row, ...]:
        return tuple(self._connection.execute(query, place).fetchall())

    def _unseen(self, table: str, rows: Sequence[Row]) -> tuple[Row, ...]:
        new = tuple(row for row in rows if (table, row) not in self._seen)
        self._seen |= {(table, row) for row in new}
        return new
