"""What a POST brings: its bytes, the id for safe retries, the version that it expects."""

import re
from typing import cast

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from schemas.sizes import Sizes
from service.api.access import the_request, whose
from service.errors import Malformed

SIZES = "SITREP_SIZES"
"""The key in the application's configuration: the most that this store takes."""

BODY = "sitrep.body"
"""In the environ of a server that asks first: whether the body is AWAITED, or has COME since."""

AWAITED, COME = "awaited", "come"
GO_ON, TOO_MANY = 100, 429

JSON_TYPE = re.compile(r"application/(json|[\w.+-]+\+json)")
VERSION_TAG = re.compile(r'(?:W/)?"([1-9][0-9]{0,17})(?:-[a-z0-9]+)?"')


def body() -> bytes:
    """The posted bytes. Answered 415 where they are not JSON, 413 where they are too many."""
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if JSON_TYPE.fullmatch(request.mimetype) is None or charset not in {"utf-8", "utf8"}:
        raise UnsupportedMediaType("the body must be application/json in UTF-8")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("the body must not be compressed")
    posted = request.get_data(cache=False)
    # Werkzeug reads so much of a body without a length, and says nothing of the rest.
    if request.max_content_length is not None and len(posted) >= request.max_content_length:
        raise RequestEntityTooLarge
    return posted


def admit_bodies(app: Flask) -> None:
    """A server may ask before it takes in a body (RFC 9110 §10.1.1): it is told to go on by 100,
    or what the request is answered without one. Whose key is known is heard out in any case, so
    that their connection goes on.
    """

    @app.before_request
    def go_on() -> Response | None:
        asked = the_request()
        if asked.environ.get(BODY) == AWAITED and asked.routing_exception is None:
            return Response(status=GO_ON)
        return None

    @app.after_request
    def hear_out(response: Response) -> Response:
        is_asked = the_request().environ.get(BODY) == AWAITED
        if is_asked and whose() is not None and response.status_code != TOO_MANY:
            return Response(status=GO_ON)
        return response


def sizes() -> Sizes:
    return cast(Sizes, current_app.config[SIZES])


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
