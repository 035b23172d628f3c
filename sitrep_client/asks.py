"""What is asked of a Sitrep, as requests: pure functions, the same for every client."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypedDict, TypeVar, Unpack
from uuid import UUID, uuid4

import msgspec
from msgspec import structs

from sitrep_client.answers import (
    Brief,
    Changes,
    Event,
    EventPage,
    Explanation,
    FeedPage,
    IncidentPage,
    OriginPage,
    Preview,
    PublisherPage,
    Receipt,
    Series,
    Source,
    Update,
    UpdatePage,
)
from sitrep_client.asking import Ask, Moment, Pages, Reply, body_of, json_of, path_of, query_of
from sitrep_client.situation import Situation

T = TypeVar("T")

_encode = msgspec.json.Encoder(decimal_format="number").encode


class Question(TypedDict, total=False):
    """Inside which bounds, on whose word, under which policy."""

    as_of: Moment
    published_until: Moment
    version: int
    policy: str
    without_origin: Sequence[str]
    without_publisher: Sequence[str]
    origins: str


class Selection(TypedDict, total=False):
    """Which incidents; docs/finding.md has what each of these means. `limit` is a page's."""

    q: str
    kind: Sequence[str]
    status: Sequence[str]
    country: Sequence[str]
    bbox: str
    occurred_from: str
    occurred_to: str
    updated_since: Moment
    min_killed: int
    linked_to: str
    as_of: Moment
    sort: str
    limit: int
    cursor: str


def incidents(**selection: Unpack[Selection]) -> Pages[IncidentPage, Brief]:
    """Incidents, the latest opened first unless `sort` says otherwise."""
    ask = Ask("/v1/incidents", json_of(IncidentPage), query_of(**selection))
    return Pages(ask, lambda page: page.incidents, lambda page: page.next)


def situation(
    incident: str, *, compare: bool = False, **question: Unpack[Question]
) -> Ask[Situation]:
    """What holds, now or then. `compare`: also how it differs from the plain answer."""
    query = query_of(**question, compare=compare or None)
    return Ask(path_of(incident), json_of(Situation), query)


def updates(
    incident: str, *, order: str = "desc", limit: int | None = None, cursor: str | None = None
) -> Pages[UpdatePage, Update]:
    """The story as it was told, newest first unless `order` is `asc`."""
    query = query_of(order=order, limit=limit, cursor=cursor)
    ask = Ask(path_of(incident, "updates"), json_of(UpdatePage), query)
    return Pages(ask, lambda page: page.updates, lambda page: page.next)


def update(incident: str, update_id: str) -> Ask[Update]:
    """One update as it was told."""
    return Ask(path_of(incident, "updates", update_id), json_of(Update))


def events(
    incident: str, *, after: int = 0, types: Sequence[str] = (), limit: int | None = None
) -> Pages[EventPage, Event]:
    """The record of an incident, event by event, after a version."""
    query = query_of(after_version=after, type=types, limit=limit)
    ask = Ask(path_of(incident, "events"), json_of(EventPage), query)
    return Pages(ask, lambda page: page.events, lambda page: page.next, "after_version")


def event(incident: str, version: int) -> Ask[Event]:
    """One event of the record."""
    return Ask(path_of(incident, "events", str(version)), json_of(Event))


def changes(
    incident: str,
    *,
    start: Moment | int | None = None,
    end: Moment | int | None = None,
    axis: str | None = None,
    **question: Unpack[Question],
) -> Ask[Changes]:
    """What changed between two points: versions, or moments on an axis (`recorded`, `published`).
    Without `start` from the beginning, without `end` up to now.
    """
    query = query_of(**question, axis=axis, **{"from": start, "to": end})
    return Ask(path_of(incident, "changes"), json_of(Changes), query)


def explain(
    incident: str,
    path: str,
    *,
    limit: int | None = None,
    cursor: str | None = None,
    **question: Unpack[Question],
) -> Ask[Explanation]:
    """Every report behind a part of the situation, such as `casualties.killed`."""
    query = query_of(path=path, **question, limit=limit, cursor=cursor)
    return Ask(path_of(incident, "explain"), json_of(Explanation), query)


