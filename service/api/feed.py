"""The feed: events of all incidents in commit order, none ever missed."""

from flask import Response
from flask_smorest import Blueprint

from service.api.access import store
from service.api.describing import reads
from service.api.parameters import FEED, FeedQuery, page_size, read
from service.api.representations import JSON, page, preferred
from service.store.answers import FeedPage

feed = Blueprint("feed", __name__, url_prefix="/v1/events", description="What happens, as it does")


@feed.get("")
@reads(FeedPage, query=FeedQuery, paged=True, problems=[406])
def list_feed() -> Response:
    """Events after a cursor. `next` is null where the reader has caught up; go on from `cursor`."""
    preferred(JSON)
    asked = read(FEED)
    told = store().feed(
        after=asked.get("after", asked.get("cursor")),
        types=tuple(asked.get("types", ())),
        incident=asked.get("incident"),
        limit=page_size(asked),
    )
    return page(told, following={"after": told.next})
