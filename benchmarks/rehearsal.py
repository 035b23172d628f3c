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
from benchmarks.grounds import sqlite_file
from benchmarks.material import REPORTER, Posted, opening, update
from schemas.update import load_incident, load_update
from service.domain.update import NewIncident, NewUpdate
from service.store.schema import migrate
from service.store.search import postgresql_body
from service.store.store import Store

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
    **{
        table: f"SELECT * FROM {table} WHERE incident = :incident AND from_us = :recorded_us"  # noqa: S608
        for table in ("catalogue", "places", "links", "texts")
    },
}
_RECORDED = "SELECT recorded_us FROM incidents WHERE incident = ?"
_ENDED = "SELECT until_us FROM catalogue WHERE incident = :incident AND until_us = :recorded_us"


@dataclass(frozen=True)
class Written:
    """The rows of one update: those that are added, by table, and those that are changed."""

    added: tuple[tuple[str, tuple[Row, ...]], ...]
    incident: Row
    """As the table has it: lane, incident, version, position, …"""
    head: Row
    """Lane, position, moment of recording."""
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
        with (
            closing(Store.connect(url)) as store,
            closing(sqlite3.connect(sqlite_file(url))) as observer,
        ):
            names = [f"rockets-on-taji-{number:02}" for number in range(INCIDENTS)]
            openings = [_open(store, observer, name, engine) for name in names]
            versions = [opened.written.incident[2] for opened in openings]
            steps = []
            for number in range(effort.warm_up + effort.rounds * effort.appends):
                for place, name in enumerate(names):
                    posted, before = update(name, number), versions[place]
                    written = _append(store, observer, posted, engine, expecting=before)
                    step = Step(place, posted, load_update(posted.body), before, written)
                    versions[place] = step.written.incident[2]
                    steps.append(step)
    return Rehearsal(tuple(openings), tuple(steps), effort)


def _open(store: Store, observer: sqlite3.Connection, name: str, engine: str) -> Opening:
    posted = opening(name)
    incident = load_incident(posted.body)
    store.open(incident, REPORTER)
    return Opening(posted, incident, _written(observer, name, engine, before=0))


def _append(
    store: Store, observer: sqlite3.Connection, posted: Posted, engine: str, *, expecting: int
) -> Written:
    store.append(posted.incident, load_update(posted.body), REPORTER, expecting=expecting)
    return _written(observer, posted.incident, engine, before=expecting)


def _written(observer: sqlite3.Connection, name: str, engine: str, *, before: int) -> Written:
    (recorded_us,) = observer.execute(_RECORDED, (name,)).fetchone()
    place = {"incident": name, "before": before, "recorded_us": recorded_us}
    added = {table: observer.execute(rows, place).fetchall() for table, rows in _ADDED.items()}
    if engine == "postgresql":
        added["texts"] = [(*row[:-1], postgresql_body(row[-1].split())) for row in added["texts"]]
    incident = observer.execute(
        "SELECT * FROM incidents WHERE incident = :incident", place
    ).fetchone()
    head = observer.execute("SELECT * FROM lane_heads WHERE lane = ?", incident[:1]).fetchone()
    return Written(
        added=tuple((table, tuple(rows)) for table, rows in added.items() if rows),
        incident=incident,
        head=head,
        before=before,
        relisted=observer.execute(_ENDED, place).fetchone() is not None,
    )
