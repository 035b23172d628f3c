"""What a POST brings: its bytes, the id for safe retries, the version that it expects."""

import re
from threading import BoundedSemaphore
from typing import cast

from flask import Flask, Request, Response, current_app, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, UnsupportedMediaType

from schemas.sizes import Sizes
from service.api.access import the_request, whose
from service.errors import Malformed, Unavailable

AWAITING = "sitrep-awaiting"
SIZES = "SITREP_SIZES"
"""The key in the application's configuration: the most that this store takes."""

PATIENCE_S = 0.5

JSON_TYPE = re.compile(r"application/(json|[\w.+-]+\+json)")
VERSION_TAG = re.compile(r'(?:W/)?"([1-9][0-9]{0,17})(?:-[a-z0-9]+)?"')


def body() -> bytes:
    """The posted bytes. Answered 415 where they are not JSON, 413 where they are too many."""
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if JSON_TYPE.fullmatch(request.mimetype) is None or charset not in {"utf-8", "utf8"}:
        raise UnsupportedMediaType("the body must be application/json in UTF-8")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("the body must not be compressed")
    posted = _awaited()
    # Werkzeug reads so much of a body without a length, and says nothing of the rest.
    if request.max_content_length is not None and len(posted) >= request.max_content_length:
        raise RequestEntityTooLarge
    return posted


def sizes() -> Sizes:
    return cast(Sizes, current_app.config[SIZES])


def await_bodies(app: Flask, *, at_once: int) -> None:
    """From now on no more than so many threads wait for the rest of a body, so that some are left
    to answer others. A body that has come takes no time to be read.
    """
    app.extensions[AWAITING] = BoundedSemaphore(at_once)


def leave_nothing_unread(app: Flask) -> None:
    """A connection ends where some of a body is unread when its request is answered, and a client
    that was not told would send its next request into the void. So a known client's body is read
    before it is refused, and anybody else is told that the connection ends.
    """

    @app.after_request
    def finish(response: Response) -> Response:
        asked = the_request()
        environ = asked.environ
        if environ.get("CONTENT_LENGTH") or "HTTP_TRANSFER_ENCODING" in environ:
            try:
                whole = _is_whole(asked)
            except (HTTPException, Unavailable, OSError):
                whole = False
            if not whole:
                response.headers["Connection"] = "close"
        return response


def _is_whole(asked: Request) -> bool:
    """Whether all of a body is read by now."""
    stream = asked.stream
    if stream.tell() != asked.content_length:
        if whose() is None:
            return False
        _awaited()
    return asked.max_content_length is None or stream.tell() < asked.max_content_length


def _awaited() -> bytes:
    awaiting: BoundedSemaphore = current_app.extensions[AWAITING]
    if not awaiting.acquire(timeout=PATIENCE_S):
        raise Unavailable("too many bodies are waited for; a retry is safe")
    try:
        return request.get_data(cache=False)
    finally:
        awaiting.release()


def update_id() -> str | None:
    """The value of Idempotency-Key, which may stand in quotes."""
    key = request.headers.get("Idempotency-Key")
    return None if key is None else key.strip().removeprefix('"').removesuffix('"')


def expected_version() -> int | None:
    """The version that `If-Match` asks for; None asks for none. Raises Malformed."""
    tag = request.headers.get("If-Match", "*").strip()
    if tag == "*":
        return None
    found = VERSION_TAG.fullmatch(tag)
    if found is None:
        raise Malformed('If-Match must be one version in quotes, such as "12"')
    return int(found[1])
