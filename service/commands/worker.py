"""What runs in the server's worker process, and nowhere else: the application is made here.

The worker is told to stop once, however many signals reach it: Ctrl-C in a terminal and some
supervisors signal every process, and the server then signals its worker again. They stay blocked
here, and wait for a thread of ours: the first ends what would not end by itself, and is handed to
granian's event loop, as soon as that runs; before granian handles signals, it ends the worker in
good order.
"""

import os
import signal
import sys
import threading
import time
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
AGAIN_S = 0.05
NOWHERE = -1
"""Where signals are told of while no event loop runs."""


def application() -> "Bridge":
    """Called by granian in the worker's main thread, before it sets its own signal handlers."""
    stop = heed_signals()
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
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


class Stop:
    """Stops the worker as SIGTERM would; before granian handles that, by leaving."""

    def __init__(self) -> None:
        self._inherited = signal.getsignal(signal.SIGTERM)
        self._first: list[Callable[[], None]] = []
        self._turn = threading.Lock()
        self._is_told = False

    def before(self, task: Callable[[], None]) -> None:
        """`task` is done first, maybe more than once: streams do not end by themselves, and granian
        waits for them.
        """
        self._first.append(task)

    def pass_on(self) -> None:
        """Waits for the first signal. Where the event loop does not run yet, it is handed over
        again: raising there would not do, for whoever writes a log at that moment takes no notice.
        """
        signal.sigwait(STOPPING)
        while not self._is_told:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)
            time.sleep(AGAIN_S)

    def __call__(self, _signal: int, _frame: FrameType | None) -> None:
        if not self._turn.acquire(blocking=False):
            return  # in the midst of it, or done
        for task in self._first:
            task()
        if signal.getsignal(signal.SIGTERM) is self._inherited:
            self._is_told = True
            sys.exit(0)
        loop = signal.set_wakeup_fd(-1)
        if loop == NOWHERE:
            self._turn.release()
            return
        # As if one signal had come, and for good: a second would leave granian waiting for ever.
        signal.set_wakeup_fd(loop)
        os.write(loop, bytes([signal.SIGTERM]))
        self._is_told = True


def heed_signals() -> Stop:
    """From now on, whatever handles them later. Called in the main thread."""
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    stop = Stop()
    signal.signal(signal.SIGUSR1, stop)
    threading.Thread(target=stop.pass_on, daemon=True).start()
    return stop


def _end_with_the_parent() -> None:
    """A worker whose parent was killed would go on holding the port, and nobody could stop it."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
