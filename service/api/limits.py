"""What is too much to ask, or too fast, before anything is done for it."""

import time
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import NamedTuple

from flask import Flask, request

from service.api.access import whose
from service.api.pace import Pace, Rate
from service.api.posting import BODY, COME
from service.api.problems import READING
from service.errors import Malformed, TooFast

NEIGHBOURS = 64
"""Bits of an IPv6 address that a household or a server is given as one."""


class Limits(NamedTuple):
    query_bytes: int
    parameters: int
    reads: Rate
    writes: Rate


class _Paces(NamedTuple):
    reads: Pace
    writes: Pace

    def refuse(self, client: str) -> None:
        pace = self.reads if request.method in READING else self.writes
        seconds = pace.wait(client, time.monotonic())
        if seconds:
            raise TooFast(seconds)


def refuse_excess(app: Flask, limits: Limits) -> None:
    """Counts requests by address before they are looked at. Those of this machine are not counted:
    who is here can do worse than ask.
    """
    paces = _Paces(Pace(limits.reads), Pace(limits.writes))

    @app.before_request
    def refuse() -> None:
        environ = request.environ
        client = client_of(environ.get("REMOTE_ADDR", ""))
        if client is not None and environ.get(BODY) != COME:
            paces.refuse(client)
        asked = environ.get("QUERY_STRING", "")
        if len(asked) > limits.query_bytes:
            raise Malformed(f"the query has more than {limits.query_bytes} bytes")
        if asked.count("&") >= limits.parameters:
            raise Malformed(f"the query has more than {limits.parameters} parameters")
        if not asked.isascii():
            raise Malformed("the query must be percent-encoded (RFC 3986 §2)")


def refuse_hasty_keys(app: Flask, limits: Limits) -> None:
    """Counts requests by key, from wherever the key is used but here."""
    paces = _Paces(Pace(limits.reads), Pace(limits.writes))

    @app.before_request
    def refuse() -> None:
        environ = request.environ
        if (
            ("HTTP_AUTHORIZATION" in environ or "HTTP_COOKIE" in environ)
            and environ.get(BODY) != COME
            and client_of(environ.get("REMOTE_ADDR", "")) is not None
        ):
            known = whose()
            if known is not None:
                paces.refuse(known.writer.name)


@lru_cache(maxsize=10_000)
def client_of(address: str) -> str | None:
    """Who counts as one client; None for this machine itself."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address or None
    if isinstance(parsed, IPv6Address):
        parsed = parsed.ipv4_mapped or parsed
    if parsed.is_loopback:
        return None
    if isinstance(parsed, IPv6Address):
        return f"{int(parsed) >> (128 - NEIGHBOURS):x}/{NEIGHBOURS}"
    return str(parsed)
