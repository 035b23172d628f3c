"""Noting what keys do: every request that names one, and every one that would write."""

from flask import Flask, Response, g, request

from service.api.access import opened_store, whose
from service.api.problems import READING
from service.roles import ROUTES
from service.store.uses import Use

TOO_MANY = 429


def note_uses(app: Flask) -> None:
    """From now on what is done with keys can be read. What a rate limit turned away is not: there
    may be any amount of it.
    """

    @app.after_request
    def note(response: Response) -> Response:
        names_key = "HTTP_AUTHORIZATION" in request.environ
        if (names_key or request.method not in READING) and _counts(response.status_code):
            _note(response.status_code)
        return response


def _counts(status: int) -> bool:
    may = ROUTES.get(request.endpoint or "")
    asked = may is not None and may.keyless != "always" and request.method != "OPTIONS"
    return asked and status != TOO_MANY and "was_asked" in g


def _note(status: int) -> None:
    store, known = opened_store(), whose()
    store.note(
        Use(
            at_us=store.clock_us(),
            name=None if known is None else known.writer.name,
            opened=known is not None and known.opens,
            method=request.method,
            route=str(request.endpoint),
            incident=(request.view_args or {}).get("incident"),
            status=status,
            address=request.remote_addr or "",
        )
    )
