"""The same client for asyncio."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine
from contextlib import aclosing
from functools import wraps
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

import httpx

from sitrep_client import asks
from sitrep_client.answers import Told
from sitrep_client.asking import Ask, Pages, Reply
from sitrep_client.connecting import (
    HERE,
    SECONDS,
    address,
    lost,
    reply_of,
    sent,
    settings,
    silence,
)
from sitrep_client.errors import Problem, SitrepError, Unreachable
from sitrep_client.following import Following, Stream, stream
from sitrep_client.patience import Patience
from sitrep_client.talking import Send, Wait, problem_of, talk

Asked = ParamSpec("Asked")
T = TypeVar("T")


def _answered(
    build: Callable[Asked, Ask[T]],
) -> "Callable[Concatenate[AsyncClient, Asked], Coroutine[Any, Any, T]]":
    @wraps(build)
    async def method(client: "AsyncClient", /, *asked: Asked.args, **more: Asked.kwargs) -> T:
        return await client.answer(build(*asked, **more))

    return method


def _each(
    build: Callable[Asked, Pages[Any, T]],
) -> "Callable[Concatenate[AsyncClient, Asked], AsyncIterator[T]]":
    @wraps(build)
    def method(
        client: "AsyncClient", /, *asked: Asked.args, **more: Asked.kwargs
    ) -> AsyncIterator[T]:
        return client.each(build(*asked, **more))

    return method


def _followed(
    build: Callable[Asked, Stream],
) -> "Callable[Concatenate[AsyncClient, Asked], AsyncIterator[Told]]":
    @wraps(build)
    def method(
        client: "AsyncClient", /, *asked: Asked.args, **more: Asked.kwargs
    ) -> AsyncIterator[Told]:
        return client.told(build(*asked, **more))

    return method


class AsyncClient:
    """A Sitrep reached over HTTP, by tasks of one event loop; to be closed, or used in a `with`.

    What fails and may pass is tried again with `patience`; all else is raised as a SitrepError.
    `seconds` are how long one answer may take; `transport` is httpx's, to be reached otherwise.
    """

    def __init__(
        self,
        url: str = HERE,
        *,
        key: str | None = None,
        seconds: float = SECONDS,
        patience: Patience = Patience(),  # noqa: B008 - frozen
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._at, self._seconds, self._patience = address(url), seconds, patience
        self._http = httpx.AsyncClient(**settings(key, seconds), transport=transport)

    async def close(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    incidents = _each(asks.incidents)
    situation = _answered(asks.situation)
    updates = _each(asks.updates)
    update = _answered(asks.update)
    events = _each(asks.events)
    event = _answered(asks.event)
    changes = _answered(asks.changes)
    explain = _answered(asks.explain)
    series = _answered(asks.series)
    proof = _answered(asks.proof)
    feed = _each(asks.feed)
    publishers = _each(asks.publishers)
    origins = _each(asks.origins)
    preview = _answered(asks.preview)
    open_incident = _answered(asks.open_incident)
    post_update = _answered(asks.post_update)

    follow = _followed(stream)

    async def answer(self, ask: Ask[T]) -> T:
        """The answer to anything in `sitrep_client.asks`."""
        talking, outcome = talk(ask, self._patience, self._at), None
        while True:
            try:
                step = talking.send(outcome)
            except StopIteration as done:
                answer: T = done.value
                return answer
            outcome = await self._take(step)

    async def each(self, pages: Pages[Any, T]) -> AsyncIterator[T]:
        """What all the pages hold, asked for as they are needed."""
        ask: Ask[Any] | None = pages.first
        while ask is not None:
            page = await self.answer(ask)
            for item in pages.items(page):
                yield item
            ask = pages.after(page)

    async def told(self, followed: Stream) -> AsyncIterator[Told]:
        """What a stream tells, over as many connections as it takes."""
        if (beginning := followed.beginning()) is not None:
            after: str = await self.answer(beginning)
            followed = followed._replace(after=after)
        following = Following(followed, self._patience)
        while True:
            try:
                async with aclosing(self._listen(following)) as heard:
                    async for told in heard:
                        yield told
                failure: SitrepError = lost(None, self._at)
            except httpx.RequestError as broken:
                failure = lost(broken, self._at)
            except Problem as refused:
                failure = refused
            await asyncio.sleep(following.lost(failure))

    async def _listen(self, following: Following) -> AsyncGenerator[Told, None]:
        """One connection."""
        request = sent(following.ask(), self._at)
        async with self._http.stream(**request, **silence(self._seconds)) as answer:
            if not answer.is_success:
                await answer.aread()
                raise problem_of(reply_of(answer), self._at)
            following.opened()
            async for piece in answer.aiter_raw():
                for told in following.take(piece):
                    yield told

    async def _take(self, step: Send | Wait) -> Reply | Unreachable | None:
        if isinstance(step, Wait):
            await asyncio.sleep(step.seconds)
            return None
        try:
            return reply_of(await self._http.request(**sent(step.ask, self._at)))
        except httpx.RequestError as broken:
            return lost(broken, self._at)
