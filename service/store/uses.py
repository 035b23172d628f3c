"""What keys did: rows that are only ever added, and dropped once they are old."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, bindparam, delete, insert, or_, select, tuple_, update
from uuid_utils.compat import uuid7

from service.domain.moments import write_instant
from service.store.answers import KeyUse, KeyUsePage
from service.store.cursors import decoded, encoded, number, strange_cursor
from service.store.signing_in import touch
from service.store.tables import key_uses, keys

_AT = tuple_(key_uses.c.at_us, key_uses.c.use_id)
_newest = (
    select(key_uses)
    .where(tuple_(bindparam("before_us"), bindparam("before_id")) > _AT)
    .order_by(key_uses.c.at_us.desc(), key_uses.c.use_id.desc())
    .limit(bindparam("most"))
)
_of_name = _newest.where(key_uses.c.name == bindparam("of_name"))
_touch = (
    update(keys)
    .where(keys.c.name == bindparam("of_name"))
    .where(or_(keys.c.last_used_us.is_(None), keys.c.last_used_us < bindparam("at_us")))
    .values(last_used_us=bindparam("at_us"))
)
READING = {"GET", "HEAD"}
_END = (2**62, b"\xff" * 16)


class Use(Struct, kw_only=True):
    """One request that named a key, or wrote, or so many readings that are alike: `name` is None
    where no key is known by it, `opened` whether the key was one that opens.
    """

    at_us: int
    name: str | None
    opened: bool
    method: str
    route: str
    incident: str | None
    status: int
    address: str
    times: int = 1
    sign_in: bytes | None = None
    """The digest of the sign-in that named the key."""

    @property
    def likeness(self) -> tuple[object, ...] | None:
        """What readings that are told together share; None for what is told alone."""
        if self.method not in READING:
            return None
        told = (self.name, self.opened, self.method, self.route, self.incident, self.status)
        return (*told, self.address, self.sign_in)


def add_uses(connection: Connection, told: Sequence[Use]) -> None:
    connection.execute(insert(key_uses), [_row(use) for use in told])
    last = {use.name: use.at_us for use in told if use.opened and use.name is not None}
    for name, at_us in last.items():
        connection.execute(_touch, {"of_name": name, "at_us": at_us})
    touch(connection, {use.sign_in: use.at_us for use in told if use.sign_in is not None})


def uses(connection: Connection, name: str | None, *, cursor: str | None, limit: int) -> KeyUsePage:
    """The newest first, of one key or of all. Raises Malformed for a cursor of elsewhere."""
    before_us, before_id = _END if cursor is None else _read(cursor)
    asked = {"before_us": before_us, "before_id": before_id, "most": limit + 1}
    query = _newest if name is None else _of_name
    if name is not None:
        asked["of_name"] = name
    rows = connection.execute(query, asked).all()
    page, more = rows[:limit], len(rows) > limit
    return KeyUsePage(
        uses=tuple(_told(row) for row in page), next=_cursor(page[-1]) if more else None
    )


def drop_uses(connection: Connection, before_us: int) -> int:
    """Forget what was done before a moment; how much that was."""
    gone = connection.execute(delete(key_uses).where(key_uses.c.at_us < before_us))
    return int(gone.rowcount)


def _row(use: Use) -> dict[str, Any]:
    return {
        "at_us": use.at_us,
        "use_id": uuid7().bytes,
        "name": use.name,
        "method": use.method,
        "route": use.route,
        "incident": use.incident,
        "status": use.status,
        "address": use.address,
        "times": use.times,
    }


def _told(row: Any) -> KeyUse:
    return KeyUse(
        at=write_instant(row.at_us),
        key=row.name,
        method=row.method,
        route=row.route,
        incident=row.incident,
        status=row.status,
        address=row.address,
        times=row.times,
    )


def _cursor(row: Any) -> str:
    return encoded(f"{row.at_us}.{bytes(row.use_id).hex()}")


def _read(cursor: str) -> tuple[int, bytes]:
    at_us, _, use_id = decoded(cursor).partition(".")
    try:
        return number(at_us), bytes.fromhex(use_id)
    except ValueError as strange:
        raise strange_cursor() from strange
