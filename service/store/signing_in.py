"""Sign-ins: for a while a random token stands for the key that somebody typed once.

Of the token only a SHA-256 digest is stored, and of the key the digest of its secret: whatever ends
what the secret opens ends its sign-ins with it.
"""

import secrets
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, update

from service.store.keys import Holder, digest_of, holder, holder_of
from service.store.statements import Lookup
from service.store.tables import sign_ins

_by_digest = Lookup(sign_ins, keys=("digest",), columns=("secret", "used_us", "until_us"))
_touch = (
    update(sign_ins)
    .where(sign_ins.c.digest == bindparam("of_digest"), sign_ins.c.used_us < bindparam("at_us"))
    .values(used_us=bindparam("at_us"))
)


class Lasting(NamedTuple):
    """For how many microseconds a sign-in lasts, and for how many where nothing is done with it."""

    at_most_us: int
    idle_us: int


def sign_in(
    connection: Connection, key: str, lasting: Lasting, now_us: int
) -> tuple[Holder | None, str | None]:
    """Whose key it is, and a token, told this once; None where the key opens nothing. Sign-ins that
    have run out are forgotten.
    """
    known = holder(connection, key, lambda: now_us)
    if known is None or not known.opens:
        return known, None
    connection.execute(delete(sign_ins).where(sign_ins.c.until_us <= now_us))
    token = secrets.token_urlsafe(32)
    row = {
        "digest": digest_of(token),
        "secret": digest_of(key),
        "created_us": now_us,
        "used_us": now_us,
        "until_us": now_us + lasting.at_most_us,
    }
    connection.execute(insert(sign_ins), row)
    return known, token


def signed_in(connection: Connection, token: str, lasting: Lasting, now_us: int) -> Holder | None:
    """None for a token that is unknown, or stands for nothing any more."""
    row = _by_digest.first(connection, {"digest": digest_of(token)})
    if row is None:
        return None
    secret, used_us, until_us = row
    if now_us >= min(until_us, used_us + lasting.idle_us):
        return None
    known = holder_of(connection, bytes(secret), lambda: now_us)
    return known if known is not None and known.opens else None


def sign_out(connection: Connection, token: str) -> None:
    connection.execute(delete(sign_ins).where(sign_ins.c.digest == digest_of(token)))


def touch(connection: Connection, used: Mapping[bytes, int]) -> None:
    """Note when something was last done with sign-ins, by their digests."""
    for digest, at_us in used.items():
        connection.execute(_touch, {"of_digest": digest, "at_us": at_us})
