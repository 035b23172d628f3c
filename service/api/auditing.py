"""Noting what keys do: every request that names one, and every one that would write."""

from flask import Flask, Response, g, request

from service.api.access import opened_store, whose
from service.roles import ROUTES
from service.store.uses import Use

READING = {"GET", "HEAD"}


def note_uses(app: Flask) -> None:
    """From now on what is done with keys can be read. What a rate limit turned away is not noted:
    nobody looked whose key it was.
    """

    @app.after_request
    def note(response: Response) -> Response:
        if (request.method not in READING or "HTTP_AUTHORIZATION" in request.environ) and _counts():
            _note(response.status_code)
        return response


def _counts() -> bool:
    may = ROUTES.get(request.endpoint or "")
    asked = may is not None and may.keyless != "always" and request.method != "OPTIONS"
    return asked and "was_asked" in g


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
