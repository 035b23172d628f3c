"""The HTTP server: granian with one worker process, in which alone the application lives."""

import logging
import socket
from pathlib import Path
from typing import Any

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

import service

APPLICATION = "service.commands.worker:application"
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


def serve_until_stopped(
    address: str, port: int, *, threads: int, log_level: int, application: str = APPLICATION
) -> None:
    """Returns after SIGTERM or SIGINT, when the requests under way are answered."""
    logging.getLogger("_granian").addFilter(_is_not_about_threads)
    Granian(
        application,
        factory=True,
        working_dir=_PACKAGES,
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        websockets=False,
        workers=1,
        blocking_threads=threads,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels(logging.getLevelName(log_level).lower()),
        log_dictconfig=_TO_STDERR,
    ).serve()


def _is_not_about_threads(record: logging.LogRecord) -> bool:
    """More threads than cores are meant: they wait for the disk together (group commit)."""
    return "Python threads" not in record.getMessage()


def look_at(address: str, port: int) -> str:
    """Where a browser on this machine finds it."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104 - compared
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
