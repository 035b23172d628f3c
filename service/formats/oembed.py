"""oEmbed 1.0: what a page of an incident can be shown as elsewhere, which is its card."""

from typing import Any

from markupsafe import Markup

from service.domain.situation import Situation
from service.formats.markup import add, document, root
from service.formats.site import Asked, Site
from service.store.answers import encode

JSON = "application/json"
XML = "text/xml"
WIDTH, HEIGHT = 480, 280
"""Pixels, where a consumer has no less room."""

_FRAME = Markup(
    '<iframe src="{src}" width="{width}" height="{height}" title="{title}" sandbox="allow-popups '
    'allow-popups-to-escape-sandbox" loading="lazy" style="border:0"></iframe>'
)


def rich(
    held: Situation, site: Site, asked: Asked, *, width: int | None, height: int | None
) -> dict[str, Any]:
    """No wider and no higher than a consumer allows."""
    wide, high = min(width or WIDTH, WIDTH), min(height or HEIGHT, HEIGHT)
    frame = _FRAME.format(
        src=site.data(held.incident, "card", asked), width=wide, height=high, title=held.title
    )
    return {
        "version": "1.0",
        "type": "rich",
        "title": held.title,
        "provider_name": "Sitrep",
        "provider_url": f"{site.root}/",
        "html": str(frame),
        "width": wide,
        "height": high,
    }


def as_json(told: dict[str, Any]) -> bytes:
    return encode(told)


def as_xml(told: dict[str, Any]) -> bytes:
    whole = root("oembed")
    for name, value in told.items():
        add(whole, name, f"{value}")
    return document(whole)
