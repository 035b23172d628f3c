"""A real `sitrep serve`, or `run`, in a process of its own, stopped by its own process id."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event

import httpx

START_SECONDS = 60
PAUSE_SECONDS = 0.05

UNENCRYPTED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients of http: alone. To read this machine's certificates takes longer than to ask."""


class Server:
    """`kill` is kill -9 of the server and its worker at whatever they are doing. `release` is a
    folder with another release's code, `within` a program that runs it, with that program's
    options; `more` are settings.
    """

    def __init__(
        self,
        database: str,
        port: int,
        command: str = "serve",
        *,
        release: Path | None = None,
        within: Sequence[str] = (),
        **more: object,
    ) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._is_told = False
        settings = {"DATABASE_URL": database, "PORT": str(port), "LOG_LEVEL": "error"}
        settings |= {name.upper(): str(value) for name, value in more.items()}
        self._process = subprocess.Popen(
            [*within, sys.executable, "-m", "service.cli", command],
            cwd=release,
            env={**os.environ, **{f"SITREP_{name}": value for name, value in settings.items()}},
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def first_line(self) -> str:
        """What the command says on stdout, as far as the end of its first line."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def wait_until_ready(self) -> float:
        """Seconds until it answered; raises where it ends or does not answer in time."""
        began = time.monotonic()
        with httpx.Client(base_url=self.url, timeout=5, verify=UNENCRYPTED) as client:
            while time.monotonic() - began < START_SECONDS:
                if self._process.poll() is not None:
                    raise RuntimeError(f"the server ended with {self._process.returncode}")
                try:
                    if client.get("/readyz").status_code == 200:
                        return time.monotonic() - began
                except httpx.TransportError:
                    with suppress(subprocess.TimeoutExpired):
                        self._process.wait(PAUSE_SECONDS)
        raise RuntimeError(f"the server did not answer within {START_SECONDS} s")

    def kill(self) -> None:
        """The whole process group, which is the server's own session."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._end()

    def tell_to_stop(self) -> None:
        """SIGTERM, once: one that comes just as it ends would end it otherwise."""
        if not self._is_told:
            self._is_told = True
            self._process.send_signal(signal.SIGTERM)

    def stop(self) -> int:
        """Its exit code, after SIGTERM."""
        self.tell_to_stop()
        return self._end()

    def _end(self) -> int:
        code = self._process.wait(timeout=30)
        if self._process.stdout is not None:
            self._process.stdout.close()
        return code


def eventually(holds: Callable[[], bool]) -> None:
    """Until it does; raises where it does not in time."""
    deadline = time.monotonic() + START_SECONDS
    pause = Event()
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError("it never came to hold")
        pause.wait(PAUSE_SECONDS)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(database: str, port: int | None = None, **settings: object) -> Iterator[Server]:
    server = Server(database, port or free_port(), **settings)
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.stop()
