"""Pages packed (gzip) for whoever takes them so. The API's answers are not: its clients are near.

Flask-Compress would give the packed page another strong ETag, which no later request of ours would
be recognised by; here it becomes a weak one (RFC 9110 §8.8.1), and 304 goes on working.
"""

import gzip
from functools import lru_cache

from flask import Response, current_app

from service.api.access import PRIVATE_READING, is_desk, the_request

LEAST = 1_000
"""Bytes below which nothing is gained."""

TEXTS = ("text/", "image/svg+xml", "application/json", "application/javascript")


def pack(response: Response) -> Response:
    """What is private is sent as it is: beside what others can put into a page, its length would
    tell of its secrets (BREACH).
    """
    private = is_desk() or current_app.config[PRIVATE_READING]
    if response.status_code != 200 or private or "Set-Cookie" in response.headers:
        return response
    if not (response.mimetype or "").startswith(TEXTS):
        return response
    response.vary.add("Accept-Encoding")
    if not the_request().accept_encodings["gzip"]:
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < LEAST:
        return response
    response.set_data(_packed(body))
    response.headers["Content-Encoding"] = "gzip"
    tag, _ = response.get_etag()
    if tag is not None:
        response.set_etag(tag, weak=True)
    return response


@lru_cache(maxsize=64)
def _packed(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)
