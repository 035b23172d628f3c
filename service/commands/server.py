"""The HTTP server: granian with one worker process, in which alone the application lives."""

import logging
import resource
import socket
from pathlib import Path
from typing import Any

import click
from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels

import service
from service.settings import Settings

APPLICATION = "service.commands.worker:application"
HEAD_BYTES = 128 * 1024
"""Of a request, path and query among it; a longer one is answered 431."""

OTHER_FILES = 256

STOP_SECONDS = 8
"""How long requests under way may take to end. Docker's patience is ten seconds."""

_PACKAGES = Path(service.__file__).parent.parent
_TO_STDERR: dict[str, Any] = {
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "generic"},
        "access": {"class": "logging.StreamHandler", "formatter": "access"},
    },
}
"""Granian logs to stdout unless it is told otherwise; a StreamHandler's default is stderr."""


def free_address(host: str, port: int) -> tuple[str, int]:
    """The IP address and port to listen on; for port 0 one that is free.

    Granian would share a port that is taken, and answer some of the other server's requests.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
            bound, free, *_ = probe.getsockname()
            return bound, free
    except OSError as taken:
        raise click.ClickException(f"cannot listen on {host}:{port}: {taken.strerror}") from taken


def serve_until_stopped(address: str, port: int, settings: Settings) -> None:
    """Returns after SIGTERM or SIGINT, when the requests under way are answered."""
    _allow_connections(settings.max_connections)
    Granian(
        APPLICATION,
        factory=True,
        working_dir=_PACKAGES,
        address=address,
        port=port,
        interface=Interfaces.ASGINL,
        loop=Loops.auto,
        websockets=False,
        workers=1,
        backpressure=settings.max_connections,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=int(settings.header_seconds * 1000), max_buffer_size=HEAD_BYTES
        ),
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels(logging.getLevelName(settings.log_level).lower()),
        log_dictconfig=_TO_STDERR,
    ).serve()


def _allow_connections(number: int) -> None:
    """Each takes a file, and a process may have fewer than it is entitled to."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = number + OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def look_at(address: str, port: int) -> str:
    """Where a browser on this machine finds it."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104 - compared
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
