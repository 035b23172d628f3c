"""Answers as HTTP responses: JSON, entity tags, conditional requests, links to the next page."""

import re
from collections.abc import Iterable
from hashlib import blake2b
from urllib.parse import urlencode

from flask import Response, request
from werkzeug.exceptions import NotAcceptable
from werkzeug.http import parse_etags

from service.store.answers import Answer, Appended, EventPage, encode

JSON = "application/json"
NDJSON = "application/x-ndjson"
NO_CACHE = "no-cache"
IMMUTABLE = "public, max-age=31536000, immutable"

Headers = list[tuple[str, str]]

VARY_ACCEPT = ("Vary", "Accept")

_VERSION = re.compile(r'\s*(?:W/)?"([0-9]{1,9})(?:-[^"]*)?"')


def situation(answer: Answer, incident: str, more: Iterable[tuple[str, str]] = ()) -> Response:
    """A situation, tagged with its version, and where something was withheld with what; where the
    asked incident was merged into another, it is the other's and tagged with its name too.
    """
    tag = f"{answer.version}-{answer.reading}" if answer.reading else str(answer.version)
    caching = IMMUTABLE if answer.immutable else NO_CACHE
    if answer.incident == incident:
        return _conditional(answer.body, f'"{tag}"', caching, JSON, more)
    told_on = f"/v1/incidents/{answer.incident}"
    links = [*more, ("Content-Location", told_on), ("Link", f'<{told_on}>; rel="canonical"')]
    return _conditional(answer.body, f'"{answer.incident}.{tag}"', caching, JSON, links)


def known_version() -> int:
    """The version of a situation that the client says it has; 0 where it does not say."""
    found = _VERSION.match(request.environ.get("HTTP_IF_NONE_MATCH", ""))
    return 0 if found is None else int(found[1])


def representation(
    body: bytes,
    *,
    media_type: str = JSON,
    caching: str = NO_CACHE,
    more: Iterable[tuple[str, str]] = (),
) -> Response:
    """Bytes, tagged with their hash."""
    digest = blake2b(body, digest_size=16).hexdigest()
    return _conditional(body, f'"{digest}"', caching, media_type, more)


def passing(answer: object) -> Response:
    """What holds at this moment, for nobody to keep."""
    headers = {"Cache-Control": "private, no-store"}
    return Response(encode(answer), headers=headers, content_type=JSON)


def page(
    answer: object,
    *,
    following: dict[str, str | None],
    caching: str = NO_CACHE,
    more: Iterable[tuple[str, str]] = (),
) -> Response:
    """One page. `following` is the parameter that asks for the next one, None on the last."""
    return representation(encode(answer), caching=caching, more=[*more, *next_link(following)])


def event_page(answer: EventPage, media_type: str, *, following: dict[str, str | None]) -> Response:
    """Events as one JSON object, or one on each line."""
    more = [VARY_ACCEPT, *next_link(following)]
    if media_type == JSON:
        return representation(encode(answer), more=more)
    lines = b"".join(encode(event) + b"\n" for event in answer.events)
    return representation(lines, media_type=NDJSON, more=more)


def receipt(appended: Appended, location: str) -> Response:
    """What a POST is answered with, the first time and each time that it comes again."""
    told = appended.receipt
    headers = [
        ("Content-Type", JSON),
        ("ETag", f'"{told.version}"'),
        ("Location", location),
    ]
    if appended.replayed:
        headers.append(("Idempotent-Replay", "true"))
    return Response(encode(told), status=201, headers=headers)


def preferred(*offered: str) -> str:
    """The media type that the client likes best; the first where it does not say. 406 for none."""
    accepted = request.accept_mimetypes
    best = accepted.best_match(offered) if accepted else offered[0]
    if best is None:
        raise NotAcceptable(f"offered here: {', '.join(offered)}")
    return best


def _conditional(
    body: bytes, tag: str, caching: str, media_type: str, more: Iterable[tuple[str, str]] = ()
) -> Response:
    headers = [("ETag", tag), ("Cache-Control", caching), *more]
    known = request.environ.get("HTTP_IF_NONE_MATCH")
    if known is not None and parse_etags(known).contains_weak(tag.strip('"')):
        return Response(status=304, headers=headers)
    return Response(body, headers=[("Content-Type", media_type), *headers])


def next_link(following: dict[str, str | None]) -> Headers:
    uri = next_page(following)
    return [] if uri is None else [("Link", f'<{uri}>; rel="next"')]


def next_page(following: dict[str, str | None]) -> str | None:
    """The address of the next page, relative to this one's."""
    said = {name: value for name, value in following.items() if value is not None}
    if not said:
        return None
    kept = [pair for pair in request.args.items(multi=True) if pair[0] not in {*said, "cursor"}]
    return f"{request.path}?{urlencode([*kept, *said.items()])}"
