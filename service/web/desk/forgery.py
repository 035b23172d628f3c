"""Whether a form that was sent is one of ours: a browser sends the cookie with anybody's.

Two things are asked, and either would do: that the browser says the form stood on a page of this
host (Fetch Metadata, or Origin where a browser is too old for it), and that it brought the token
that only our pages have.
"""

from hmac import compare_digest
from urllib.parse import urlsplit

from flask import request

from service.api.access import signed_in
from service.api.cookies import form_token
from service.api.problems import READING
from service.errors import Forbidden

OWN = {"same-origin", "none"}
"""What Sec-Fetch-Site says of a form of ours, and of one sent again by its own address."""


class Forged(Forbidden):
    """A form that is not known to be one of ours. Nothing was done."""


def refuse_forged() -> None:
    """Raises Forged. Whoever sends a key in a header is no browser and needs no token."""
    if request.method in READING:
        return
    if not is_from_here():
        raise Forged("the form was sent from another site; nothing was done")
    token = signed_in()
    if token is None:
        return
    brought = request.form.get("csrf", "")
    if not compare_digest(form_token(token).encode(), brought.encode(errors="replace")):
        raise Forged("the form is not one of this sign-in; nothing was done yet")


def is_from_here() -> bool:
    """Whether the browser says so, or says nothing."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in OWN
    origin = request.headers.get("Origin")
    return origin is None or _host(origin) == request.host


def _host(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None
