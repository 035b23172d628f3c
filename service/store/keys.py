"""Keys: random secrets, of which only a SHA-256 digest is stored."""

import secrets
from collections.abc import Callable
from hashlib import sha256
from hmac import compare_digest
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from service.domain.moments import write_instant
from service.domain.update import Writer
from service.errors import Fault, NotFound, Refused
from service.roles import ROLES
from service.store.answers import Key
from service.store.statements import Lookup
from service.store.tables import former_keys, keys

PREFIX = "sitrep_"
HOUR_US = 3600 * 1_000_000

_by_digest = Lookup(
    keys, keys=("digest",), columns=("digest", "name", "role", "revoked_us", "expires_us")
)
_former = Lookup(former_keys, keys=("digest",), columns=("digest", "name", "until_us"))
_by_name = select(keys).where(keys.c.name == bindparam("of_name"))


class Holder(NamedTuple):
    """Whose key it is, and whether it opens anything now."""

    writer: Writer
    opens: bool


def holder(connection: Connection, key: str, now_us: Callable[[], int]) -> Holder | None:
    """None for a key that is unknown. `now_us` is asked only where time matters.

    Looked up by digest: a guess learns nothing from how long that takes.
    """
    return holder_of(connection, digest_of(key), now_us)


def holder_of(connection: Connection, digest: bytes, now_us: Callable[[], int]) -> Holder | None:
    """Whose key has this digest; None where it is unknown."""
    row = _by_digest.first(connection, {"digest": digest})
    if row is None:
        return _former_holder(connection, digest, now_us)
    held, name, role, revoked_us, expires_us = row
    opens = (
        compare_digest(bytes(held), digest)
        and revoked_us is None
        and (expires_us is None or now_us() < expires_us)
    )
    return Holder(Writer(name=name, role=role), opens)


def _former_holder(
    connection: Connection, digest: bytes, now_us: Callable[[], int]
) -> Holder | None:
    """Of a secret that the key had before, which opens for a while yet."""
    former = _former.first(connection, {"digest": digest})
    if former is None:
        return None
    held, name, until_us = former
    row = connection.execute(_by_name, {"of_name": name}).one()
    now = now_us()
    opens = (
        compare_digest(bytes(held), digest)
        and now < until_us
        and row.revoked_us is None
        and (row.expires_us is None or now < row.expires_us)
    )
    return Holder(Writer(name=name, role=row.role), opens)


def add_key(
    connection: Connection, name: str, role: str, now_us: int, expires_us: int | None = None
) -> str:
    """A new key, shown this once. Raises Refused for a name that is taken, a role that is none, or
    an end that is past.
    """
    if role not in ROLES:
        raise Refused(Fault("/role", f"{role!r} is not one of {', '.join(ROLES)}"))
    if not name or len(name) > 80 or not name.isprintable():
        raise Refused(Fault("/name", "a key's name has 1 to 80 printable characters"))
    if connection.execute(_by_name, {"of_name": name}).first() is not None:
        raise Refused(Fault("/name", f"there is a key {name!r} already"))
    _refuse_past(expires_us, now_us)
    key = _new()
    row = {"name": name, "digest": digest_of(key), "role": role, "created_us": now_us}
    connection.execute(insert(keys), {**row, "expires_us": expires_us})
    return key


def rotate_key(
    connection: Connection, name: str, now_us: int, *, keep_us: int, expires_us: int | None = None
) -> str:
    """A new secret of the same key, shown this once; the one before opens for `keep_us` more. Where
    no new end is given the old one holds. Raises NotFound, and Refused for a key that was revoked
    or has expired.
    """
    row = _one(connection, name)
    if row.revoked_us is not None:
        raise Refused(Fault("/name", f"the key {name!r} was revoked; make another"))
    _refuse_past(expires_us if expires_us is not None else row.expires_us, now_us)
    connection.execute(delete(former_keys).where(former_keys.c.until_us <= now_us))
    if keep_us:
        former = {"digest": row.digest, "name": name, "until_us": now_us + keep_us}
        connection.execute(insert(former_keys), former)
    else:
        connection.execute(delete(former_keys).where(former_keys.c.name == name))
    key = _new()
    changed = {"digest": digest_of(key)}
    if expires_us is not None:
        changed["expires_us"] = expires_us  # type: ignore[assignment] # columns differ in type
    connection.execute(update(keys).where(keys.c.name == name).values(**changed))
    return key


def list_keys(connection: Connection) -> tuple[Key, ...]:
    return tuple(
        Key(
            name=row.name,
            role=row.role,
            created_at=write_instant(row.created_us),
            revoked_at=_written(row.revoked_us),
            expires_at=_written(row.expires_us),
            last_used_at=_written(row.last_used_us),
        )
        for row in connection.execute(select(keys).order_by(keys.c.created_us, keys.c.name))
    )


def revoke_key(connection: Connection, name: str, now_us: int) -> None:
    """From now on the key opens nothing, nor does a secret that it had before. Raises NotFound;
    revoking twice changes nothing.
    """
    if _one(connection, name).revoked_us is None:
        connection.execute(update(keys).where(keys.c.name == name).values(revoked_us=now_us))


def _one(connection: Connection, name: str) -> Any:
    row = connection.execute(_by_name, {"of_name": name}).first()
    if row is None:
        raise NotFound(f"there is no key {name!r}")
    return row


def _refuse_past(expires_us: int | None, now_us: int) -> None:
    if expires_us is not None and expires_us <= now_us:
        raise Refused(Fault("/expires", f"the key's end, {write_instant(expires_us)}, is past"))


def _written(moment_us: int | None) -> str | None:
    return None if moment_us is None else write_instant(moment_us)


def _new() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(key: str) -> bytes:
    """What is stored of a secret."""
    return sha256(key.encode("utf-8", "surrogatepass")).digest()
