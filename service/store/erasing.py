"""Erasing: the words of events and their salts, for good. Their envelopes and hashes stay, so that
the chain and the tree go on holding (docs/adr/0003, docs/adr/0013).
"""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, select, update

from service.store.engine import is_sqlite
from service.store.shelves import FULL_TEXT
from service.store.statements import run
from service.store.tables import events, payloads, updates, withholdings

ERASED = bytes(32)
"""The digest of an update some of whose words are gone: no body is a retry of it."""

AT_ONCE = 5_000

_chosen = (
    events.c.lane == bindparam("of_lane"),
    events.c.incident == bindparam("of_incident"),
    events.c.version.in_(bindparam("versions", expanding=True)),
)
_payloads = delete(payloads).where(
    payloads.c.lane == bindparam("of_lane"),
    payloads.c.event_id.in_(select(events.c.event_id).where(*_chosen)),
)
_digests = (
    update(updates)
    .where(
        updates.c.lane == bindparam("of_lane"),
        updates.c.incident == bindparam("of_incident"),
        updates.c.update_id.in_(select(events.c.update_id).where(*_chosen)),
    )
    .values(digest=ERASED)
)


_withholdings = delete(withholdings).where(
    withholdings.c.lane == bindparam("of_lane"),
    withholdings.c.incident == bindparam("of_incident"),
    withholdings.c.by.in_(bindparam("versions", expanding=True)),
)


def erase(connection: Connection, lane: int, incident: str, versions: Sequence[int]) -> None:
    """The payloads of these events, what would tell a guess at them from another one, and what they
    withheld, which is nothing but their own words.
    """
    if is_sqlite(connection):
        # What is deleted is overwritten with zeros, rows and words of the full text alike.
        run(connection, "PRAGMA secure_delete=ON")
    for first in range(0, len(versions), AT_ONCE):
        some = {"versions": versions[first : first + AT_ONCE]}
        place = {"of_lane": lane, "of_incident": incident}
        connection.execute(_payloads, {**place, **some})
        connection.execute(_withholdings, {**place, **some})
        connection.execute(_digests, {**place, **some})


def forget_words(connection: Connection) -> None:
    """Once the full text is derived again without them, its index has them no more either."""
    if is_sqlite(connection):
        run(connection, f"INSERT INTO {FULL_TEXT}({FULL_TEXT}) VALUES ('optimize')")  # noqa: S608


def scrub(connection: Connection) -> None:
    """After the commit: what SQLite's write-ahead log still held goes too, unless a reader needs it
    just now. PostgreSQL reclaims what is dead in its own time (docs/erasure.md).
    """
    if is_sqlite(connection):
        run(connection, "PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
