"""The language menu: chosen by hand, on the way back to the page."""

import re
from urllib.parse import urlsplit

from flask import redirect, request
from werkzeug.wrappers import Response as Redirect

from service.errors import Malformed
from service.web.site import pages
from service.web.tongues.catalogues import tongues
from service.web.tongues.choosing import choose

HERE = re.compile(r"/(?![/\\])[!-~]*")
"""An address of this service: no other host, no control characters."""


@pages.post("/language")
def choose_language() -> Redirect:
    """Keeps the language that a button names. Raises Malformed for one that there is none of."""
    code = request.form.get("language", "")
    if code not in tongues():
        raise Malformed("there are no pages in this language")
    told = redirect(_came_from() or _here(request.form.get("next", "")) or "/", 303)
    choose(told, code)
    return told


def _came_from() -> str | None:
    """The page as the browser's address has it: scripts move it along while somebody reads."""
    try:
        came = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return None
    if came.netloc != request.host:
        return None
    return _here(came.path + (f"?{came.query}" if came.query else ""))


def _here(wanted: str) -> str | None:
    return wanted if HERE.fullmatch(wanted) else None
