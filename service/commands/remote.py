"""A store reached over HTTP (API.md, Writing): its answers as the errors they stand for."""

from typing import Any
from urllib.parse import quote

import httpx

from service.errors import (
    Fault,
    Forbidden,
    IncidentExists,
    NotFound,
    Refused,
    SitrepError,
    TooFast,
    Unauthenticated,
    Unavailable,
)

SECONDS = 60.0
PATIENCE = 1.0

WRONG_UPDATE = {400, 413, 415, 422}
FAILURES: dict[int, type[SitrepError]] = {
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    409: IncidentExists,
    500: Unavailable,
    502: Unavailable,
    503: Unavailable,
    504: Unavailable,
}


class _IdReused(Refused):
    """There too an update id came again with another body."""


class Remote:
    """Safe to share among threads."""

    def __init__(self, url: str, key: str, *, connections: int) -> None:
        self._url = url.rstrip("/")
        self._client = httpx.Client(
            headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
            limits=httpx.Limits(max_connections=connections),
            timeout=SECONDS,
        )

    def close(self) -> None:
        self._client.close()

    def open(self, opening: bytes) -> None:
        try:
            self._post("/v1/incidents", opening)
        except (IncidentExists, _IdReused):
            return

    def append(self, incident: str, update: bytes) -> bool:
        answer = self._post(f"/v1/incidents/{quote(incident, safe='')}/updates", update)
        return "Idempotent-Replay" not in answer.headers

    def _post(self, path: str, body: bytes) -> httpx.Response:
        try:
            answer = self._client.post(self._url + path, content=body)
        except httpx.TransportError as lost:
            raise Unavailable(f"{self._url}: {lost}") from lost
        if answer.status_code != httpx.codes.CREATED:
            raise self._failure(answer)
        return answer

    def _failure(self, answer: httpx.Response) -> SitrepError:
        problem = _problem(answer)
        detail = str(problem.get("detail") or problem.get("title") or answer.reason_phrase)
        if answer.status_code in WRONG_UPDATE:
            reused = str(problem.get("type")).endswith("/id-reused")
            kind = _IdReused if reused else Refused
            return kind(*_faults(problem) or [Fault("", detail)])
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            return TooFast(_seconds(answer))
        if answer.status_code in FAILURES:
            return FAILURES[answer.status_code](f"{self._url}: {detail}")
        return NotFound(f"{self._url} does not answer like a Sitrep: {answer.status_code} {detail}")


def _seconds(answer: httpx.Response) -> float:
    """When to ask again, where the answer says so in seconds."""
    told = answer.headers.get("Retry-After", "")
    return float(told) if told.isascii() and told.isdigit() else PATIENCE


def _problem(answer: httpx.Response) -> dict[str, Any]:
    """The problem that an answer tells of (RFC 9457); empty where something else answered."""
    try:
        problem = answer.json()
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}


def _faults(problem: dict[str, Any]) -> list[Fault]:
    told = problem.get("errors")
    return [
        Fault(str(fault.get("pointer") or ""), str(fault.get("detail") or ""))
        for fault in (told if isinstance(told, list) else [])
        if isinstance(fault, dict)
    ]
