"""The TimeMap: every memento of an incident, as links (RFC 7089 §5) or as JSON.

The JSON is that of mementoweb.org's TimeMaps, whose readers know times in whole seconds only.
"""

from collections.abc import Mapping

from flask import Response
from flask_smorest import Blueprint
from msgspec import UNSET, Struct, UnsetType, field

from service.api.access import store
from service.api.describing import reads
from service.api.memento import LINK_FORMAT, Uris, link_header, link_to, memento_link, written
from service.api.parameters import MOST, TIMEMAP, TimeMapQuery, page_size, read
from service.api.representations import JSON, preferred, representation
from service.domain.moments import write_instant
from service.store.answers import Memento, MementoPage, encode

timemap = Blueprint(
    "timemap", __name__, url_prefix="/v1/incidents/<slug:incident>", description="Memento"
)


class MementoUri(Struct, frozen=True, kw_only=True):
    datetime: str
    uri: str


class MementoList(Struct, frozen=True, kw_only=True):
    """`first` and `last` of all there are; `list` has those of this page."""

    first: MementoUri
    last: MementoUri
    list: tuple[MementoUri, ...]


class TimeMapUris(Struct, frozen=True, kw_only=True):
    """Both forms have one address, where `Accept` chooses."""

    link_format: str
    json_format: str


class TimeMapPage(Struct, frozen=True, kw_only=True):
    """Another page of the TimeMap, and the times of its first and its last memento."""

    uri: str
    since: str = field(name="from")
    until: str


class TimeMapPages(Struct, frozen=True, kw_only=True):
    next: TimeMapPage


class TimeMap(Struct, frozen=True, kw_only=True):
    """The mementos of an incident, the oldest first; `pages` is there while more of them follow."""

    original_uri: str
    timegate_uri: str
    timemap_uri: TimeMapUris
    mementos: MementoList
    pages: TimeMapPages | UnsetType = UNSET


@timemap.get("/timemap")
@reads(TimeMap, query=TimeMapQuery, paged=True, text=LINK_FORMAT, problems=[404, 406])
def get_timemap(incident: str) -> Response:
    """The mementos of an incident: one for each update, the oldest first.

    Links unless JSON is asked for. With parameters of the incident, the mementos of that question.
    """
    asked = read(TIMEMAP)
    chosen = preferred(LINK_FORMAT, JSON)
    limit = page_size(asked, MOST)
    page = store().mementos(incident, cursor=asked.get("cursor"), limit=limit)
    uris = Uris(incident)
    here = uris.timemap(**{name: asked[name] for name in ("limit", "cursor") if name in asked})
    there = None if page.next is None else uris.timemap(limit=limit, cursor=page.next)
    body = _as_json if chosen == JSON else _as_links
    following = [] if there is None else [link_header([link_to(there, "next")])]
    return representation(
        body(page, uris, here, there), media_type=chosen, more=[("Vary", "Accept"), *following]
    )


def _as_links(page: MementoPage, uris: Uris, here: str, there: str | None) -> bytes:
    links = [
        link_to(uris.original(), "original timegate"),
        link_to(here, "self", type=LINK_FORMAT, **_reach(page.mementos)),
    ]
    if there is not None and page.following is not None:
        links.append(link_to(there, "timemap", type=LINK_FORMAT, **_reach(page.following)))
    ends = {"first": page.first, "last": page.last}
    for memento in page.mementos:
        rels = [rel for rel, end in ends.items() if end == memento]
        links.append(memento_link(uris, memento, rels))
    return ",\n".join(links).encode()


def _reach(mementos: tuple[Memento, ...]) -> Mapping[str, str]:
    return {"from": written(mementos[0]), "until": written(mementos[-1])} if mementos else {}


def _as_json(page: MementoPage, uris: Uris, here: str, there: str | None) -> bytes:
    def told(memento: Memento) -> MementoUri:
        return MementoUri(datetime=_second(memento), uri=uris.memento(memento))

    pages: TimeMapPages | UnsetType = UNSET
    if there is not None and page.following is not None:
        first, last = page.following
        following = TimeMapPage(uri=there, since=_second(first), until=_second(last))
        pages = TimeMapPages(next=following)
    return encode(
        TimeMap(
            original_uri=uris.original(),
            timegate_uri=uris.original(),
            timemap_uri=TimeMapUris(link_format=here, json_format=here),
            mementos=MementoList(
                first=told(page.first),
                last=told(page.last),
                list=tuple(told(memento) for memento in page.mementos),
            ),
            pages=pages,
        )
    )


def _second(memento: Memento) -> str:
    return write_instant(memento.recorded_us)[:19] + "Z"
