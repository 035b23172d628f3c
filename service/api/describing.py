"""What the served document says of an operation beside its path: parameters, bodies, answers."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from schemas.forms import UpdateId
from schemas.shape import Shape
from service.api.parameters import Nothing, Query
from service.api.posting import VERSION_TAG
from service.api.representations import JSON, NDJSON
from service.api.streaming import EVENT_STREAM

TEXT = "text/plain; charset=utf-8"
TEXTUAL = {"type": "string"}

Operation = dict[str, Any]
Describe = Callable[[Any], Any]

ETAG = {
    "ETag": {"description": "Names these bytes, for If-None-Match.", "schema": {"type": "string"}}
}
CACHING = {
    "Cache-Control": {
        "description": "What the desk reads is for nobody else to keep.",
        "schema": {"type": "string"},
    }
}
LINK = {
    "Link": {
        "description": 'RFC 8288: where the next page is, `rel="next"`.',
        "schema": {"type": "string"},
    }
}
MEMENTO = {
    "Link": {
        "description": "RFC 7089: `original timegate`, `timemap`; of a memento those around it.",
        "schema": {"type": "string"},
    },
    "Memento-Datetime": {
        "description": "When it was recorded, of an answer that can never change.",
        "schema": {"type": "string"},
    },
    "Vary": {"schema": {"type": "string"}},
}
TIMEGATE = {
    "Location": {
        "description": "The memento of the time that was asked for.",
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "Link": {
        "description": "RFC 7089: also the `first`, `prev`, `next` and `last` memento.",
        "schema": {"type": "string"},
    },
    "Vary": {"schema": {"type": "string"}},
}
VERSION_ETAG = {
    "ETag": {"description": "The new version, in quotes.", "schema": {"type": "string"}}
}
RECEIPT_HEADERS = {
    **VERSION_ETAG,
    "Location": {"schema": {"type": "string", "format": "uri-reference"}},
    "Idempotent-Replay": {
        "description": "`true` where the same update had been recorded before.",
        "schema": {"const": "true"},
    },
}

IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "description": "An ETag received before: 304 while it still holds.",
    "schema": {"type": "string"},
}
ACCEPT_DATETIME = {
    "in": "header",
    "name": "Accept-Datetime",
    "description": (
        "RFC 7089: what was recorded by then, found by 302. "
        "Beside `version` or `as_of` it says nothing."
    ),
    "example": "Wed, 11 Mar 2020 17:00:00 GMT",
    "schema": {"type": "string"},
}
LAST_EVENT_ID = {
    "in": "header",
    "name": "Last-Event-ID",
    "description": "Of a stream: go on after this `id`, whatever the query says.",
    "schema": {"type": "string"},
}
STREAM = {
    "schema": {
        "type": "string",
        "description": (
            "Server-sent events: each `data` is an event as it stands in `events`, and its `id` is "
            "where to go on. A comment comes now and then, to keep the connection open."
        ),
    }
}
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "description": 'Append only if the incident is at this version, such as `"12"`; else 412.',
    "example": "*",
    "schema": {"type": "string", "pattern": rf"^(\*|{VERSION_TAG.pattern})$"},
}
IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "description": "The update's id, where the body does not give it: any UUID.",
    "schema": {"type": "string", "pattern": UpdateId.form.pattern},
}


def reads(
    answer: type[Struct],
    *,
    query: type[Query] = Nothing,
    paged: bool = False,
    lines: type[Struct] | None = None,
    streamed: bool = False,
    text: str | None = None,
    others: Sequence[str] = (),
    parameters: Sequence[Operation] = (),
    headers: Operation | None = None,
    found: Operation | None = None,
    keyed: bool = False,
    problems: Sequence[int] = (),
) -> Describe:
    """A GET whose answer has an entity tag. `lines` is what NDJSON has on each line, `streamed`
    whether the answer may stay open, `text` another media type of the same, `others` such of other
    people's JSON; `found` are the headers
    of a 302, `keyed` where nobody reads without a key.
    """
    content = {JSON: {"schema": reference(answer)}}
    if lines is not None:
        content[NDJSON] = {"schema": reference(lines)}
    if text is not None:
        content[text] = {"schema": {"type": "string"}}
    for other in others:
        content[other] = {"schema": {}}
    if streamed:
        content[EVENT_STREAM] = STREAM
        parameters = [*parameters, LAST_EVENT_ID]
    told_of = {**CACHING, **(LINK if paged else {}), **(headers or {})}
    more = {} if found is None else {302: {"description": "Found", "headers": {**CACHING, **found}}}
    asked = [{"in": "query", "schema": query}, *parameters]
    return _read(content, asked, headers=told_of, more=more, keyed=keyed, problems=problems)


def reads_bytes(
    *media_types: str,
    query: type[Query] = Nothing,
    paged: bool = False,
    problems: Sequence[int] = (),
) -> Describe:
    """A GET whose answer is of none of our own shapes: text, or somebody else's JSON."""
    content = {
        media_type.partition(";")[0]: {"schema": {} if "json" in media_type else TEXTUAL}
        for media_type in media_types
    }
    told_of = {**CACHING, **(LINK if paged else {})}
    asked = [{"in": "query", "schema": query}]
    return _read(content, asked, headers=told_of, more={}, problems=problems)


def _read(
    content: Operation,
    asked: Sequence[Operation],
    *,
    headers: Operation,
    more: Mapping[int, Operation],
    keyed: bool = False,
    problems: Sequence[int],
) -> Describe:
    told_of = {**ETAG, **headers}
    responses = {
        200: {"description": "OK", "headers": told_of, "content": content},
        304: {"description": "Not Modified", "headers": told_of},
        **more,
    }
    failures = {status: f"problem-{status}" for status in (400, 401, *problems, 429, 500, 503)}
    return _described(
        parameters=[*asked, IF_NONE_MATCH],
        responses={**responses, **failures},
        security=[*([] if keyed else [{}]), {"key": []}, {"password": []}],
    )


def writes(
    body: type[Shape],
    answer: type[Struct],
    *,
    parameters: Sequence[Operation] = (),
    problems: Sequence[int],
) -> Describe:
    """A POST that a key is needed for."""
    told = {
        "description": "Created",
        "headers": RECEIPT_HEADERS,
        "content": {JSON: {"schema": reference(answer)}},
    }
    statuses = sorted({400, 401, 403, 413, 415, 422, 429, 500, 503, *problems})
    return _described(
        parameters=[*parameters, IDEMPOTENCY_KEY],
        requestBody={"required": True, "content": {JSON: {"schema": body}}},
        responses={201: told, **{status: f"problem-{status}" for status in statuses}},
        security=[{"key": []}],
    )


def foretells(body: type[Shape], answer: type[Struct], *, problems: Sequence[int]) -> Describe:
    """A POST that a key is needed for, and that stores nothing."""
    told = {"description": "OK", "content": {JSON: {"schema": reference(answer)}}}
    statuses = sorted({400, 401, 403, 413, 415, 422, 429, 500, 503, *problems})
    return _described(
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        requestBody={"required": True, "content": {JSON: {"schema": body}}},
        responses={200: told, **{status: f"problem-{status}" for status in statuses}},
        security=[{"key": []}],
    )


def reference(answer: type[Struct]) -> Operation:
    return {"$ref": f"#/components/schemas/{answer.__name__}"}


def _described(**operation: Any) -> Describe:
    """Leaves the view as it is; flask-smorest's own decorators add a call to every request."""

    def describe(view: Any) -> Any:
        view._apidoc = {"manual_doc": {"operationId": view.__name__, **operation}}
        return view

    return describe
