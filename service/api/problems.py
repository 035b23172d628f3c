"""Failures as `application/problem+json` (RFC 9457), and the one table from failure to status."""

import time
from http import HTTPStatus
from math import ceil
from typing import NamedTuple

import msgspec
from flask import Flask, Response, current_app, request
from msgspec import Struct
from werkzeug.exceptions import HTTPException

from service.api.cookies import sent_token
from service.errors import (
    BadParameters,
    Forbidden,
    IdReused,
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

PROBLEM = "application/problem+json"
BASIC = 'Basic realm="Sitrep", charset="UTF-8"'
READING = {"GET", "HEAD"}
OWN_WORDS = {
    404: "there is nothing at this address",
    405: "this address does not take that method; Allow lists those that it takes",
    413: "the body is too long",
    500: "this should not have happened; the service's log says what did",
}

Headers = list[tuple[str, str]]


class Wrong(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that is wrong: a place in the posted body (RFC 6901), or a query parameter."""

    pointer: str
    parameter: str | None = None
    detail: str


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why the request failed. `expected` and `actual` are versions of the incident."""

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[Wrong, ...] | None = None
    expected: int | None = None
    actual: int | None = None


class Kind(NamedTuple):
    status: int
    slug: str
    title: str


KINDS: dict[type[SitrepError], Kind] = {
    Malformed: Kind(400, "malformed", "The request cannot be read"),
    Unauthenticated: Kind(401, "unauthenticated", "A key is needed"),
    Forbidden: Kind(403, "forbidden", "The key does not allow this"),
    NotFound: Kind(404, "not-found", "There is no such thing"),
    IncidentExists: Kind(409, "incident-exists", "The incident exists already"),
    VersionConflict: Kind(412, "version-conflict", "The incident is at another version"),
    IdReused: Kind(422, "id-reused", "The update id was used for another body"),
    Refused: Kind(422, "refused", "The body can be read but not be recorded"),
    TooFast: Kind(429, "too-many-requests", "This is faster than the service allows"),
    Unavailable: Kind(503, "unavailable", "The store does not answer now"),
}

_logged: dict[str, float] = {}

_encode = msgspec.json.Encoder().encode


def answer_problems(app: Flask) -> None:
    """From now on every failure of the application is a problem document."""
    app.register_error_handler(SitrepError, problem_of)
    app.register_error_handler(HTTPException, http_problem)


def problem_of(error: SitrepError) -> Response:
    if isinstance(error, Unavailable):
        _log(error)
    kind = next(KINDS[one] for one in type(error).__mro__ if one in KINDS)
    problem = Problem(
        type=f"/problems/{kind.slug}",
        title=kind.title,
        status=kind.status,
        detail=str(error),
        errors=_wrong(error),
        expected=error.expected if isinstance(error, VersionConflict) else None,
        actual=error.actual if isinstance(error, VersionConflict) else None,
    )
    return _response(problem, _headers(error))


def _log(error: Unavailable) -> None:
    """Each cause once a second: an outage is met by every request, and the log may be on the disk
    that is full.
    """
    cause = str(getattr(error.__cause__, "orig", None) or error)
    now = time.monotonic()
    if now - _logged.get(cause, -1) >= 1:
        _logged.clear()
        _logged[cause] = now
        current_app.logger.warning("%s %s answered 503: %s", request.method, request.path, cause)


def http_problem(error: HTTPException) -> Response:
    """What Flask and Werkzeug refuse by themselves, their headers kept: `Allow`, `Retry-After`."""
    status = error.code or 500
    problem = Problem(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=_told(error, status),
    )
    kept = [pair for pair in error.get_headers() if pair[0].lower() != "content-type"]
    return _response(problem, kept)


def _told(error: HTTPException, status: int) -> str:
    said = error.description or HTTPStatus(status).phrase
    return OWN_WORDS.get(status, said) if said == type(error).description else said


def _response(problem: Problem, headers: Headers) -> Response:
    return Response(
        _encode(problem), status=problem.status, headers=[("Content-Type", PROBLEM), *headers]
    )


def _wrong(error: SitrepError) -> tuple[Wrong, ...] | None:
    match error:
        case Refused():
            return tuple(Wrong(pointer=pointer, detail=told) for pointer, told in error.faults)
        case BadParameters():
            return tuple(
                Wrong(pointer="", parameter=parameter, detail=told)
                for parameter, told in error.faults
            )
    return None


def _headers(error: SitrepError) -> Headers:
    match error:
        case VersionConflict():
            return [("ETag", f'"{error.actual}"')]
        case Unauthenticated():
            return [("WWW-Authenticate", challenge) for challenge in _challenges()]
        case TooFast():
            return [("Retry-After", str(ceil(error.seconds)))]
        case Unavailable():
            return [("Retry-After", "1")]
    return []


def _challenges() -> tuple[str, ...]:
    """Browsers that nobody signed in with know no other way to send a key than Basic, and then ask
    their user for one.
    """
    signs_in = request.blueprint == "desk" or sent_token() is not None
    return ("Bearer",) if signs_in or request.method not in READING else ("Bearer", BASIC)
