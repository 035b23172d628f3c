"""The feed: events of all incidents in commit order, none ever missed."""

from flask import Response
from flask_smorest import Blueprint

from service.api.access import store
from service.api.describing import reads
from service.api.parameters import FEED, FeedQuery, page_size, read
from service.api.representations import (
    JSON,
    VARY_ACCEPT,
    next_link,
    page,
    preferred,
    representation,
)
from service.api.streaming import EVENT_STREAM, last_told, refuse_pages, stream
from service.formats import cloudevents
from service.store.answers import FeedPage
from service.store.following import OfAll

feed = Blueprint("feed", __name__, url_prefix="/v1/events", description="What happens, as it does")

NOW = "now"
CURSOR = "Feed-Cursor"
FEED_CURSOR = {
    CURSOR: {
        "description": "Of a batch of CloudEvents: where to go on.",
        "schema": {"type": "string"},
    }
}


@feed.get("")
@reads(
    FeedPage,
    query=FeedQuery,
    paged=True,
    streamed=True,
    others=[cloudevents.BATCH],
    headers=FEED_CURSOR,
    problems=[406],
)
def list_feed() -> Response:
    """Events after a cursor. `next` is null where the reader has caught up; go on from `cursor`,
    which a batch of CloudEvents has as the header `Feed-Cursor`.

    As a stream it stays open and tells what is recorded from then on: `id` is the cursor after an
    event, to go on from with `Last-Event-ID` or `after`; `after=now` leaves out what was before.
    """
    asked = read(FEED)
    wanted = preferred(JSON, cloudevents.BATCH, EVENT_STREAM)
    after, types = asked.get("after", asked.get("cursor")), tuple(asked.get("types", ()))
    incident = asked.get("incident")
    if wanted == EVENT_STREAM:
        refuse_pages(asked)
        place = _place(last_told() or after)
        return stream(OfAll(place or "0", store().lanes, types=types, incident=incident))
    told = store().feed(after=_place(after), types=types, incident=incident, limit=page_size(asked))
    following, more = {"after": told.next}, [VARY_ACCEPT]
    if wanted == JSON:
        return page(told, following=following, more=more)
    more += [*next_link(following), (CURSOR, told.cursor)]
    batch = cloudevents.batch(told.events)
    return representation(batch, media_type=cloudevents.BATCH, more=more)


def _place(after: str | None) -> str | None:
    return store().feed_end() if after == NOW else after
