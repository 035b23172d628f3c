"""What can go wrong between here and a Sitrep."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec
from msgspec import Struct


class Fault(NamedTuple):
    """One thing that is wrong with what was sent: a JSON pointer into the body (RFC 6901), or a
    query parameter.
    """

    pointer: str
    parameter: str | None
    detail: str


class SitrepError(Exception):
    """Anything that this package raises."""


class Unreachable(SitrepError):
    """No answer came. Whether an update was recorded is unknown: with its id it may be sent
    again.
    """


class Problem(SitrepError):
    """It was answered, and not with what was asked for (RFC 9457). `retry_after` is in seconds."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        type: str = "about:blank",
        title: str = "",
        errors: tuple[Fault, ...] = (),
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.type = type
        self.title = title
        self.errors = errors
        self.retry_after = retry_after

    def __str__(self) -> str:
        faults = (f"{fault.pointer or fault.parameter}: {fault.detail}" for fault in self.errors)
        return "; ".join(faults) if self.errors else self.detail


class Refused(Problem):
    """What was sent cannot be read, or not be recorded: `errors` says where. Nothing was stored."""


class Denied(Problem):
    """No key, one that opens nothing, or one whose role does not allow it."""


class NotFound(Problem):
    """No such incident, update, event or version, or none at the time asked about."""


class IncidentExists(Problem):
    """There is an incident of this name already."""


class VersionConflict(Problem):
    """The incident is at `actual`, not at the version that was `expected`."""

    expected: int
    actual: int


class Unavailable(Problem):
    """The store does not answer now, or is asked too fast; it may be asked again."""


KINDS: Mapping[int, type[Problem]] = {
    **dict.fromkeys((400, 413, 415, 422), Refused),
    **dict.fromkeys((401, 403), Denied),
    404: NotFound,
    409: IncidentExists,
    412: VersionConflict,
    **dict.fromkeys((429, 500, 502, 503, 504), Unavailable),
}


class _Wrong(Struct):
    pointer: str = ""
    parameter: str | None = None
    detail: str = ""


class _Document(Struct):
    type: str = "about:blank"
    title: str = ""
    detail: str = ""
    errors: tuple[_Wrong, ...] = ()
    expected: int | None = None
    actual: int | None = None


def problem_in(status: int, body: bytes, *, at: str, retry_after: float | None = None) -> Problem:
    """The problem that an answer tells of. One that tells nothing is not a Sitrep's: then the
    detail says who answered (`at`).
    """
    try:
        told = msgspec.json.decode(body, type=_Document)
    except (msgspec.DecodeError, UnicodeDecodeError):
        told = _Document()
    detail = told.detail or told.title or f"{at} answered {status}"
    problem = KINDS.get(status, Problem)(
        status,
        detail,
        type=told.type,
        title=told.title,
        errors=tuple(Fault(one.pointer, one.parameter, one.detail) for one in told.errors),
        retry_after=retry_after,
    )
    if isinstance(problem, VersionConflict):
        problem.expected, problem.actual = told.expected or 0, told.actual or 0
    return problem
