"""A real `sitrep serve` in a process of its own, stopped by its own process id."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

START_SECONDS = 60


class Server:
    """`kill` is kill -9 of the server and its worker at whatever they are doing."""

    def __init__(self, database: str, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "service.cli", "serve", "--port", str(port)],
            env={**os.environ, "SITREP_DATABASE_URL": database, "SITREP_LOG_LEVEL": "warning"},
            start_new_session=True,
        )

    def wait_until_ready(self) -> float:
        """Seconds until it answered; raises where it ends or does not answer in time."""
        began = time.monotonic()
        while time.monotonic() - began < START_SECONDS:
            if self._process.poll() is not None:
                raise RuntimeError(f"the server ended with {self._process.returncode}")
            try:
                if httpx.get(f"{self.url}/readyz", timeout=5).status_code == 200:
                    return time.monotonic() - began
            except httpx.TransportError:
                self._pause()
        raise RuntimeError(f"the server did not answer within {START_SECONDS} s")

    def _pause(self) -> None:
        try:
            self._process.wait(timeout=0.05)
        except subprocess.TimeoutExpired:
            return

    def kill(self) -> None:
        """The whole process group, which is the server's own session."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> int:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        return self._process.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(database: str, port: int | None = None) -> Iterator[Server]:
    server = Server(database, port or free_port())
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.stop()
