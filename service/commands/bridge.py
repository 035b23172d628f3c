"""Where granian and Flask meet: requests are answered by threads, streams by the event loop.

A WSGI server gives every answer a thread until it is complete, and a stream never is. So granian
speaks ASGI, and the application, which is WSGI, is called from here (docs/adr/0016).
"""

import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from io import BytesIO
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote_to_bytes

from service.api.posting import AWAITED, BODY, COME, GO_ON
from service.api.streaming import LISTENER, ROOM
from service.outlets.live import Live
from service.store.following import Listener

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

SHORT = 16 * 1024
AT_ONCE_S = 0.1
LONG_ONES = 64
"""Bodies that are not short are taken in by so many at a time."""

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Environ = dict[str, Any]

_log = logging.getLogger(__name__)


class _Gone(Exception):
    """The client went before it had sent its request."""


class _Answer(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    listener: Listener | None


_FAILED = _Answer(500, [("Content-Length", "0")], b"", None)

Job = tuple[Environ, "asyncio.Future[_Answer]", asyncio.AbstractEventLoop]


class Bridge:
    """An ASGI application. `threads` requests are worked on at the same time."""

    def __init__(
        self, application: "WSGIApplication", live: Live, *, threads: int, max_body_bytes: int
    ) -> None:
        self._application = application
        self._live = live
        self._most = max_body_bytes
        self._long_ones = asyncio.Semaphore(LONG_ONES)
        self._jobs: SimpleQueue[Job] = SimpleQueue()
        self._environ: Environ = {
            **os.environ,
            "SCRIPT_NAME": "",
            "wsgi.version": (1, 0),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "wsgi.input_terminated": True,
            ROOM: live.has_room,
        }
        for number in range(threads):
            Thread(target=self._work, name=f"answering-{number}", daemon=True).start()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        environ = self._environ | _environ_of(scope)
        try:
            answer, whole = await self._exchange(environ, receive)
        except _Gone:
            return
        if answer.listener is not None and scope["method"] == "GET":
            await self._stream(answer, answer.listener, receive, send)
            return
        # A client that was not told would send its next request into the void.
        await send(_head(answer, [] if whole else [("Connection", "close")]))
        await send({"type": "http.response.body", "body": answer.body})

    async def _exchange(self, environ: Environ, receive: Receive) -> tuple[_Answer, bool]:
        """The answer, and whether all of the body was read for it. Raises _Gone.

        What is short and comes at once is just taken. Else the application is asked first, so that
        strangers neither fill the memory nor keep others waiting.
        """
        length = environ.get("CONTENT_LENGTH", "")
        if length in {"", "0"} and "HTTP_TRANSFER_ENCODING" not in environ:
            return await self._answered(environ), True
        announced = int(length) if length.isascii() and length.isdigit() else None
        if announced is not None and announced > self._most:
            return await self._answered(environ), False
        is_short = announced is not None and announced <= SHORT and "HTTP_EXPECT" not in environ
        reading = asyncio.ensure_future(self._read(receive)) if is_short else None
        if reading is not None:
            await asyncio.wait({reading}, timeout=AT_ONCE_S)
        if reading is None or not reading.done():
            told = await self._answered(environ | {BODY: AWAITED})
            if told.status != GO_ON:
                if reading is not None:
                    reading.cancel()
                return told, False
            environ[BODY] = COME
        body, whole = await (self._read_in_turn(receive) if reading is None else reading)
        environ["wsgi.input"] = BytesIO(body)
        return await self._answered(environ), whole

    async def _read_in_turn(self, receive: Receive) -> tuple[bytes, bool]:
        async with self._long_ones:
            return await self._read(receive)

    async def _read(self, receive: Receive) -> tuple[bytes, bool]:
        """As much of the body as may be read, and whether that is all. Raises _Gone."""
        body, more = bytearray(), True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _Gone
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._most:
                return bytes(body[: self._most + 1]), False
        return bytes(body), True

    async def _answered(self, environ: Environ) -> _Answer:
        """What the application answers, in one of the threads."""
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[_Answer] = loop.create_future()
        self._jobs.put((environ, answered, loop))
        return await answered

    async def _stream(
        self, answer: _Answer, listener: Listener, receive: Receive, send: Send
    ) -> None:
        """Until the client goes, the stream ends, or the server does."""

        async def tell(data: bytes) -> None:
            await send({"type": "http.response.body", "body": data, "more_body": True})

        open_ended = [one for one in answer.headers if one[0].lower() != "content-length"]
        await send(_head(answer._replace(headers=open_ended), []))
        telling = asyncio.ensure_future(self._live.listen(listener, tell))
        going = asyncio.ensure_future(_going(receive))
        try:
            await asyncio.wait({telling, going}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (telling, going):
                task.cancel()
            ended = await asyncio.gather(telling, going, return_exceptions=True)
            for failure in ended:
                if isinstance(failure, Exception):
                    _log.error("a stream broke off", exc_info=failure)
            await send({"type": "http.response.body", "body": b""})

    def _work(self) -> None:
        while True:
            environ, answered, loop = self._jobs.get()
            try:
                answer = self._answer(environ)
            except BaseException:  # noqa: BLE001 - one who asked is told, the thread goes on
                _log.exception("a request failed")
                answer = _FAILED
            with suppress(RuntimeError):  # the loop may have ended meanwhile
                loop.call_soon_threadsafe(_set, answered, answer)

    def _answer(self, environ: Environ) -> _Answer:
        said: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:
            said[:] = [int(status[:3]), headers]

        told = self._application(environ, start)
        try:
            body = b"".join(told)
        finally:
            getattr(told, "close", lambda: None)()
        return _Answer(said[0], said[1], body, environ.get(LISTENER))


async def _going(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _set(answered: "asyncio.Future[_Answer]", answer: _Answer) -> None:
    if not answered.done():
        answered.set_result(answer)


def _head(answer: _Answer, more: list[tuple[str, str]]) -> Message:
    headers = [
        (name.lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in (*answer.headers, *more)
    ]
    return {"type": "http.response.start", "status": answer.status, "headers": headers}


def _environ_of(scope: Scope) -> Environ:
    """What PEP 3333 asks for, of this request."""
    server, client = scope["server"], scope["client"]
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(),
    }
    for field, told in scope["headers"]:
        if b"_" in field:  # it would pass for another
            continue
        name, value = field.decode("latin-1").upper().replace("-", "_"), told.decode("latin-1")
        if name not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            name = f"HTTP_{name}"
        known = environ.get(name)
        joint = ";" if name == "HTTP_COOKIE" else ","
        environ[name] = value if known is None else f"{known}{joint}{value}"
    return environ
