"""Streams: answers that stay open and tell what is recorded as it is recorded (`service.outlets`).

A view checks the request and says what is to be followed; the server goes on from there, without a
thread, where it is one that can.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, request
from werkzeug.exceptions import NotAcceptable

from service.api.access import is_desk, opened_store, sent_key
from service.api.representations import NO_CACHE, VARY_ACCEPT
from service.errors import BadParameters, Unavailable
from service.store.following import Follower, Listener

EVENT_STREAM = "text/event-stream"
ROOM = "sitrep.room"
"""In the environ of a server that can: whether it takes one more listener."""

LISTENER = "sitrep.listener"
"""What a view leaves in the environ for the server: whom to tell."""


def stream(follower: Follower) -> Response:
    """The head of a stream. Raises Unavailable where too many listen, NotAcceptable where the
    server can only answer.
    """
    environ = request.environ
    has_room = environ.get(ROOM)
    if has_room is None:
        raise NotAcceptable("this server gives no streams")
    if not has_room():
        raise Unavailable("as many listen as can; try again later")
    environ[LISTENER] = Listener(follower, is_desk(), _key_opens())
    return Response(
        content_type=f"{EVENT_STREAM}; charset=utf-8",
        headers=[("Cache-Control", NO_CACHE), ("X-Accel-Buffering", "no"), VARY_ACCEPT],
    )


def last_told() -> str | None:
    """The `id` of what a client was told last, which comes again after its connection ended."""
    return request.headers.get("Last-Event-ID") or None


def refuse_pages(asked: Mapping[str, Any]) -> None:
    if "limit" in asked:
        raise BadParameters(("limit", "a stream has no pages"))


def _key_opens() -> Callable[[], bool]:
    """Whether the key that was sent, if one was, opens as it did: asked long after the request."""
    key, store = sent_key(), opened_store()
    if key is None:
        return lambda: True

    def opens() -> bool:
        try:
            held = store.holder(key)
        except Unavailable:
            return True
        return held is not None and held.opens

    return opens
