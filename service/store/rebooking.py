"""Deriving an incident's part of the ledger again, from its events and nothing else.

What is derived here equals what the appends booked. `accounts` lose what the incident had counted
there and get what it counts now: the rest of a source's sums stands as it is.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from service.domain.ledger import Amendments, Source, amendments
from service.domain.report import Event, Standing
from service.domain.situation import Situation
from service.store.bookkeeping import Bookkeeper, Done, Erased
from service.store.entries import Entry, add_to_account
from service.store.logged import IN_INCIDENT
from service.store.sealing import read_event
from service.store.shelves import COUNTED, firsts, ledger
from service.store.statements import Batch
from service.store.tables import events, payloads

CHUNK = 500
"""How many events are held at once."""

_told = (
    select(
        *(events.c[name] for name in ("version", "event_id", "update_id", "type", "publisher")),
        *(events.c[name] for name in ("origin", "published_us", "effective_us", "recorded_us")),
        *(events.c.refs, payloads.c.body),
    )
    .outerjoin(
        payloads, (payloads.c.lane == events.c.lane) & (payloads.c.event_id == events.c.event_id)
    )
    .where(IN_INCIDENT, events.c.version > bindparam("after"))
    .order_by(events.c.version)
    .limit(CHUNK)
)


def rebook(
    connection: Connection,
    lane: int,
    incident: str,
    standing: Sequence[Standing],
    held: Situation,
    *,
    unseen: Container[int],
) -> None:
    """Book one incident anew. Its lane is locked by this transaction, its rows of the index are
    those of now, and so are `standing`, what stands by them, `held`, the situation of that, and
    `unseen`, what the public does not see.
    """
    batch = Batch()
    _take_back(connection, batch, lane, incident)
    batch.write(connection)
    keeper = Bookkeeper(connection, batch)
    page = keeper.open({"lane": lane, "incident": incident})
    touched: set[str] = set()
    for told in _updates(connection, {"of_lane": lane, "of_incident": incident}):
        touched |= keeper.count(told, page, unseen)
    done = Done(Amendments(), amendments(standing), keeper.retracted(page, since=0))
    touched |= keeper.amend(done, page)
    keeper.settle(None, held, touched, page)
    keeper.finish()
    batch.write(connection)


def _take_back(connection: Connection, batch: Batch, lane: int, incident: str) -> None:
    of_incident = ledger.c.lane == lane, ledger.c.incident == incident
    for row in connection.execute(select(ledger).where(*of_incident)).mappings():
        entry = Entry(incidents=-1, named_us=-1)
        for name in COUNTED:
            entry.add(name, -row[name])
        add_to_account(batch, lane, Source(row["publisher"], row["origin"]), entry)
    connection.execute(delete(ledger).where(*of_incident))
    connection.execute(delete(firsts).where(firsts.c.lane == lane, firsts.c.incident == incident))


def _updates(connection: Connection, place: Mapping[str, Any]) -> Iterator[list[Event | Erased]]:
    """The events of one update after another."""
    for _, rows in groupby(_rows(connection, place), key=attrgetter("update_id")):
        yield [_event(row) for row in rows]


def _rows(connection: Connection, place: Mapping[str, Any]) -> Iterator[Any]:
    after = 0
    while rows := connection.execute(_told, {**place, "after": after}).all():
        yield from rows
        after = rows[-1].version


def _event(row: Any) -> Event | Erased:
    if row.body is None:
        return Erased(row.publisher, row.origin, row.type, row.recorded_us)
    return read_event(row._mapping)
