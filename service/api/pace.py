"""How fast anybody may ask: so many requests at once, and so many a second after that.

The generic cell rate algorithm: of each client one number is kept, the moment at which its
allowance would be whole again. It is written here rather than taken from a library because it
stands before every request; memory is bounded, and the time is handed in.
"""

from collections import OrderedDict
from threading import Lock
from typing import NamedTuple

MOST_CLIENTS = 100_000
"""Beyond so many the one that has not come for longest is forgotten, and starts anew."""


class Rate(NamedTuple):
    """`burst` requests at once, of which `per_second` come back each second; 0 is no limit."""

    per_second: float
    burst: int


class Pace:
    """One allowance for each client. Safe to share among threads."""

    def __init__(self, rate: Rate, *, clients: int = MOST_CLIENTS) -> None:
        self._each = 1 / rate.per_second if rate.per_second else 0.0
        self._slack = self._each * max(0, rate.burst - 1)
        self._whole_at: OrderedDict[str, float] = OrderedDict()
        self._clients = clients
        self._lock = Lock()

    def wait(self, client: str, now: float) -> float:
        """0 where the client may ask now, which is counted; else the seconds until it may."""
        if not self._each:
            return 0.0
        with self._lock:
            whole_at = max(now, self._whole_at.get(client, 0.0))
            early = whole_at - now - self._slack
            if early > 0:
                return early
            self._whole_at[client] = whole_at + self._each
            self._whole_at.move_to_end(client)
            if len(self._whole_at) > self._clients:
                self._whole_at.popitem(last=False)
        return 0.0
