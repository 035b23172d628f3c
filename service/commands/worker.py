"""What runs in the server's worker process, and nowhere else: the application is made here.

The worker is told to stop once, however many signals reach it: Ctrl-C in a terminal and some
supervisors signal every process, and the server then signals its worker again. They stay blocked
here, and wait for a thread of ours: the first ends what would not end by itself, and is handed to
granian's event loop; before there is one, it ends the worker in good order.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable
from multiprocessing import parent_process
from multiprocessing.connection import wait
from multiprocessing.util import Finalize
from types import FrameType
from typing import TYPE_CHECKING

from service.commands.slowness import end_slow_connections

if TYPE_CHECKING:
    from service.commands.bridge import Bridge

BEAT_S = 15.0
"""How often those who listen hear that they still do, at least; more often than slow clients are
looked for (service.commands.slowness).
"""

STOPPING = {signal.SIGINT, signal.SIGTERM}


def application() -> "Bridge":
    """Called by granian in the worker's main thread, before it sets its own signal handlers."""
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    stop = _Stop(signal.getsignal(signal.SIGTERM))
    signal.signal(signal.SIGUSR1, stop)
    for task in (_pass_on_the_first_signal, _end_with_the_parent):
        threading.Thread(target=task, daemon=True).start()
    from service.app import create_app  # noqa: PLC0415 - slow, and may be interrupted
    from service.commands.bridge import Bridge  # noqa: PLC0415 - likewise
    from service.outlets.live import Live  # noqa: PLC0415
    from service.settings import Settings  # noqa: PLC0415

    settings = Settings.read()
    end_slow_connections(settings.body_seconds)
    app = create_app(settings)
    live = Live(
        app.extensions["sitrep"],
        most=settings.max_listeners,
        beat_s=min(BEAT_S, settings.body_seconds / 3),
    )
    stop.before(live.close)
    # What this process runs at its end: atexit is not among it before Python 3.13. An SQLite file
    # stays open: closed by its last user, it could not be read where nobody may write.
    Finalize(None, app.extensions["sitrep"].settle, exitpriority=1)
    return Bridge(app, live, threads=settings.threads, max_body_bytes=settings.max_body_bytes)


class _Stop:
    """Stops the worker as SIGTERM would; before granian handles that, by leaving."""

    def __init__(self, inherited: object) -> None:
        self._inherited = inherited
        self._first: list[Callable[[], None]] = []

    def before(self, task: Callable[[], None]) -> None:
        """`task` is done first: streams do not end by themselves, and granian waits for them."""
        self._first.append(task)

    def __call__(self, _signal: int, _frame: FrameType | None) -> None:
        for task in self._first:
            task()
        if signal.getsignal(signal.SIGTERM) is self._inherited:
            sys.exit(0)
        # As if one signal had come, and for good: a second would leave granian waiting for ever.
        loop = signal.set_wakeup_fd(-1)
        signal.set_wakeup_fd(loop)
        os.write(loop, bytes([signal.SIGTERM]))


def _pass_on_the_first_signal() -> None:
    signal.sigwait(STOPPING)
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)


def _end_with_the_parent() -> None:
    """A worker whose parent was killed would go on holding the port, and nobody could stop it."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
