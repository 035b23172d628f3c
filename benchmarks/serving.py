"""Servers in processes of their own: the project, and yardsticks run in the same way."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryFile

from benchmarks.load import HOST

START_S = 30
STOP_S = 15
PAUSE_S = 0.05
ROOT = Path(__file__).parent.parent

PROJECT = ("-m", "service.cli", "serve")
YARDSTICK = ("-m", "benchmarks.yardsticks.flask_server")


@contextmanager
def serving(program: Sequence[str], environment: Mapping[str, str]) -> Iterator[int]:
    """The port at which it listens. Raises RuntimeError with its log where it does not start."""
    port = _free_port()
    with TemporaryFile() as log:
        server = subprocess.Popen(
            [sys.executable, *program],
            env={**os.environ, **environment, "SITREP_HOST": HOST, "SITREP_PORT": str(port)},
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
        try:
            if not _answers(server, port):
                log.seek(0)
                raise RuntimeError(f"the server did not start: {log.read().decode()[-2000:]}")
            yield port
        finally:
            _stop(server)


def _answers(server: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + START_S
    while server.poll() is None and time.monotonic() < deadline:
        connection = HTTPConnection(HOST, port, timeout=START_S)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except (OSError, HTTPException):
            with suppress(subprocess.TimeoutExpired):
                server.wait(PAUSE_S)
        else:
            return True
        finally:
            connection.close()
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(STOP_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
