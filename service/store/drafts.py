"""Drafts: what somebody began to write at the desk, field by field as it was typed. They are no
part of the record; whoever began one alone sees it, and it goes when it is posted.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, delete, func, insert, select

from service.domain.moments import DAY_US, write_instant
from service.errors import Fault, NotFound, Refused
from service.store.tables import drafts

MOST = 100
KEPT_DAYS = 30
"""A draft that nobody touched for so long is forgotten: it may name people."""


class Begun(Struct, frozen=True, kw_only=True):
    """An update that was begun: `update_id` is what it will be posted as, `incident` None opens
    one, `version` is where the incident stood, and `fields` are texts by JSON pointers. Not JSON.
    """

    update_id: str
    incident: str | None
    version: int
    fields: dict[str, str]
    changed_at: str = ""


def keep(connection: Connection, name: str, begun: Begun, now_us: int) -> None:
    """In place of what was kept of it before. Raises Refused for one more than MOST."""
    old = drafts.c.changed_us < now_us - KEPT_DAYS * DAY_US
    connection.execute(delete(drafts).where(old | _is(name, begun.update_id)))
    kept = select(func.count()).select_from(drafts).where(drafts.c.name == name)
    if connection.execute(kept).scalar_one() >= MOST:
        raise Refused(Fault("", f"there are {MOST} drafts already: post or discard some of them"))
    row = {
        "name": name,
        "update_id": UUID(begun.update_id).bytes,
        "incident": begun.incident,
        "version": begun.version,
        "fields": msgspec.json.encode(begun.fields),
        "changed_us": now_us,
    }
    connection.execute(insert(drafts), row)


def one(connection: Connection, name: str, update_id: str) -> Begun:
    row = connection.execute(select(drafts).where(_is(name, update_id))).first()
    if row is None:
        raise NotFound("there is no such draft: it was posted or discarded, or is somebody else's")
    return _begun(row)


def all_of(connection: Connection, name: str) -> Sequence[Begun]:
    mine = select(drafts).where(drafts.c.name == name)
    newest = mine.order_by(drafts.c.changed_us.desc(), drafts.c.update_id)
    return [_begun(row) for row in connection.execute(newest)]


def drop(connection: Connection, name: str, update_id: str) -> None:
    connection.execute(delete(drafts).where(_is(name, update_id)))


def _is(name: str, update_id: str) -> Any:
    return (drafts.c.name == name) & (drafts.c.update_id == UUID(update_id).bytes)


def _begun(row: Any) -> Begun:
    return Begun(
        update_id=str(UUID(bytes=bytes(row.update_id))),
        incident=row.incident,
        version=row.version,
        fields=msgspec.json.decode(row.fields, type=dict[str, str]),
        changed_at=write_instant(row.changed_us),
    )
