"""Ending connections of clients that are too slow with a body (Linux).

Granian ends those that are slow with a header or idle between requests, and knows no such limit for
bodies: a thread would wait for one for ever. To whom nothing was sent for long has either not sent
their whole request in that time, or is asked nothing more of: both are ended.
"""

import os
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

SOCKETS = Path("/proc/self/fd")
LAST_DATA_SENT = 44
"""Where the kernel's `struct tcp_info` has the milliseconds since, an unsigned 32 bit number."""
TCP_ESTABLISHED = 1


def end_slow_connections(seconds: float) -> None:
    """From now on, in a thread of this process, to the second."""
    if SOCKETS.exists():
        threading.Thread(target=_watch, args=(seconds,), name="slowness", daemon=True).start()


def _watch(seconds: float) -> None:
    rest = threading.Event()
    while not rest.wait(min(1.0, seconds / 2)):
        for connection in _connections():
            with connection, suppress(OSError):
                if _silence(connection) > seconds:
                    connection.shutdown(socket.SHUT_RDWR)


def _connections() -> Iterator[socket.socket]:
    """Those that were accepted here: their own address is one that is listened at."""
    held = list(_sockets())
    ports = {own.getsockname()[1] for own in held if _listens(own)}
    for own in held:
        if not _listens(own) and own.getsockname()[1] in ports:
            yield own
        else:
            own.close()


def _sockets() -> Iterator[socket.socket]:
    for entry in SOCKETS.iterdir():
        with suppress(OSError):
            if not str(entry.readlink()).startswith("socket:"):
                continue
            held = socket.socket(fileno=os.dup(int(entry.name)))
            if held.family in {socket.AF_INET, socket.AF_INET6} and held.type == socket.SOCK_STREAM:
                yield held
            else:
                held.close()


def _listens(held: socket.socket) -> bool:
    return bool(held.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))


def _silence(connection: socket.socket) -> float:
    """Seconds since anything was sent to the client; since it came, where nothing was."""
    told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, LAST_DATA_SENT + 4)
    if told[0] != TCP_ESTABLISHED:
        return 0.0
    milliseconds: int = struct.unpack_from("I", told, LAST_DATA_SENT)[0]
    return milliseconds / 1000
