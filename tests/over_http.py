"""Applications and files that can be reached at an address for as long as a test needs it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import HTTPServer, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from werkzeug.serving import make_server

LOOK_S = 0.02
"""How often a server looks whether it should end."""


@contextmanager
def over_http(application: Callable[..., Any]) -> Iterator[str]:
    """The address of a WSGI application."""
    with _answering(make_server("127.0.0.1", 0, application, threaded=True)) as address:
        yield address


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@contextmanager
def files_over_http(folder: Path) -> Iterator[str]:
    """The address of the files in a folder, and nothing of Sitrep."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder))
    with _answering(server) as address:
        yield address


@contextmanager
def _answering(server: HTTPServer) -> Iterator[str]:
    with server:
        thread = Thread(target=server.serve_forever, args=(LOOK_S,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
