"""A TCP proxy before PostgreSQL that cuts a connection just as a COMMIT passes."""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from math import inf
from threading import Condition, Thread

READ = 65_536
# Of the frontend protocol: a query as text, its preparation, its use, the end of a request.
QUERY, PARSE, BIND, SYNC = b"Q", b"P", b"B", b"S"
READY = b"Z"


class How(Enum):
    """Where the connection is cut."""

    BEFORE = "the COMMIT never arrives"
    AT_ONCE = "the COMMIT arrives, nobody waits for its answer"
    AFTER = "the COMMIT is done, its answer never arrives"
    HALF = "the COMMIT never arrives, and the server is not told that its client is gone"


class Proxy:
    """`cut` arms it for the COMMITs that come next; `heal` disarms it."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._changed = Condition()
        self._how, self._left, self.cuts = How.BEFORE, 0.0, 0
        self._open: set[socket.socket] = set()
        Thread(target=self._accept, daemon=True).start()

    def cut(self, how: How, times: float = inf) -> None:
        with self._changed:
            self._how, self._left = how, times

    def heal(self) -> None:
        self.cut(How.BEFORE, 0)

    def wait_for_cuts(self, total: int, seconds: float = 60) -> None:
        """Until so many were cut since the beginning."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.cuts >= total, seconds)

    def close(self) -> None:
        _end(self._listener)
        for end in list(self._open):
            _end(end)

    def shot(self) -> How | None:
        """How this COMMIT is cut, if it is."""
        with self._changed:
            if self._left < 1:
                return None
            self._left -= 1
            self.cuts += 1
            self._changed.notify_all()
            return self._how

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                try:
                    server = socket.create_connection(self._target)
                except OSError:
                    client.close()
                    continue
                for end in (client, server):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._open |= {client, server}
                session = _Session(self, client, server)
                Thread(target=session.upstream, daemon=True).start()
                Thread(target=session.downstream, daemon=True).start()


class _Session:
    """One connection through the proxy."""

    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket) -> None:
        self._proxy, self._client, self._server = proxy, client, server
        self._commits: set[bytes] = set()
        self._how: How | None = None
        self._started = False

    def upstream(self) -> None:
        with suppress(OSError):
            unread = bytearray()
            while more := self._client.recv(READ):
                unread += more
                if not self._started:
                    self._pass_on_beginning(unread)
                for kind, message in _messages(unread):
                    if not self._forward(kind, message):
                        return
        if self._how is not How.HALF:
            self._end()

    def _pass_on_beginning(self, unread: bytearray) -> None:
        """The first message has a length and no kind."""
        if len(unread) >= 4 and len(unread) >= (size := struct.unpack_from("!i", unread)[0]):
            self._server.sendall(unread[:size])
            del unread[:size]
            self._started = True

    def _forward(self, kind: bytes, message: bytes) -> bool:
        """Whether the connection still stands."""
        if self._how is None and self._is_commit(kind, message):
            self._how = self._proxy.shot()
            if self._how is How.BEFORE:
                self._end()
                return False
            if self._how is How.HALF:
                _end(self._client)
                return False
        self._server.sendall(message)
        if self._how is How.AT_ONCE and kind in {QUERY, SYNC}:
            self._end()
            return False
        return True

    def _is_commit(self, kind: bytes, message: bytes) -> bool:
        said = message[5:]
        if kind == QUERY:
            return said.upper().startswith(b"COMMIT")
        if kind == PARSE:
            name, query, _ = said.split(b"\0", 2)
            (self._commits.add if query.upper() == b"COMMIT" else self._commits.discard)(name)
        return kind == BIND and said.split(b"\0", 2)[1] in self._commits

    def downstream(self) -> None:
        with suppress(OSError):
            unread = bytearray()
            while more := self._server.recv(READ):
                if self._how not in {How.AT_ONCE, How.AFTER}:
                    self._client.sendall(more)
                    continue
                unread += more
                if any(kind == READY for kind, _ in _messages(unread)):
                    break
        self._end()

    def _end(self) -> None:
        _end(self._client)
        _end(self._server)


def _messages(unread: bytearray) -> Iterator[tuple[bytes, bytes]]:
    """The whole messages at the beginning, which are taken out."""
    while len(unread) >= 5 and len(unread) > (size := struct.unpack_from("!i", unread, 1)[0]):
        message = bytes(unread[: size + 1])
        del unread[: size + 1]
        yield message[:1], message


def _end(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextmanager
def proxy_before(host: str, port: int) -> Iterator[Proxy]:
    proxy = Proxy((host, port))
    try:
        yield proxy
    finally:
        proxy.close()
