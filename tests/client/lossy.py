"""A TCP proxy before a server, on whose way answers and connections are lost."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock, Thread

READ = 65_536


class Lossy:
    """`lose` has the next so many answers arrive here and go no further; `cut` ends what is open.
    `target` may be changed.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._lock, self._to_lose, self.lost = Lock(), 0, 0
        self._open: set[socket.socket] = set()
        Thread(target=self._accept, daemon=True).start()

    def lose(self, answers: int) -> None:
        with self._lock:
            self._to_lose = answers

    def cut(self) -> None:
        with self._lock:
            ends = list(self._open)
        for end in ends:
            _end(end)

    def close(self) -> None:
        _end(self._listener)
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                try:
                    server = socket.create_connection(("127.0.0.1", self.target))
                except OSError:
                    client.close()
                    continue
                with self._lock:
                    self._open |= {client, server}
                for work in (self._ask, self._answer):
                    Thread(target=work, args=(client, server), daemon=True).start()

    def _ask(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while asked := client.recv(READ):
                server.sendall(asked)
        self._end(client, server)

    def _answer(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while (told := server.recv(READ)) and not self._is_lost():
                client.sendall(told)
        self._end(client, server)

    def _is_lost(self) -> bool:
        with self._lock:
            is_lost = self._to_lose > 0
            self._to_lose -= is_lost
            self.lost += is_lost
            return is_lost

    def _end(self, *ends: socket.socket) -> None:
        for end in ends:
            _end(end)
        with self._lock:
            self._open -= set(ends)


def _end(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextmanager
def lossy(target: int) -> Iterator[Lossy]:
    proxy = Lossy(target)
    try:
        yield proxy
    finally:
        proxy.close()
