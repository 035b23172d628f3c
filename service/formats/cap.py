"""A situation as a Common Alerting Protocol message (OASIS CAP 1.2).

A record of reports is no alert, and knows nothing of urgency. What CAP demands and nobody has said
is `Unknown`, and the message a `Draft`, for an authority to judge: docs/formats.md has the reasons.
"""

from collections.abc import Iterator
from hashlib import blake2b
from typing import Any
from xml.etree.ElementTree import Element

from service.domain.overview import Place, PlacePrecision
from service.domain.situation import Situation
from service.domain.wording import say_place
from service.formats import facts
from service.formats.markup import add, document
from service.formats.markup import root as root_of
from service.formats.site import Asked, Site
from service.store.answers import encode

MEDIA_TYPE = "application/cap+xml"
NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
SECOND = len("2020-03-11T17:00:00")
NOBODY = "sitrep"
UNKNOWN = "Unknown"

CATEGORIES = {
    "attack": "Security",
    "clash": "Security",
    "assassination": "Security",
    "riot": "Security",
    "wildfire": "Fire",
    "outbreak": "Health",
}
"""By the family of a kind; all others are `Other`."""


def alert(
    held: Situation, site: Site, asked: Asked = (), *, restriction: str | None = None
) -> bytes:
    """`restriction` says who may read it, where that is not everybody."""
    root = root_of("alert", NAMESPACE)
    sender = site.root.partition("//")[2] or NOBODY
    add(root, "identifier", f"{held.incident}.{held.version}.{_digest(held)}")
    add(root, "sender", sender)
    add(root, "sent", _moment(held.recorded_at))
    add(root, "status", "Draft")
    add(root, "msgType", "Alert")
    add(root, "scope", "Public" if restriction is None else "Restricted")
    if restriction is not None:
        add(root, "restriction", restriction)
    add(root, "note", f"A record of what was reported, {held.status}; nobody issued it.")
    add(root, "incidents", held.incident)
    _add_info(root, held, site, asked)
    return document(root)


def _add_info(root: Element, held: Situation, site: Site, asked: Asked) -> None:
    info = add(root, "info")
    family, _, part = held.kind.partition(".")
    add(info, "language", "en")
    add(info, "category", CATEGORIES.get(family, "Other"))
    add(info, "event", f"{part} {family}".strip())
    for name in ("urgency", "severity", "certainty"):
        add(info, name, UNKNOWN)
    onset = facts.instant(held.overview.occurred)
    if onset is not None:
        add(info, "onset", _moment(onset))
    add(info, "headline", held.title)
    add(info, "description", "\n".join(facts.sentences(held)))
    add(info, "web", site.page(held.incident, asked))
    for name, value in _parameters(held):
        _named(info, "parameter", name, value)
    place = facts.scene(held)
    if place is not None:
        _add_area(info, place)


def _parameters(held: Situation) -> Iterator[tuple[str, str]]:
    """The numbers; of an open-ended one there is no `high`."""
    for harm, toll in facts.tolls(held).items():
        told = {"low": facts.least(toll), "high": toll.high, "best": toll.best}
        for bound, number in told.items():
            if number is not None:
                yield f"sitrep:casualties.{harm}.{bound}", f"{number}"
        yield f"sitrep:casualties.{harm}.status", toll.status
    yield "sitrep:responsibility", held.attribution.responsibility
    yield "sitrep:status", held.status
    yield "sitrep:version", f"{held.version}"


def _add_area(info: Element, place: Place) -> None:
    """Drawn only where the drawing is the area: a polygon, or a point that is exact."""
    area = add(info, "area")
    add(area, "areaDesc", say_place(place))
    at = facts.point(place)
    for ring in _rings(place.geometry or {}):
        points = " ".join(_pair(position) for position in ring)
        add(area, "polygon", points)
    if at is not None and place.precision == PlacePrecision.EXACT:
        add(area, "circle", f"{_pair(at)} 0")
    if place.country is not None:
        _named(area, "geocode", "ISO 3166-1 alpha-2", place.country)


def _named(parent: Element, tag: str, name: str, value: str) -> None:
    made = add(parent, tag)
    add(made, "valueName", name)
    add(made, "value", value)


def _rings(geometry: dict[str, Any]) -> list[Any]:
    """The outlines of a polygon or several; none where one has holes, which CAP has not."""
    match geometry.get("type"):
        case "Polygon":
            polygons = [geometry["coordinates"]]
        case "MultiPolygon":
            polygons = geometry["coordinates"]
        case _:
            polygons = []
    return [] if any(len(polygon) > 1 for polygon in polygons) else [one[0] for one in polygons]


def _pair(position: Any) -> str:
    """Latitude first."""
    longitude, latitude = position[:2]
    return f"{latitude},{longitude}"


def _moment(instant: str) -> str:
    """CAP takes no fractions of a second, and writes UTC as `-00:00`."""
    return f"{instant[:SECOND]}-00:00"


def _digest(held: Situation) -> str:
    """What sets two answers about one version apart."""
    return blake2b(encode(held), digest_size=6).hexdigest()
