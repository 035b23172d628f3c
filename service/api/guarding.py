"""What every answer tells a browser not to do with it."""

from flask import Flask, Response

from service.api.access import the_request

HEADERS = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
]
NOTHING = [
    *HEADERS,
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
]
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
PAGE = [
    *HEADERS,
    ("Content-Security-Policy", POLICY),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    (
        "Permissions-Policy",
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
]
ENCRYPTED = ("Strict-Transport-Security", "max-age=31536000")
"""Only where the client came by TLS, which a proxy says: it would be of no use elsewhere."""

PAGES = {"pages", "desk", "docs"}
"""The blueprints that a person looks at."""

FRAMED = "formats.get_card"
"""The route whose answers say themselves in which frames they may stand."""


def guard_browsers(app: Flask) -> None:
    @app.after_request
    def guard(response: Response) -> Response:
        asked = the_request()
        told = PAGE if asked.blueprint in PAGES else NOTHING
        if asked.endpoint == FRAMED:
            told = [pair for pair in told if pair[0] not in response.headers]
        response.headers.extend(told)
        if asked.environ["wsgi.url_scheme"] == "https":
            response.headers.add(*ENCRYPTED)
        return response
