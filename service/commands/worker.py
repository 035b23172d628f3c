"""What runs in the server's worker process, and nowhere else: the application is made here.

The worker is told to stop at most once, however many signals reach it: Ctrl-C in a terminal and
some supervisors signal every process, and the server then signals its worker again. Granian's
handler sets a `threading.Event`, which hangs when a second signal comes while the first is handled.
"""

import os
import signal
import sys
import threading
from multiprocessing import parent_process
from multiprocessing.connection import wait
from multiprocessing.util import Finalize
from types import FrameType
from typing import TYPE_CHECKING

from service.commands.slowness import end_slow_connections

if TYPE_CHECKING:
    from flask import Flask

STOPPING = {signal.SIGINT, signal.SIGTERM}


def application() -> "Flask":
    """Called by granian in the worker's main thread, before it sets its own signal handlers."""
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    signal.signal(signal.SIGUSR1, _Stop(signal.getsignal(signal.SIGTERM)))
    for task in (_pass_on_the_first_signal, _end_with_the_parent):
        threading.Thread(target=task, daemon=True).start()
    from service.app import create_app  # noqa: PLC0415 - slow, and may be interrupted
    from service.settings import Settings  # noqa: PLC0415 - likewise

    settings = Settings.read()
    end_slow_connections(settings.body_seconds)
    app = create_app(settings)
    # What this process runs at its end: atexit is not among it before Python 3.13. An SQLite file
    # stays open: closed by its last user, it could not be read where nobody may write.
    Finalize(None, app.extensions["sitrep"].settle, exitpriority=1)
    return app


class _Stop:
    """Stops the worker as SIGTERM would; before granian handles that, by leaving."""

    def __init__(self, inherited: object) -> None:
        self._inherited = inherited

    def __call__(self, _signal: int, frame: FrameType | None) -> None:
        handler = signal.getsignal(signal.SIGTERM)
        if handler is self._inherited or not callable(handler):
            sys.exit(0)
        handler(signal.SIGTERM, frame)


def _pass_on_the_first_signal() -> None:
    signal.sigwait(STOPPING)
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)


def _end_with_the_parent() -> None:
    """A worker whose parent was killed would go on holding the port, and nobody could stop it."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
