"""What was done with keys, for those who see to them."""

from flask import Response
from flask_smorest import Blueprint

from service.api.access import store
from service.api.describing import reads
from service.api.parameters import KEY_USES, KeyUsesQuery, page_size, read
from service.api.representations import page
from service.store.answers import KeyUsePage

keys = Blueprint("keys", __name__, url_prefix="/v1/keys", description="Who did what")


@keys.get("/uses")
@reads(KeyUsePage, query=KeyUsesQuery, paged=True, keyed=True, problems=[403])
def list_key_uses() -> Response:
    """What was done with keys, the newest first. For an admin."""
    asked = read(KEY_USES)
    told = store().uses(asked.get("key"), cursor=asked.get("cursor"), limit=page_size(asked))
    return page(told, following={"cursor": told.next})
