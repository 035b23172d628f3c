"""One incident in other forms: for maps, tables, feeds, alerts and other people's pages.

Each takes the question that the situation takes, and says the same (docs/formats.md).
"""

from collections.abc import Iterable

from flask import Response, current_app, request
from flask_smorest import Blueprint
from msgspec import structs

from schemas.fields import Text, Word
from service.api.access import PRIVATE_READING, is_desk, opened_store, store
from service.api.addresses import root
from service.api.describing import reads_bytes
from service.api.parameters import (
    LONGEST_CURSOR,
    MOST,
    NEXT,
    SITUATION,
    USUAL,
    Choice,
    Numeral,
    SituationQuery,
    described,
    page_size,
    question,
    read,
)
from service.api.representations import (
    IMMUTABLE,
    NO_CACHE,
    Headers,
    next_link,
    next_page,
    representation,
)
from service.formats import acled, atom, cap, geojson, liveblog, table, ucdp, updates
from service.formats import card as cards
from service.formats.site import Asked, Site
from service.store.retelling import Retold, Turn

formats = Blueprint(
    "formats",
    __name__,
    url_prefix="/v1/incidents/<slug:incident>",
    description="The same for maps, tables, feeds and other people's pages",
)

TABLES = {"ucdp": ucdp, "acled": acled}
ALONE = Turn(limit=0)
"""The situation without any update."""


class TableQuery(SituationQuery):
    columns = described(Choice(TABLES, "ucdp"), "Whose names the columns have.")


class ToldQuery(SituationQuery):
    limit = Numeral(1, MOST, default=USUAL)
    cursor = described(Text(LONGEST_CURSOR), NEXT)


class RowsQuery(ToldQuery):
    order = described(Word(["asc", "desc"]), "By time of recording; `asc` where it is not said.")


ROWS = RowsQuery()
TABLE = TableQuery()
TOLD = ToldQuery()


@formats.get("/situation.geojson")
@reads_bytes(geojson.MEDIA_TYPE, query=SituationQuery, problems=[404])
def get_geojson(incident: str) -> Response:
    """Every standing place as a feature (RFC 7946)."""
    told = store().retold(incident, question(), ALONE)
    body = geojson.situation(told.situation, site(), asked())
    return _formed(incident, told, body, geojson.MEDIA_TYPE)


@formats.get("/situation.csv")
@reads_bytes(table.MEDIA_TYPE, query=TableQuery, problems=[404])
def get_table(incident: str) -> Response:
    """One row, its columns named as UCDP or ACLED do."""
    wanted = read(TABLE)
    told = store().retold(incident, question(wanted), ALONE)
    columns = TABLES[wanted.get("columns", "ucdp")]
    body = table.written(columns.COLUMNS, [columns.row(told.situation, site(), asked())])
    return _formed(incident, told, body, table.MEDIA_TYPE, saved_as(f"{incident}.csv"))


@formats.get("/liveblog.jsonld")
@reads_bytes(liveblog.MEDIA_TYPE, query=ToldQuery, paged=True, problems=[404])
def get_liveblog(incident: str) -> Response:
    """A schema.org LiveBlogPosting, the newest update first."""
    told, following = _told(incident)
    body = liveblog.posting(told, site(), asked())
    return _formed(incident, told, body, liveblog.MEDIA_TYPE, next_link(following))


@formats.get("/updates.atom")
@reads_bytes(atom.MEDIA_TYPE, query=ToldQuery, paged=True, problems=[404])
def get_feed(incident: str) -> Response:
    """The updates as an Atom feed (RFC 4287), the newest first."""
    told, following = _told(incident)
    body = atom.of_incident(
        told.situation, told.updates, site(), asked(), following=absolute(following)
    )
    return _formed(incident, told, body, atom.MEDIA_TYPE, next_link(following))


@formats.get("/updates.csv")
@reads_bytes(table.MEDIA_TYPE, query=RowsQuery, paged=True, problems=[404])
def get_rows(incident: str) -> Response:
    """Every report as a row, the oldest first unless `order=desc`: what `sitrep import` takes
    again. Every page has the header.
    """
    wanted = read(ROWS)
    turn = Turn(
        limit=page_size(wanted),
        cursor=wanted.get("cursor"),
        ascending=wanted.get("order") != "desc",
    )
    told = store().retold(incident, question(wanted), turn)
    headers = [*next_link({"cursor": told.next}), *saved_as(f"{incident}-updates.csv")]
    return _formed(incident, told, updates.rows(told), table.MEDIA_TYPE, headers)


@formats.get("/alert.cap")
@reads_bytes(cap.MEDIA_TYPE, query=SituationQuery, problems=[404])
def get_alert(incident: str) -> Response:
    """A draft of a CAP 1.2 message: nobody issued it."""
    told = store().retold(incident, question(), ALONE)
    body = cap.alert(told.situation, site(), asked(), restriction=_restriction())
    return _formed(incident, told, body, cap.MEDIA_TYPE)


@formats.get("/card")
@reads_bytes(cards.MEDIA_TYPE, query=SituationQuery, problems=[404])
def get_card(incident: str) -> Response:
    """A small page for a frame in any other page, without script. It shows what the public reads,
    whoever asks.
    """
    told = opened_store().retold(incident, structs.replace(question(), desk=False), ALONE)
    body = cards.card(told.situation, site(), asked())
    headers = [
        ("Content-Security-Policy", cards.POLICY),
        ("Cross-Origin-Resource-Policy", "cross-origin"),
    ]
    return _formed(incident, told, body, cards.MEDIA_TYPE, headers)


def site() -> Site:
    return Site(root())


def asked() -> Asked:
    """The question as it was sent, without what chooses a page or a form of its answer."""
    given = request.args.items(multi=True)
    return tuple(pair for pair in given if pair[0] in SITUATION.fields)


def absolute(following: dict[str, str | None]) -> str | None:
    uri = next_page(following)
    return None if uri is None else f"{root()}{uri}"


def saved_as(name: str) -> Headers:
    return [("Content-Disposition", f'attachment; filename="{name}"')]


def _told(incident: str) -> tuple[Retold, dict[str, str | None]]:
    """What is asked for, and the parameter that asks for the next page."""
    wanted = read(TOLD)
    turn = Turn(limit=page_size(wanted), cursor=wanted.get("cursor"))
    told = store().retold(incident, question(wanted), turn)
    return told, {"cursor": told.next}


def _formed(
    incident: str,
    told: Retold,
    body: bytes,
    media_type: str,
    more: Iterable[tuple[str, str]] = (),
) -> Response:
    """Where the asked incident was merged into another, the answer is the other's and says so."""
    headers, known = list(more), told.situation.incident
    if known != incident:
        headers.append(("Link", f'</v1/incidents/{known}>; rel="canonical"'))
    return representation(
        body,
        media_type=media_type,
        caching=IMMUTABLE if told.immutable else NO_CACHE,
        more=headers,
    )


def _restriction() -> str | None:
    """Who may read the answer, where that is not everybody."""
    if is_desk():
        return "for the desk"
    return "for readers with a key" if current_app.config[PRIVATE_READING] else None
