"""Writers' keys: random secrets, of which only a SHA-256 digest is stored."""

import secrets
from hashlib import sha256

from sqlalchemy import Connection, bindparam, insert, select, update

from service.domain.moments import write_instant
from service.domain.update import Writer
from service.errors import Fault, NotFound, Refused
from service.roles import ROLES
from service.store.answers import Key
from service.store.statements import Lookup
from service.store.tables import keys

PREFIX = "sitrep_"

_by_digest = Lookup(keys, keys=("digest",), columns=("name", "role", "revoked_us"))
_by_name = select(keys.c.revoked_us).where(keys.c.name == bindparam("of_name"))


def authenticate(connection: Connection, key: str) -> Writer | None:
    """Whose key it is, or None for one that is unknown or revoked.

    Looked up by digest: a guess learns nothing from how long that takes.
    """
    row = _by_digest.first(connection, {"digest": _digest(key)})
    if row is None:
        return None
    name, role, revoked_us = row
    return None if revoked_us is not None else Writer(name=name, role=role)


def add_key(connection: Connection, name: str, role: str, now_us: int) -> str:
    """A new key, shown this once. Raises Refused for a name that is taken or a role that is
    none.
    """
    if role not in ROLES:
        raise Refused(Fault("/role", f"{role!r} is not one of {', '.join(ROLES)}"))
    if not name or len(name) > 80 or not name.isprintable():
        raise Refused(Fault("/name", "a key's name has 1 to 80 printable characters"))
    if connection.execute(_by_name, {"of_name": name}).first() is not None:
        raise Refused(Fault("/name", f"there is a key {name!r} already"))
    key = PREFIX + secrets.token_urlsafe(32)
    connection.execute(
        insert(keys), {"name": name, "digest": _digest(key), "role": role, "created_us": now_us}
    )
    return key


def list_keys(connection: Connection) -> tuple[Key, ...]:
    return tuple(
        Key(
            name=row.name,
            role=row.role,
            created_at=write_instant(row.created_us),
            revoked_at=None if row.revoked_us is None else write_instant(row.revoked_us),
        )
        for row in connection.execute(select(keys).order_by(keys.c.created_us, keys.c.name))
    )


def revoke_key(connection: Connection, name: str, now_us: int) -> None:
    """From now on the key opens nothing. Raises NotFound; revoking twice changes nothing."""
    row = connection.execute(_by_name, {"of_name": name}).first()
    if row is None:
        raise NotFound(f"there is no key {name!r}")
    if row.revoked_us is None:
        connection.execute(update(keys).where(keys.c.name == name).values(revoked_us=now_us))


def _digest(key: str) -> bytes:
    return sha256(key.encode("utf-8", "surrogatepass")).digest()
