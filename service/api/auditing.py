"""Noting what keys do: every request that names one, and every one that would write."""

from flask import Flask, Request, Response, g

from service.api.access import opened_store, signed_in, the_request, whose
from service.api.problems import READING
from service.store.keys import digest_of
from service.store.uses import Use

UNNOTED = {100, 429}
"""A server that asks before it takes in a body; whoever asks too fast."""

LONGEST_ADDRESS = 100
"""Characters: behind a proxy it is what somebody wrote."""


def note_uses(app: Flask) -> None:
    """From now on what is done with keys can be read. What a rate limit turned away is not: there
    may be any amount of it.
    """

    @app.after_request
    def note(response: Response) -> Response:
        asked = the_request()
        environ = asked.environ
        names_a_key = "HTTP_AUTHORIZATION" in environ or "HTTP_COOKIE" in environ
        if names_a_key or asked.method not in READING:
            status = response.status_code
            if status not in UNNOTED and _counts(asked):
                _note(asked, status)
        return response


def _counts(asked: Request) -> bool:
    """Whether it was asked whose key it is: only where the table of roles wants to know."""
    return asked.endpoint is not None and "asked" in g


def _note(asked: Request, status: int) -> None:
    store, known, token = opened_store(), whose(), signed_in()
    store.note(
        Use(
            at_us=store.clock_us(),
            name=None if known is None else known.writer.name,
            opened=known is not None and known.opens,
            method=asked.method,
            route=str(asked.endpoint),
            incident=(asked.view_args or {}).get("incident"),
            status=status,
            address=(asked.remote_addr or "")[:LONGEST_ADDRESS],
            sign_in=None if token is None else digest_of(token),
        )
    )