def series(
    incident: str,
    figure: str,
    *,
    axis: str | None = None,
    start: Moment | None = None,
    end: Moment | None = None,
    limit: int | None = None,
    cursor: str | None = None,
    **question: Unpack[Question],
) -> Ask[Series]:
    """A figure step by step along an axis (`recorded`, `published`, `effective`)."""
    page = {"from": start, "to": end, "limit": limit, "cursor": cursor}
    query = query_of(figure=figure, axis=axis, **question, **page)
    return Ask(path_of(incident, "series"), json_of(Series), query)


def proof(incident: str, version: int) -> Ask[bytes]:
    """What proves an event offline, as it is to be kept (`sitrep verify` checks it)."""
    return Ask(path_of(incident, "proof", str(version)), body_of)


def feed(
    *,
    after: str | None = None,
    types: Sequence[str] = (),
    incident: str | None = None,
    limit: int | None = None,
) -> Pages[FeedPage, FeedPage]:
    """The events of all incidents in the order of their commits, page by page until the reader has
    caught up. A page's `cursor` is what to go on `after`; `now` is after everything.
    """
    query = query_of(after=after, types=types, incident=incident, limit=limit)
    ask = Ask("/v1/events", json_of(FeedPage), query)
    return Pages(ask, lambda page: (page,), lambda page: page.next, "after")


def publishers(
    *, q: str | None = None, origin: str | None = None, limit: int | None = None
) -> Pages[PublisherPage, Source]:
    """What became of each publisher's reports, in the order of the keys: of those whose key begins
    with `q`, of those that passed an `origin` on.
    """
    ask = Ask("/v1/publishers", json_of(PublisherPage), query_of(q=q, origin=origin, limit=limit))
    return Pages(ask, lambda page: page.publishers, lambda page: page.next)


def origins(
    *, q: str | None = None, publisher: str | None = None, limit: int | None = None
) -> Pages[OriginPage, Source]:
    """The same of origins: of those whose key begins with `q`, of those heard at a `publisher`."""
    asked = query_of(q=q, publisher=publisher, limit=limit)
    ask = Ask("/v1/origins", json_of(OriginPage), asked)
    return Pages(ask, lambda page: page.origins, lambda page: page.next)


def preview(
    incident: str, update: Mapping[str, Any] | bytes, *, expecting: int | None = None
) -> Ask[Preview]:
    """What an update would change, or why it would be refused; nothing is stored."""
    return _posting(json_of(Preview), path_of(incident, "preview"), update, expecting)


def open_incident(
    incident: Mapping[str, Any] | bytes, *, update_id: str | UUID | None = None
) -> Ask[Receipt]:
    """Open an incident, with its first reports if it has any. Sent again it is the same."""
    return _posting(_receipt, "/v1/incidents", incident, None, update_id)


def post_update(
    incident: str,
    update: Mapping[str, Any] | bytes,
    *,
    expecting: int | None = None,
    update_id: str | UUID | None = None,
) -> Ask[Receipt]:
    """Append an update, all or nothing; with `expecting` only if the incident is at that version.
    Sent again it is the same.
    """
    return _posting(_receipt, path_of(incident, "updates"), update, expecting, update_id)


class _Named(msgspec.Struct):
    update_id: str | None = None


def _posting(
    read: Callable[[Reply], T],
    path: str,
    posted: Mapping[str, Any] | bytes,
    expecting: int | None,
    update_id: str | UUID | None = None,
) -> Ask[T]:
    """The id is made here, once for all attempts, unless somebody has given one."""
    body = posted if isinstance(posted, bytes) else _encode(posted)
    headers = [("Content-Type", "application/json")]
    if expecting is not None:
        headers.append(("If-Match", f'"{expecting}"'))
    if update_id is not None or not _is_named(body):
        headers.append(("Idempotency-Key", str(update_id or uuid4())))
    return Ask(path, read, headers=tuple(headers), body=body)


def _is_named(body: bytes) -> bool:
    """Whether an update brings an id. (What cannot be read is refused by the store.)"""
    try:
        return msgspec.json.decode(body, type=_Named).update_id is not None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def _receipt(reply: Reply) -> Receipt:
    told = msgspec.json.decode(reply.body, type=Receipt)
    return structs.replace(told, replayed="idempotent-replay" in reply.headers)
