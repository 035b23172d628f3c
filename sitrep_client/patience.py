"""How often something is tried again, and after how long."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from random import SystemRandom

AGAIN = frozenset({429, 502, 503, 504})
"""Answers after which the same request may succeed. Nothing sent here does harm when it comes
twice: an update has its id.
"""

_between = SystemRandom().uniform


@dataclass(frozen=True, kw_only=True)
class Patience:
    """Seconds between two attempts double from `first_s` up to `longest_s`, each cut at random to
    between half and all of it, so that many clients do not come back together. Where an answer
    says when to come again (Retry-After), that is heeded; a longer wait than `longest_s` is left to
    whoever asks.
    """

    attempts: int = 6
    first_s: float = 0.25
    longest_s: float = 30.0

    def wait(self, failures: int, told: float | None = None) -> float | None:
        """How long after so many failures in a row; None for no more attempts."""
        if failures >= self.attempts or (told is not None and told > self.longest_s):
            return None
        return self.pause(failures, told)

    def pause(self, failures: int, told: float | None = None) -> float:
        """The same for whoever never gives up."""
        usual = min(self.first_s * 2 ** min(failures - 1, 30), self.longest_s)
        return _between(usual / 2, usual) if told is None else told + _between(0, self.first_s)


NO_PATIENCE = Patience(attempts=1)
"""Every failure is told at once."""


def seconds_in(retry_after: str | None) -> float | None:
    """When to come again, as seconds or as a date (RFC 9110 §10.2.3); None where it is not said."""
    if retry_after is None:
        return None
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((aware - datetime.now(UTC)).total_seconds(), 0.0)
