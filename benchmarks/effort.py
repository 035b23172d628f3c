"""How much is measured: enough for a table to be quoted, or a quick look."""

from dataclasses import dataclass

SLOW_COMMIT_MS = 2.0
"""From here on a disk is so slow that fewer appends say as much."""


@dataclass(frozen=True)
class Effort:
    rounds: int
    appends: int
    """Appends to each incident in one round."""
    warm_up: int
    """Appends to each incident before the first round."""
    seconds: float
    """How long a round of HTTP requests lasts."""
    questions: int
    """Moments asked about in one round, for each kind of question."""
    history: int
    """Events of the long incident."""
    crowd: int
    """Reports of the incident that hundreds of origins tell."""
    incidents: int
    """Incidents beside the one that is looked at, for pages that list them."""


FULL = Effort(
    rounds=9,
    appends=8,
    warm_up=4,
    seconds=0.8,
    questions=40,
    history=100_000,
    crowd=10_000,
    incidents=16_000,
)
QUICK = Effort(
    rounds=3,
    appends=4,
    warm_up=2,
    seconds=0.5,
    questions=20,
    history=10_000,
    crowd=5_000,
    incidents=2_000,
)
