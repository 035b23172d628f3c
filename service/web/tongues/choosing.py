"""Which language a reader gets: the one chosen by hand, else what the browser asks for, else
English.
"""

from flask import Response, g, request
from werkzeug.wrappers import Response as Answer

from service.api.access import the_request
from service.web.tongues.catalogues import ENGLISH, Tongue, tongues

COOKIE = "sitrep-language"
LASTING_S = 365 * 24 * 60 * 60


def chosen() -> Tongue:
    """`ar-IQ` is served by `ar`, before what the browser likes less (RFC 4647 §3.4)."""
    known = tongues()
    asked = the_request()
    kept = asked.cookies.get(COOKIE, "")
    if kept in known:
        return known[kept]
    wanted = (code.partition("-")[0] for code, liking in asked.accept_languages if liking > 0)
    return next((known[code] for code in wanted if code in known), ENGLISH)


def choose(response: Answer, code: str) -> None:
    """The browser keeps it for a year. Scripts read it from the page."""
    response.set_cookie(
        COOKIE,
        code,
        max_age=LASTING_S,
        path="/",
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )


def tell_language(response: Response) -> Response:
    """An answer that has a language says which, and that others would get another. That it varies
    by cookie is said of every page already (service.api.access).
    """
    if (told := g.get("tongue")) is not None:
        response.headers["Content-Language"] = told.code
        response.vary.add("Accept-Language")
    return response
