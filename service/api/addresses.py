"""Where this site is, as whoever asks reached it."""

from functools import lru_cache

from flask import request
from werkzeug.sansio.utils import get_host


def root() -> str:
    """Such as `https://sitrep.example.org`. Empty where the host is unknown or is none: addresses
    are then relative to the request's own.
    """
    environ = request.environ
    return _root(environ["wsgi.url_scheme"], environ.get("HTTP_HOST"))


@lru_cache(maxsize=256)
def _root(scheme: str, host: str | None) -> str:
    known = get_host(scheme, host)
    return f"{scheme}://{known}" if known else ""
