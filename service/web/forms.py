"""The other forms of what a page shows (docs/formats.md): their addresses, and the one in it."""

from typing import NamedTuple
from urllib.parse import urlencode

from markupsafe import Markup

from service.api.access import store
from service.api.formats import asked, site
from service.formats import atom, cap, geojson, liveblog
from service.formats.site import Site
from service.store.answers import Question
from service.store.retelling import Turn
from service.web.tongues.speaking import gettext

ARTICLES = 20
"""Updates in the live blog that stands in a page."""


class Form(NamedTuple):
    name: str
    media_type: str
    href: str


def forms(incident: str) -> tuple[Form, ...]:
    """Of the incident, asked as the page is."""
    here, sent = Site(""), asked()

    def at(name: str, *more: tuple[str, str]) -> str:
        return here.data(incident, name, (*sent, *more))

    return (
        Form("JSON", "application/json", here.data(incident, "", sent)),
        Form("GeoJSON", geojson.MEDIA_TYPE, at("situation.geojson")),
        Form(gettext("CSV, UCDP's columns"), "text/csv", at("situation.csv")),
        Form(
            gettext("CSV, ACLED's columns"), "text/csv", at("situation.csv", ("columns", "acled"))
        ),
        Form(gettext("CSV of every report"), "text/csv", at("updates.csv")),
        Form(gettext("Atom feed"), atom.MEDIA_TYPE, at("updates.atom")),
        Form(gettext("JSON-LD live blog"), liveblog.MEDIA_TYPE, at("liveblog.jsonld")),
        Form(gettext("CAP 1.2 draft"), cap.MEDIA_TYPE, at("alert.cap")),
        Form(gettext("Card to embed"), "text/html", at("card")),
    )


def embedding(incident: str) -> Form:
    """Where other sites learn how to embed the page (oEmbed discovery)."""
    here = site()
    query = urlencode({"format": "json", "url": here.page(incident, asked())})
    return Form("oEmbed", "application/json+oembed", f"{here.root}/v1/oembed?{query}")


def live_blog(incident: str, question: Question) -> Markup:
    """For a `<script type="application/ld+json">`, which a browser does not run."""
    told = store().retold(incident, question, Turn(limit=ARTICLES))
    posted = liveblog.posting(told, site(), asked())
    return Markup(liveblog.inline(posted))  # noqa: S704 - it has no `<`, `>` or `&` any more
