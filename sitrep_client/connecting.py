"""What the connections of every client have in common."""

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import httpx

from sitrep_client.asking import Ask, Reply
from sitrep_client.errors import Unreachable
from sitrep_client.following import SILENCE_S

HERE = "http://127.0.0.1:8080"
SECONDS = 60.0


def address(url: str) -> str:
    """Raises ValueError for what is no address of a server."""
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"{url!r} must start with http:// or https://")
    return url.rstrip("/")


def settings(key: str | None, seconds: float) -> dict[str, Any]:
    """Of an HTTP client. Raises ValueError for what is no key."""
    headers = {"User-Agent": f"sitrep-client/{_release()}"}
    if key is not None:
        if not key.isascii() or not key.isprintable() or not key or " " in key:
            raise ValueError("the key must be one word of ASCII")
        headers["Authorization"] = f"Bearer {key}"
    return {"headers": headers, "timeout": seconds}


def sent(ask: Ask[Any], at: str) -> dict[str, Any]:
    """A request as an HTTP client takes it."""
    return {
        "method": ask.method,
        "url": at + ask.path,
        "params": ask.query,
        "headers": ask.headers,
        "content": ask.body,
    }


def silence(seconds: float) -> Mapping[str, Any]:
    """How long a stream may say nothing."""
    return {"timeout": httpx.Timeout(seconds, read=SILENCE_S)}


def reply_of(answer: httpx.Response) -> Reply:
    return Reply(answer.status_code, answer.headers, answer.content)


def lost(failure: httpx.RequestError | None, at: str) -> Unreachable:
    """Why there is no answer; None where a stream just ended."""
    if failure is None:
        return Unreachable(f"{at} ended the connection")
    return Unreachable(f"{at}: {str(failure) or type(failure).__name__}")


def _release() -> str:
    try:
        return version("sitrep")
    except PackageNotFoundError:
        return "0"
