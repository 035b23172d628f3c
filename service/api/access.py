"""Which store is asked, who asks, and whether they may (service.roles)."""

import re
from base64 import b64decode
from collections.abc import Iterable
from typing import cast

from flask import Flask, Request, Response, current_app, g, request

from service.api.cookies import ROOMS, lasting, sent_token
from service.api.problems import READING
from service.domain.update import Writer
from service.errors import Forbidden, Unauthenticated
from service.roles import DESK, ROUTES, May
from service.store.keys import Holder
from service.store.store import Store

EXTENSION = "sitrep"
PRIVATE_READING = "SITREP_PRIVATE_READING"
"""The key in the application's configuration."""

PRIVATE = "private, no-store"

_BEARER = re.compile(r"bearer +(\S+) *", re.IGNORECASE)
_BASIC = re.compile(r"basic +(\S+) *", re.IGNORECASE)


class Undeclared(RuntimeError):
    """A route for which nobody said who may use it."""

    def __init__(self, routes: Iterable[str]) -> None:
        super().__init__(f"service.roles does not say who may use {', '.join(sorted(routes))}")


def store() -> Store:
    """The store of the running application, as whoever sent the request may read it."""
    opened = opened_store()
    return opened.as_desk() if is_desk() else opened


def writer() -> Writer:
    """Who sent the request. Only where the table of roles asks for a key."""
    return cast(Writer, g.writer)


def the_request() -> Request:
    """The request itself, where much is asked of it: each question to Flask's proxy costs."""
    return cast(Request, request._get_current_object())  # type: ignore[attr-defined] # the proxy's


def whose() -> Holder | None:
    """Whose key the request sent, though it may open nothing; None where it is unknown."""
    return cast("Holder | None", g.get("holder"))


def is_desk() -> bool:
    """Whether a reader sent the key of somebody who may write: nothing is withheld from them."""
    return bool(g.get("is_desk", False))


def signed_in() -> str | None:
    """The token of the sign-in that named who sent the request; None where a header did."""
    return cast("str | None", g.get("signed_in"))


def refuse_undeclared(app: Flask) -> None:
    """Raises Undeclared where the table of roles leaves out a route of the application."""
    undeclared = {rule.endpoint for rule in app.url_map.iter_rules()} - ROUTES.keys()
    if undeclared:
        raise Undeclared(undeclared)


def know_readers(app: Flask) -> None:
    """Lets in whom the table of roles names, tells the desk from the public, and its answers from
    theirs.
    """
    private = bool(app.config[PRIVATE_READING])

    @app.before_request
    def recognise() -> None:
        asked = the_request()
        if asked.endpoint is None or asked.method == "OPTIONS":
            return
        may = ROUTES[asked.endpoint]
        if may.keyless == "always":
            return
        known = _by_cookie(asked)
        if (
            known is None
            and "HTTP_AUTHORIZATION" not in asked.environ
            and may.keyless != "never"
            and not private
        ):
            return
        g.asked = True
        known = known or _sender()
        _refuse(known, may)
        g.writer = known
        g.is_desk = known.role in DESK and (asked.method in READING or asked.blueprint == "desk")

    @app.after_request
    def tell_apart(response: Response) -> Response:
        asked = the_request()
        may = ROUTES.get(asked.endpoint or "")
        if may is not None and may.keyless != "always" and asked.method in READING:
            varies = response.headers.get("Vary")
            told = "Authorization, Cookie" if asked.blueprint in ROOMS else "Authorization"
            response.headers["Vary"] = f"{varies}, {told}" if varies else told
            if private or is_desk() or signed_in():
                response.headers["Cache-Control"] = PRIVATE
        return response


def _refuse(known: Writer, may: May) -> None:
    if known.role not in may.roles:
        needed = "may not write" if may.roles == DESK else "may not do this"
        raise Forbidden(f"a key with the role {known.role} {needed}")


def _by_cookie(asked: Request) -> Writer | None:
    """Who signed in, where a person looks at the answer. A key in the header counts before it."""
    environ = asked.environ
    if "HTTP_COOKIE" not in environ or "HTTP_AUTHORIZATION" in environ:
        return None
    token = sent_token() if asked.blueprint in ROOMS else None
    known = None if token is None else opened_store().signed_in(token, lasting())
    if known is None:
        return None
    g.signed_in, g.holder = token, known
    return known.writer


def _sender() -> Writer:
    key = sent_key()
    if key is None:
        raise Unauthenticated("send a key: Authorization: Bearer <key>")
    g.holder = known = opened_store().holder(key)
    if known is None or not known.opens:
        raise Unauthenticated("the key is unknown, was revoked or has expired")
    return known.writer


def sent_key() -> str | None:
    """The key that came with the request.

    Browsers ask for a name and a password: the password is the key, for reading alone. A page
    of somebody else's can make a browser send it along, and would write with it.
    """
    sent = request.headers.get("Authorization", "")
    if found := _BEARER.fullmatch(sent):
        return found[1]
    found = _BASIC.fullmatch(sent)
    if found is None or request.method not in READING:
        return None
    try:
        return b64decode(found[1], validate=True).decode().partition(":")[2]
    except ValueError:  # no Base64, no UTF-8, or not even ASCII
        return None


def opened_store() -> Store:
    """The store of the running application, whoever asks."""
    return cast(Store, current_app.extensions[EXTENSION])
