"""What can go wrong, in the caller's words. Knows nothing of HTTP: `service.api` has the table of
statuses.
"""

from math import ceil
from typing import NamedTuple


class Fault(NamedTuple):
    """One thing that is wrong, and where: an RFC 6901 JSON pointer into the posted body."""

    pointer: str
    detail: str


class SitrepError(Exception):
    """Anything that a caller can be told. `str()` of it is the detail."""


class Malformed(SitrepError):
    """It cannot be read at all: not JSON, not an object, a parameter that is no such thing."""


class BadParameters(Malformed):
    """Query parameters that are unknown or no such thing: (parameter, detail) each."""

    def __init__(self, *faults: tuple[str, str]) -> None:
        super().__init__("; ".join(f"{parameter}: {detail}" for parameter, detail in faults))
        self.faults = faults


class Refused(SitrepError):
    """It can be read and is impossible. Nothing was stored."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(faults[0].detail if len(faults) == 1 else f"{len(faults)} faults")
        self.faults = faults


class IdReused(SitrepError):
    """An update id came again with another body."""

    def __init__(self, update_id: str) -> None:
        super().__init__(f"update {update_id} was recorded before with another body")
        self.update_id = update_id


class VersionConflict(SitrepError):
    """The incident is not at the version that the writer expects."""

    def __init__(self, expected: int, actual: int) -> None:
        super().__init__(f"the incident is at version {actual}, not {expected}")
        self.expected = expected
        self.actual = actual


class IncidentExists(SitrepError):
    def __init__(self, incident: str) -> None:
        super().__init__(f"there is an incident {incident} already")
        self.incident = incident


class NotFound(SitrepError):
    """No such incident, update, event or version, or none at the time asked about."""


class Unauthenticated(SitrepError):
    """No key, or none that is known."""


class Forbidden(SitrepError):
    """The key's role does not allow it."""


class NotHolding(SitrepError):
    """What was verified does not hold: the first thing that is not what it was."""


class TooFast(SitrepError):
    """Too many requests from one address, or with one key. `seconds`: when to ask again."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"too many requests; ask again in {ceil(seconds)} s")
        self.seconds = seconds


class Unavailable(SitrepError):
    """The store cannot answer now, or does not know whether a commit went through. A retry is
    safe.
    """
