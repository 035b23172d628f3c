"""What is kept beside the events, held to them as these are walked past: the row of each update,
and no payload of an event that is not there.
"""

from typing import Any

from sqlalchemy import Connection, exists, func, select

from service.proof.doubt import Doubt
from service.store.tables import events, payloads, updates

KEPT = ("first_version", "version", "position", "recorded_us")
"""The columns that an update's events tell as well."""
SHARED = ("lane", "incident", "update_id", "recorded_us")
"""What an event and the row of its update are found by. All of it, so that whichever index is used
leads to one row: PostgreSQL does not know which is better before it has counted.
"""

_kept_updates, _kept_payloads = (
    select(func.count()).select_from(table) for table in (updates, payloads)
)
_idle = (
    select(updates.c.incident, updates.c.first_version)
    .where(~exists().where(*(events.c[name] == updates.c[name] for name in SHARED)))
    .order_by(updates.c.incident, updates.c.first_version)
    .limit(1)
)


class UpdatesBeside:
    """The updates of all lanes, one lane after the other. The events of an update stand together,
    so that never more than one is held.
    """

    def __init__(self) -> None:
        self._first: Any = None
        self._last: Any = None
        self._updates = self._payloads = 0

    def pass_by(self, row: Any) -> None:
        """An event, with the row that is kept of its update. Raises Doubt."""
        self._payloads += row.body is not None
        last = self._last
        if last is None or (last.incident, last.update_id) != (row.incident, row.update_id):
            self._close()
            self._updates += 1
            self._first = row
        elif (row.version, row.recorded_us) != (last.version + 1, last.recorded_us):
            raise _untrue(self._first)
        self._last = row

    def end(self, connection: Connection) -> None:
        """Raises Doubt for what is kept of events that are not in the log."""
        self._close()
        if connection.execute(_kept_updates).scalar_one() > self._updates:
            idle = connection.execute(_idle).one()
            raise Doubt(f"{idle.incident}/{idle.first_version}: an update is kept without events")
        if number := connection.execute(_kept_payloads).scalar_one() - self._payloads:
            raise Doubt(f"payloads are kept of {number} events that are not in the log")

    def _close(self) -> None:
        first, last = self._first, self._last
        if first is None:
            return
        kept = tuple(getattr(first, f"kept_{name}") for name in KEPT)
        if kept != (first.version, last.version, last.position, last.recorded_us):
            raise _untrue(first)


def _untrue(first: Any) -> Doubt:
    return Doubt(
        f"{first.incident}/{first.version}: what is kept of its update is not what its events say"
    )
