"""Copying: an export of a whole store into an empty one, event by event as it was: versions,
positions, moments, hashes. What can be derived is derived here anew.

Broken off, it goes on where it stopped: what is there already must be what the export says.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, bindparam, select

from service.domain.report import Refs
from service.errors import Fault, Refused
from service.proof.bundle import Heading, Line, entry_of, named, unhex
from service.proof.doubt import Doubt
from service.proof.walk import Entry
from service.store.engine import writing
from service.store.growing import Trees, fill_tiles
from service.store.lanes import LaneHead, advance, lock_heads, read_heads
from service.store.sealing import Envelope, read_payload, read_report, uuid_bytes, write_refs
from service.store.statements import Batch, Insert, Lookup
from service.store.tables import events, payloads, updates

AT_ONCE = 500
"""Events in a transaction. An update is held whole."""

_insert_event = Insert(events)
_insert_payload = Insert(payloads)
_insert_update = Insert(updates)
_envelope = msgspec.json.Decoder(Envelope)
_leaf = Lookup(events, keys=("lane", "incident", "version"), columns=("leaf",))
_stored = select(events.c.leaf).where(
    events.c.lane == bindparam("of_lane"), events.c.position == bindparam("position")
)


class Copied(Struct, frozen=True, kw_only=True):
    """How many events are new here, and how many were there already."""

    new: int
    known: int


def copy_into(
    connection: Connection, trees: Trees, heading: Heading, lines: Iterable[Line]
) -> Iterator[Copied]:
    """Put an export's events into the log; told so far after each transaction.

    Raises Refused where the store is no place for it, Doubt for what does not hold: whatever came
    before that event is kept.
    """
    _refuse_other_store(connection, heading)
    new = known = 0
    for part in _parts(lines):
        lane = part[0].line.lane
        with writing(connection):
            head = lock_heads(connection, [lane], None)[0].get(lane)
            if head is None:
                raise Doubt(f"position {part[0].line.position}: there is no lane {lane}")
            missing = [told for told in part if told.line.position > head.position]
            for told in part[: len(part) - len(missing)]:
                _hold_to_stored(connection, told)
            if missing:
                _write(connection, trees, head, missing)
        new, known = new + len(missing), known + len(part) - len(missing)
        yield Copied(new=new, known=known)


class _Told(Struct, frozen=True):
    line: Line
    envelope: Envelope


def _refuse_other_store(connection: Connection, heading: Heading) -> None:
    lanes = len(read_heads(connection))
    if heading.incident is not None:
        raise Refused(Fault("", "one incident cannot be copied: its place in time is in its store"))
    if heading.lanes != lanes:
        raise Refused(Fault("", f"it has {heading.lanes} lanes, and this store {lanes}"))


def _parts(lines: Iterable[Line]) -> Iterator[list[_Told]]:
    """So many events of one lane, no update parted."""
    part: list[_Told] = []
    told = (_Told(line, _read(line)) for line in lines)
    for _, group in groupby(told, key=lambda one: (one.line.lane, one.envelope.update_id)):
        update = list(group)
        if part and (part[0].line.lane != update[0].line.lane or len(part) >= AT_ONCE):
            yield part
            part = []
        part += update
    if part:
        yield part


def _read(line: Line) -> Envelope:
    """Refuses what this release would not read back from its store as it was."""
    try:
        envelope = _envelope.decode(line.envelope)
        if line.payload is not None:
            read_report(read_payload(line.payload.encode()))
    except (msgspec.DecodeError, RecursionError) as broken:
        raise Doubt(f"position {line.position}: {broken}") from broken
    if msgspec.json.encode(envelope) != line.envelope.encode():
        raise Doubt(f"position {line.position}: its envelope is not written as this release does")
    return envelope


def _hold_to_stored(connection: Connection, told: _Told) -> None:
    asked = {"of_lane": told.line.lane, "position": told.line.position}
    if connection.execute(_stored, asked).scalar() != unhex(told.line.leaf):
        raise Doubt(f"{_entry(told, None)}: the store holds another event there")


def _write(connection: Connection, trees: Trees, head: LaneHead, told: Sequence[_Told]) -> None:
    batch, before = Batch(), head.tree_size or 0
    leaves: dict[tuple[str, int], bytes] = {}
    for one in told:
        name = one.envelope
        previous = leaves.get((name.incident, name.version - 1)) or _leaf_before(connection, one)
        entry = _entry(one, previous)
        entry.check()
        if entry.position != head.position + 1:
            raise Doubt(f"{entry}: position {head.position + 1} should come here, and is missing")
        if name.recorded_us < head.recorded_us:
            raise Doubt(f"{entry}: it was recorded before the event at the position before")
        leaves[name.incident, name.version] = entry.leaf
        head.position, head.recorded_us = entry.position, name.recorded_us
        _add(batch, one, entry)
    for _, group in groupby(told, key=lambda one: one.envelope.update_id):
        _add_update(batch, list(group))
    trees.grow(connection, head, [unhex(one.line.leaf) for one in told])
    advance(batch, [head])
    batch.write(connection)
    fill_tiles(connection, head.lane, before=before, size=head.tree_size or 0)


def _leaf_before(connection: Connection, one: _Told) -> bytes | None:
    name = one.envelope
    place = {"lane": one.line.lane, "incident": name.incident, "version": name.version - 1}
    row = _leaf.first(connection, place)
    return None if row is None else row[0]


def _entry(told: _Told, before: bytes | None) -> Entry:
    return entry_of(told.line, named(told.line), before)


def _add(batch: Batch, told: _Told, entry: Entry) -> None:
    row: dict[str, Any] = {**msgspec.structs.asdict(told.envelope)}
    row |= {
        "lane": told.line.lane,
        "position": entry.position,
        "event_id": uuid_bytes(told.envelope.event_id),
        "update_id": uuid_bytes(told.envelope.update_id),
        "refs": None if told.envelope.refs == Refs() else write_refs(told.envelope.refs),
        "commitment": entry.commitment,
        "leaf": entry.leaf,
    }
    batch.add(_insert_event, row)
    if entry.payload is not None:
        kept = {"salt": entry.salt, "body": entry.payload}
        batch.add(_insert_payload, {"lane": row["lane"], "event_id": row["event_id"], **kept})


def _add_update(batch: Batch, told: Sequence[_Told]) -> None:
    first, last = told[0], told[-1]
    if first.line.update is None:
        raise Doubt(f"{_entry(first, None)}: it begins an update and has no digest")
    batch.add(
        _insert_update,
        {
            "lane": first.line.lane,
            "incident": first.envelope.incident,
            "update_id": uuid_bytes(first.envelope.update_id),
            "digest": unhex(first.line.update),
            "first_version": first.envelope.version,
            "version": last.envelope.version,
            "position": last.line.position,
            "recorded_us": last.envelope.recorded_us,
        },
    )
