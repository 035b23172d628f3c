"""What a Sitrep that is reached over HTTP answers with, as the failures that it stands for."""

from collections.abc import Iterator
from contextlib import contextmanager

import sitrep_client
from service.errors import (
    Fault,
    Forbidden,
    IncidentExists,
    Malformed,
    NotFound,
    Refused,
    SitrepError,
    TooFast,
    Unauthenticated,
    Unavailable,
    VersionConflict,
)

PATIENCE_S = 1.0
"""Until it is asked again, where it is asked too fast and does not say when."""

TOO_MANY = 429

FAILURES: dict[int, type[SitrepError]] = {
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    409: IncidentExists,
}


class ReusedThere(Refused):
    """There too an update id came again with another body."""


@contextmanager
def failures_of(url: str | None) -> Iterator[None]:
    """Raises what the store would raise, and says where it is unless it is at hand (None)."""
    at = "" if url is None else f"{url}: "
    try:
        yield
    except sitrep_client.SitrepError as failure:
        raise _failure(failure, at) from failure


def _failure(failure: sitrep_client.SitrepError, at: str) -> SitrepError:
    match failure:
        case sitrep_client.Refused():
            return _refusal(failure, at)
        case sitrep_client.VersionConflict():
            return VersionConflict(failure.expected, failure.actual)
        case sitrep_client.Problem():
            return _problem(failure, at)
    return Unavailable(str(failure))


def _problem(failure: sitrep_client.Problem, at: str) -> SitrepError:
    if failure.status == TOO_MANY:
        return TooFast(PATIENCE_S if failure.retry_after is None else failure.retry_after)
    if isinstance(failure, sitrep_client.Unavailable):
        return Unavailable(f"{at}{failure}")
    if failure.status in FAILURES:
        return FAILURES[failure.status](f"{at}{failure}")
    return NotFound(f"{at}this is not how a Sitrep answers: {failure.status} {failure}")


def _refusal(failure: sitrep_client.Refused, at: str) -> SitrepError:
    """A question that makes no sense is told as one; the rest is about what was posted."""
    if any(fault.parameter for fault in failure.errors):
        return Malformed(f"{at}{failure}")
    kind = ReusedThere if failure.type.endswith("/id-reused") else Refused
    faults = [Fault(fault.pointer, fault.detail) for fault in failure.errors]
    return kind(*faults or [Fault("", failure.detail)])
