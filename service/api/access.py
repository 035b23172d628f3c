"""Which store is asked, and who asks."""

import re
from typing import cast

from flask import current_app, request

from service.domain.update import Writer
from service.errors import Forbidden, Unauthenticated
from service.store.store import Store

EXTENSION = "sitrep"
WRITERS = {"reporter", "editor", "admin"}

_BEARER = re.compile(r"bearer +(\S+) *", re.IGNORECASE)


def store() -> Store:
    """The store of the running application."""
    return cast(Store, current_app.extensions[EXTENSION])


def writer() -> Writer:
    """Who sent the request. Raises Unauthenticated, or Forbidden for a key that may only read."""
    found = _BEARER.fullmatch(request.headers.get("Authorization", ""))
    if found is None:
        raise Unauthenticated("send a key: Authorization: Bearer <key>")
    known = store().authenticate(found[1])
    if known is None:
        raise Unauthenticated("the key is unknown or was revoked")
    if known.role not in WRITERS:
        raise Forbidden(f"a key with the role {known.role} may not write")
    return known
