"""Either client, asked in the same words by a test that waits."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from sitrep_client import AsyncClient, Client


class Waiting:
    """An AsyncClient whose answers are waited for."""

    def __init__(self, url: str, **more: Any) -> None:
        self._loop = asyncio.Runner()
        self._client = AsyncClient(url, **more)

    def close(self) -> None:
        self._loop.run(self._client.close())
        self._loop.close()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._client, name)

        def ask(*asked: Any, **more: Any) -> Any:
            told = method(*asked, **more)
            return self._loop.run(told) if inspect.iscoroutine(told) else self._each(told)

        return ask

    def _each(self, told: AsyncIterator[Any]) -> Iterator[Any]:
        try:
            while True:
                try:
                    yield self._loop.run(anext(told))
                except StopAsyncIteration:
                    return
        finally:
            self._loop.run(told.aclose())


on_both_engines = pytest.mark.parametrize(
    ("taji", "kind"),
    [("sqlite", "sync"), ("postgresql", "async")],
    indirect=["taji"],
    scope="session",
)
"""One client on each, for tests that ask a store."""

CLIENTS = {"sync": Client, "async": Waiting}


@contextmanager
def asking(kind: str, url: str, **more: Any) -> Iterator[Any]:
    """A client of either kind."""
    client = CLIENTS[kind](url, **more)
    try:
        yield client
    finally:
        client.close()
