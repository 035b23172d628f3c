"""Which store is asked, and who asks."""

import re
from typing import cast

from flask import Flask, Response, current_app, g, request

from service.domain.update import Writer
from service.errors import Forbidden, Unauthenticated
from service.store.store import Store

EXTENSION = "sitrep"
WRITERS = {"reporter", "editor", "admin"}
READING = {"GET", "HEAD"}

API = "/v1/"
PRIVATE = "private, no-store"

_BEARER = re.compile(r"bearer +(\S+) *", re.IGNORECASE)


def store() -> Store:
    """The store of the running application, as whoever sent the request may read it."""
    opened = cast(Store, current_app.extensions[EXTENSION])
    return opened.as_desk() if is_desk() else opened


def writer() -> Writer:
    """Who sent the request. Raises Unauthenticated, or Forbidden for a key that may only read."""
    known = _sender()
    if known.role not in WRITERS:
        raise Forbidden(f"a key with the role {known.role} may not write")
    return known


def is_desk() -> bool:
    """Whether a reader sent the key of somebody who may write: nothing is withheld from them."""
    return bool(g.get("is_desk", False))


def know_readers(app: Flask) -> None:
    """Tells the desk from the public wherever the API is read, and its answers from theirs."""

    @app.before_request
    def recognise() -> None:
        if _reads() and "HTTP_AUTHORIZATION" in request.environ:
            g.is_desk = _sender().role in WRITERS

    @app.after_request
    def tell_apart(response: Response) -> Response:
        if _reads():
            varies = response.headers.get("Vary")
            response.headers["Vary"] = f"{varies}, Authorization" if varies else "Authorization"
            if is_desk():
                response.headers["Cache-Control"] = PRIVATE
        return response


def _reads() -> bool:
    return request.method in READING and request.path.startswith(API)


def _sender() -> Writer:
    found = _BEARER.fullmatch(request.headers.get("Authorization", ""))
    if found is None:
        raise Unauthenticated("send a key: Authorization: Bearer <key>")
    known = cast(Store, current_app.extensions[EXTENSION]).authenticate(found[1])
    if known is None:
        raise Unauthenticated("the key is unknown or was revoked")
    return known
