"""The source ledger: what became of the reports of each publisher and origin. It is no ranking."""

from flask import Response
from flask_smorest import Blueprint

from service.api.access import store
from service.api.describing import reads
from service.api.parameters import (
    ORIGINS,
    PAGE,
    PUBLISHERS,
    OriginsQuery,
    PageQuery,
    PublishersQuery,
    Query,
    page_size,
    read,
)
from service.api.representations import page
from service.store.counts import OriginPage, OriginRecord, PublisherPage, PublisherRecord
from service.store.ledger import Turn

publishers = Blueprint(
    "publishers", __name__, url_prefix="/v1/publishers", description="Where it was read"
)
origins = Blueprint("origins", __name__, url_prefix="/v1/origins", description="Who said it")


@publishers.get("")
@reads(PublisherPage, query=PublishersQuery, paged=True)
def list_publishers() -> Response:
    """Every publisher, in the order of the keys."""
    found = store().publishers(_turn(PUBLISHERS))
    return page(found, following={"cursor": found.next})


@publishers.get("/<source:key>")
@reads(PublisherRecord, query=PageQuery, paged=True, problems=[404])
def get_publisher(key: str) -> Response:
    """One publisher, the origins that it passed on, and the incidents that it told of."""
    found = store().publisher(key, _turn(PAGE))
    return page(found, following={"cursor": found.next})


@origins.get("")
@reads(OriginPage, query=OriginsQuery, paged=True)
def list_origins() -> Response:
    """Every origin, in the order of the keys."""
    found = store().origins(_turn(ORIGINS))
    return page(found, following={"cursor": found.next})


@origins.get("/<source:key>")
@reads(OriginRecord, query=PageQuery, paged=True, problems=[404])
def get_origin(key: str) -> Response:
    """One origin, the publishers that passed it on, and the incidents that it was heard on."""
    found = store().origin(key, _turn(PAGE))
    return page(found, following={"cursor": found.next})


def _turn(query: Query) -> Turn:
    asked = read(query)
    return Turn(
        cursor=asked.get("cursor"),
        limit=page_size(asked),
        prefix=asked.get("q", ""),
        at=asked.get("publisher", asked.get("origin", "")),
    )
