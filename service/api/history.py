"""One incident's record: the updates as they were told, the events as they are kept."""

from uuid import UUID

from flask import Response, request
from flask_smorest import Blueprint

from service.api.access import store
from service.api.comparing import ChangesQuery, ends
from service.api.describing import reads
from service.api.parameters import (
    EVENTS,
    EXPLAIN,
    UPDATES,
    EventsQuery,
    ExplainQuery,
    UpdatesQuery,
    page_size,
    question,
    read,
    refuse_parameters,
)
from service.api.representations import (
    IMMUTABLE,
    JSON,
    NDJSON,
    NO_CACHE,
    VARY_ACCEPT,
    event_page,
    next_link,
    page,
    preferred,
    representation,
)
from service.api.streaming import EVENT_STREAM, last_told, refuse_pages, stream
from service.formats import cloudevents
from service.store.answers import EventPage, EventRecord, UpdatePage, UpdateRecord, encode
from service.store.comparing import Changes
from service.store.explanations import Explanation
from service.store.following import OfIncident

history = Blueprint(
    "history", __name__, url_prefix="/v1/incidents/<slug:incident>", description="The record"
)


@history.get("/changes")
@reads(Changes, query=ChangesQuery, problems=[404])
def get_changes(incident: str) -> Response:
    """What changed between two points: paths, from, to, causes and one sentence each."""
    told, immutable = store().changes(incident, ends())
    return representation(encode(told), caching=IMMUTABLE if immutable else NO_CACHE)


@history.get("/explain")
@reads(Explanation, query=ExplainQuery, paged=True, problems=[404])
def get_explanation(incident: str) -> Response:
    """Every report behind a figure or another part of the situation, those that fell and why.

    The reports that stand come with the first page; those that fell page by page.
    """
    asked = read(EXPLAIN)
    told, immutable = store().explain(
        incident,
        asked["path"],
        question(asked),
        cursor=asked.get("cursor"),
        limit=page_size(asked),
    )
    caching = IMMUTABLE if immutable else NO_CACHE
    return page(told, following={"cursor": told.next}, caching=caching)


@history.get("/updates")
@reads(UpdatePage, query=UpdatesQuery, paged=True, problems=[404])
def list_updates(incident: str) -> Response:
    """The story as told: updates with their reports, newest first unless `order=asc`."""
    asked = read(UPDATES)
    told = store().updates(
        incident,
        cursor=asked.get("cursor"),
        limit=page_size(asked),
        ascending=asked.get("order") == "asc",
    )
    return page(told, following={"cursor": told.next})


@history.get("/updates/<uuid:update_id>")
@reads(UpdateRecord, problems=[404])
def get_update(incident: str, update_id: UUID) -> Response:
    """One update as it was told."""
    refuse_parameters()
    return representation(encode(store().update(incident, str(update_id))))


@history.get("/events")
@reads(
    EventPage,
    query=EventsQuery,
    paged=True,
    lines=EventRecord,
    streamed=True,
    others=[cloudevents.BATCH],
    problems=[404, 406],
)
def list_events(incident: str) -> Response:
    """The raw record with its hashes, in the order of versions.

    As a stream it stays open and tells what is recorded from then on: `id` is an event's version,
    to go on from with `Last-Event-ID` or `after_version`.
    """
    asked = read(EVENTS)
    wanted = preferred(JSON, NDJSON, cloudevents.BATCH, EVENT_STREAM)
    after, types = asked.get("after_version", asked.get("cursor", 0)), tuple(asked.get("type", ()))
    if wanted == EVENT_STREAM:
        refuse_pages(asked)
        store().events(incident, after_version=0, types=(), limit=1)  # or there is none to follow
        return stream(OfIncident(incident, last_told() or str(after), types=types))
    kept = store().events(incident, after_version=after, types=types, limit=page_size(asked))
    following = {"after_version": kept.next}
    if wanted == cloudevents.BATCH:
        batch, more = cloudevents.batch(kept.events), [VARY_ACCEPT, *next_link(following)]
        return representation(batch, media_type=wanted, more=more)
    return event_page(kept, wanted, following=following)


@history.get("/events/<version:version>")
@reads(EventRecord, others=[cloudevents.ONE], problems=[404])
def get_event(incident: str, version: int) -> Response:
    """One event with its hashes."""
    refuse_parameters()
    told = store().event(incident, version)
    if request.accept_mimetypes.best_match([JSON, cloudevents.ONE]) == cloudevents.ONE:
        body = cloudevents.one(told)
        return representation(body, media_type=cloudevents.ONE, more=[VARY_ACCEPT])
    return representation(encode(told), more=[VARY_ACCEPT])
