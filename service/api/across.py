"""Many incidents in other forms: the list as a map or a table, everybody's updates as a feed; and
what a page of an incident can be embedded as (docs/formats.md).
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Response
from flask_smorest import Blueprint
from msgspec import structs
from werkzeug.datastructures import MultiDict

from schemas.forms import Url
from service.api.access import opened_store, store
from service.api.addresses import root
from service.api.converters import SlugConverter
from service.api.describing import reads_bytes
from service.api.formats import ALONE, TABLES, absolute, saved_as, site
from service.api.parameters import (
    SITUATION,
    Choice,
    Instant,
    Numeral,
    PageQuery,
    Query,
    described,
    moment_us,
    page_size,
    question,
    read,
)
from service.api.representations import IMMUTABLE, NO_CACHE, next_link, representation
from service.api.selecting import ListQuery, selection
from service.errors import BadParameters, NotFound
from service.formats import atom, geojson, oembed, table
from service.formats.site import Asked

across = Blueprint(
    "across", __name__, url_prefix="/v1", description="Many incidents for maps, tables and feeds"
)

MOST_PIXELS = 100_000

_PAGE = re.compile(rf"/incidents/({SlugConverter.regex})", re.ASCII)


class TableListQuery(ListQuery):
    columns = described(Choice(TABLES, "ucdp"), "Whose names the columns have.")


class LatestQuery(PageQuery):
    as_of = described(Instant(), "What we knew then: only what was recorded by this moment.")


class OembedQuery(Query):
    url = described(Url(required=True), "The address of an incident's page on this site.")
    format = described(Choice(["json", "xml"], "json"), "What the answer is written in.")
    maxwidth = described(Numeral(1, MOST_PIXELS), "So many pixels there are room for.")
    maxheight = described(Numeral(1, MOST_PIXELS), "So many pixels there are room for.")


TABLE_LIST, LIST = TableListQuery(), ListQuery()
LATEST = LatestQuery()
OEMBED = OembedQuery()


@across.get("/incidents.geojson")
@reads_bytes(geojson.MEDIA_TYPE, query=ListQuery, paged=True)
def list_features() -> Response:
    """Incidents as features where they happened (RFC 7946), chosen as in the list."""
    wanted, at = read(LIST), site()
    features, cursor = store().survey(
        selection(wanted),
        lambda one: geojson.incident(one.situation, at, _then(wanted)),
        cursor=wanted.get("cursor"),
        limit=page_size(wanted),
    )
    following = {"cursor": cursor}
    body = geojson.collection(features, absolute(following))
    return representation(body, media_type=geojson.MEDIA_TYPE, more=next_link(following))


@across.get("/incidents.csv")
@reads_bytes(table.MEDIA_TYPE, query=TableListQuery, paged=True)
def list_rows() -> Response:
    """Incidents as rows, chosen as in the list; every page has the header."""
    wanted, at = read(TABLE_LIST), site()
    columns = TABLES[wanted.get("columns", "ucdp")]
    rows, cursor = store().survey(
        selection(wanted),
        lambda one: columns.row(one.situation, at, _then(wanted)),
        cursor=wanted.get("cursor"),
        limit=page_size(wanted),
    )
    headers = [*next_link({"cursor": cursor}), *saved_as("incidents.csv")]
    body = table.written(columns.COLUMNS, rows)
    return representation(body, media_type=table.MEDIA_TYPE, more=headers)


@across.get("/updates.atom")
@reads_bytes(atom.MEDIA_TYPE, query=LatestQuery, paged=True)
def list_latest() -> Response:
    """The updates of all incidents as an Atom feed (RFC 4287), the latest recorded first."""
    wanted = read(LATEST)
    told = store().latest_updates(
        moment_us(wanted, "as_of"), cursor=wanted.get("cursor"), limit=page_size(wanted)
    )
    at, following, then = site(), {"cursor": told.next}, _then(wanted)
    body = atom.of_all(told.updates, told.situations, at, then, following=absolute(following))
    return representation(
        body,
        media_type=atom.MEDIA_TYPE,
        caching=IMMUTABLE if told.immutable else NO_CACHE,
        more=next_link(following),
    )


@across.get("/oembed")
@reads_bytes(oembed.JSON, oembed.XML, query=OembedQuery, problems=[404])
def get_oembed() -> Response:
    """What an incident's page can be embedded as (oEmbed 1.0): its card, of the same question."""
    wanted = read(OEMBED)
    incident, sent = _page_of(wanted["url"])
    try:
        asked = question(read(SITUATION, sent))
    except BadParameters as strange:
        raise NotFound(f"no page of this site: {strange}") from strange
    public = structs.replace(asked, desk=False)
    held = opened_store().retold(incident, public, ALONE).situation
    told = oembed.rich(
        held,
        site(),
        tuple(sent.items(multi=True)),
        width=wanted.get("maxwidth"),
        height=wanted.get("maxheight"),
    )
    if wanted.get("format") == "xml":
        return representation(oembed.as_xml(told), media_type=oembed.XML)
    return representation(oembed.as_json(told))


def _then(wanted: Mapping[str, Any]) -> Asked:
    """What of the question is one about each incident too."""
    return (("as_of", wanted["as_of"]),) if "as_of" in wanted else ()


def _page_of(url: str) -> tuple[str, MultiDict[str, str]]:
    """Which incident a page of this site is about, and what it was asked. Raises NotFound for any
    other address: this service asks no other.
    """
    told, here = urlsplit(url), urlsplit(root())
    found = _PAGE.fullmatch(told.path)
    if found is None or told.netloc.lower() != here.netloc.lower():
        raise NotFound("no page of an incident on this site")
    return found[1], MultiDict(parse_qsl(told.query, keep_blank_values=True))
