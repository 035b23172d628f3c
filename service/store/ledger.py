"""Reading the ledger: what became of the reports of each publisher and origin."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from msgspec import Struct, structs
from sqlalchemy import Column, Connection, Select, bindparam, select

from service.domain.ledger import ANY
from service.domain.moments import write_instant
from service.domain.report import origin_of
from service.errors import NotFound
from service.store.counts import (
    FirstFigures,
    IncidentCounts,
    OriginCounts,
    OriginPage,
    OriginRecord,
    PublisherCounts,
    PublisherPage,
    PublisherRecord,
)
from service.store.cursors import decoded, encoded, strange_cursor
from service.store.entries import Entry
from service.store.sealing import read_payload, read_report
from service.store.shelves import accounts, ledger
from service.store.statements import Lookup
from service.store.tables import events, payloads
from service.store.withholding import Reader, withheld_now

_KEY = re.compile(r"[a-z0-9._-]*")
BEYOND = "~"
"""Comes after every sign that a key may have."""

BESIDE = 100
"""How many origins are told of beside a publisher, or publishers beside an origin."""

_bodies = Lookup(payloads, keys=("lane", "event_id"), columns=("event_id", "body"))

_events = Lookup(
    events, keys=("lane", "event_id"), columns=("lane", "incident", "version", "event_id")
)

_KEPT = [field for field in Entry.__struct_fields__ if field in accounts.c]

Row = Mapping[Any, Any]


class Turn(NamedTuple):
    """Where a page begins, how long it may be, what its keys begin with, and at which source of the
    other side they are asked about.
    """

    cursor: str | None
    limit: int
    prefix: str = ""
    at: str = ANY
    by: Reader = Reader()

    def values(self) -> dict[str, Any]:
        after = "" if self.cursor is None else decoded(self.cursor)
        if _KEY.fullmatch(after) is None:
            raise strange_cursor()
        return {"after": after, "most": self.limit + 1}


def publishers(connection: Connection, turn: Turn) -> PublisherPage:
    found, more = _page(connection, "publisher", turn)
    return PublisherPage(publishers=tuple(found), next=more)


def origins(connection: Connection, turn: Turn) -> OriginPage:
    found, more = _page(connection, "origin", turn)
    return OriginPage(origins=tuple(found), next=more)


def publisher(connection: Connection, key: str, turn: Turn) -> PublisherRecord:
    """Raises NotFound where no event names it."""
    record = _one(connection, "publisher", key, turn.by)
    beside, _ = _page(connection, "origin", Turn(None, BESIDE, at=key, by=turn.by))
    told, more = _incidents(connection, "publisher", key, turn)
    return PublisherRecord(publisher=record, origins=tuple(beside), incidents=told, next=more)


def origin(connection: Connection, key: str, turn: Turn) -> OriginRecord:
    """Raises NotFound where no event names it."""
    record = _one(connection, "origin", key, turn.by)
    beside, _ = _page(connection, "publisher", Turn(None, BESIDE, at=key, by=turn.by))
    told, more = _incidents(connection, "origin", key, turn)
    return OriginRecord(origin=record, publishers=tuple(beside), incidents=told, next=more)


class _Questions(NamedTuple):
    """What is asked of publishers, or of origins."""

    keys: Select[Any]
    accounts: Select[Any]
    incidents: Select[Any]


def _questions(side: str, other: str) -> _Questions:
    own, beside = accounts.c[side], accounts.c[other]
    told = _is(ledger.c[side], "key"), _is(ledger.c[other], "at")
    keys = (
        select(own)
        .distinct()
        .where(_is(beside, "at"), own > bindparam("after"), own != ANY)
        .where(own >= bindparam("prefix"), own < bindparam("beyond"))
    )
    return _Questions(
        keys=keys.order_by(own).limit(bindparam("most")),
        accounts=select(accounts).where(
            _is(beside, "at"), own >= bindparam("first"), own <= bindparam("last")
        ),
        incidents=select(ledger)
        .where(*told, ledger.c.incident > bindparam("after"))
        .order_by(ledger.c.incident)
        .limit(bindparam("most")),
    )


def _is(column: Column[Any], name: str) -> Any:
    return column == bindparam(name)


_QUESTIONS = {
    "publisher": _questions("publisher", "origin"),
    "origin": _questions("origin", "publisher"),
}


def _page(connection: Connection, side: str, turn: Turn) -> tuple[list[Any], str | None]:
    """Records in the order of their keys, and the cursor of the next page."""
    asked = {**turn.values(), "at": turn.at, "prefix": turn.prefix}
    asked["beyond"] = turn.prefix + BEYOND
    keys = list(connection.execute(_QUESTIONS[side].keys, asked).scalars())
    page, more = keys[: turn.limit], len(keys) > turn.limit
    return _records(connection, side, page, turn), encoded(page[-1]) if more else None


def _one(connection: Connection, side: str, key: str, by: Reader) -> Any:
    found = _records(connection, side, [key], Turn(None, 1, by=by))
    if not found:
        raise NotFound(f"no event names the {side} {key}")
    return found[0]


def _incidents(
    connection: Connection, side: str, key: str, turn: Turn
) -> tuple[tuple[IncidentCounts, ...], str | None]:
    asked = {**turn.values(), "key": key, "at": ANY}
    rows = connection.execute(_QUESTIONS[side].incidents, asked).mappings().all()
    page, more = rows[: turn.limit], len(rows) > turn.limit
    told = tuple(IncidentCounts(**_counts(IncidentCounts, row)) for row in page)
    return told, encoded(page[-1]["incident"]) if more else None


def _records(connection: Connection, side: str, keys: Sequence[str], turn: Turn) -> list[Any]:
    """What is known of each key, over all lanes."""
    if not keys:
        return []
    asked = {"first": keys[0], "last": keys[-1], "at": turn.at}
    held: defaultdict[str, list[Row]] = defaultdict(list)
    for row in connection.execute(_QUESTIONS[side].accounts, asked).mappings():
        held[row[side]].append(row)
    names = _names(connection, side, held, turn.by)
    return [_record(side, key, held[key], names.get(key)) for key in sorted(held)]


def _record(side: str, key: str, rows: Sequence[Row], name: str | None) -> PublisherCounts:
    told = Entry()
    for row in rows:
        told.merge(Entry(**{field: row[field] for field in _KEPT}))
    known = structs.asdict(told) | {"key": key, "name": name, "kind": told.kind or None}
    if side == "origin":
        return OriginCounts(**_counts(OriginCounts, known | {"named": bool(told.named)}))
    return PublisherCounts(**_counts(PublisherCounts, known))


def _names(
    connection: Connection, side: str, held: Mapping[str, Sequence[Row]], by: Reader
) -> dict[str, str]:
    """Names as they were last told. They are read where they were told, so that none outlives its
    event's payload, and none is read by whom the event is withheld from.
    """
    told = {key: max(rows, key=lambda row: row["named_us"]) for key, rows in held.items()}
    asked = [
        {"lane": row["lane"], "event_id": row["named_by"]}
        for row in told.values()
        if row["named_by"] is not None
    ]
    bodies = dict(_bodies.rows(connection, asked)) if asked else {}
    for event_id in _withheld(connection, asked, by):
        bodies.pop(event_id, None)
    names = {}
    for key, row in told.items():
        body = bodies.get(row["named_by"])
        name = None if body is None else _name(side, body)
        if name is not None:
            names[key] = name
    return names


def _withheld(connection: Connection, asked: Sequence[Row], by: Reader) -> Iterator[bytes]:
    """Those events that a reader does not see."""
    if by.desk or not asked:
        return
    told = _events.rows(connection, asked)
    unseen = withheld_now(connection, {(lane, incident) for lane, incident, _, _ in told}, by)
    for _, incident, version, event_id in told:
        if (incident, version) in unseen:
            yield event_id


def _name(side: str, body: bytes) -> str | None:
    payload = read_payload(body)
    if side == "publisher":
        return payload.publisher.name
    return origin_of(read_report(payload), payload.publisher).name


def _counts(kind: type[Struct], row: Row) -> dict[str, Any]:
    """What `kind` shows of what was counted."""
    fares = {name: row[name] for name in ("stood", "fell", "open")}
    return {
        **{name: row[name] for name in kind.__struct_fields__ if name in row},
        "first_figures": FirstFigures(given=sum(fares.values()), **fares),
        "first_recorded_at": write_instant(row["first_us"]),
        "last_recorded_at": write_instant(row["last_us"]),
    }
