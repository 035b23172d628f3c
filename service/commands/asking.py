"""Reading commands ask a Sitrep as anybody does: the store that the environment names, or one that
is reached over HTTP. There is one path: the client, and at its other end the service.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

import click
import httpx

from service.api.access import EXTENSION
from service.app import create_app
from service.commands.elsewhere import failures_of
from service.commands.finding import naming_those_near
from service.commands.stores import naming_the_store, read_settings
from service.store.store import Store
from sitrep_client import Client, Patience

AT_HAND = "http://store.invalid"
"""Never looked for (RFC 6761 §6.4): the service is called in this process."""

PATIENCE = Patience(attempts=3)
"""Somebody is waiting."""


@contextmanager
def asked(url: str | None, key: str | None, incident: str | None = None) -> Iterator[Client]:
    """Whom to ask. Without `url` the store that the environment names, which whoever runs the
    command may read: without a key as the public does, were it private too.

    What fails is raised as the store would raise it; where there is no such `incident`, those of
    nearly its name are named.
    """
    with ExitStack() as opened:
        if url is None:
            transport = opened.enter_context(_service_at_hand())
            client = opened.enter_context(_client(AT_HAND, key, transport=transport))
        else:
            client = opened.enter_context(_client(url, key))
        names = (one.incident for one in client.incidents(limit=1000))
        with failures_of(url), naming_those_near(incident, names), failures_of(url):
            yield client


@contextmanager
def _client(url: str, key: str | None, **more: Any) -> Iterator[Client]:
    try:
        client = Client(url, key=key, patience=PATIENCE, **more)
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from wrong
    with client:
        yield client


@contextmanager
def _service_at_hand() -> Iterator[httpx.WSGITransport]:
    with naming_the_store():
        app = create_app(replace(read_settings(), reading="public"))
    store: Store = app.extensions[EXTENSION]
    try:
        yield httpx.WSGITransport(app)
    finally:
        store.close()
