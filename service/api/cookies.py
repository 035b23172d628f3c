"""The cookie of whoever signed in at the desk: a token, and what its forms are known by."""

import hmac
from hashlib import sha256
from math import ceil

from flask import current_app, request
from werkzeug.wrappers import Response

from service.store.signing_in import Lasting

LASTING = "SITREP_DESK_LASTING"
"""The key in the application's configuration: for how long a sign-in lasts."""

ROOMS = {"pages", "desk"}
"""The blueprints that the cookie opens: what programs use it never does."""

SECURE, PLAIN = "__Host-sitrep", "sitrep"
"""A browser takes `__Host-` from this very host and over TLS alone."""


def lasting() -> Lasting:
    told: Lasting = current_app.config[LASTING]
    return told


def sent_token() -> str | None:
    return request.cookies.get(_name())


def give(response: Response, token: str) -> None:
    response.set_cookie(
        _name(),
        token,
        max_age=ceil(lasting().at_most_us / 1_000_000),
        path="/",
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )


def take_back(response: Response) -> None:
    response.delete_cookie(
        _name(), path="/", secure=request.is_secure, httponly=True, samesite="Lax"
    )


def form_token(token: str) -> str:
    """What a form of this sign-in brings along; it does not tell the token."""
    return hmac.digest(token.encode(), b"a form of the desk", sha256).hex()


def _name() -> str:
    return SECURE if request.is_secure else PLAIN
