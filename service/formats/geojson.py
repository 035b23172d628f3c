"""Situations as GeoJSON (RFC 7946): one as a feature for each standing place, many as a feature for
each incident.

The numbers are the situation's own. A key that is missing or null says that it is not known.
"""

from collections.abc import Sequence
from typing import Any

from service.domain.casualties import Toll
from service.domain.overview import Place
from service.domain.situation import Situation
from service.formats.facts import least, scene
from service.formats.site import Asked, Site
from service.store.answers import encode

MEDIA_TYPE = "application/geo+json"

Json = dict[str, Any]


def situation(held: Situation, site: Site, asked: Asked = ()) -> bytes:
    """Every place that some origin names, each with whose word it is. One that nobody has drawn has
    no geometry.
    """
    features = [_feature(place, site, held) for place in held.overview.locations]
    return encode(
        {
            "type": "FeatureCollection",
            "features": features,
            "situation": {**_about(held), "url": site.page(held.incident, asked)},
        }
    )


def incident(held: Situation, site: Site, asked: Asked = ()) -> Json:
    """One incident among others, where it happened."""
    place = scene(held)
    return {
        "type": "Feature",
        "id": held.incident,
        "geometry": None if place is None else place.geometry,
        "properties": {
            **_about(held),
            **({} if place is None else _described(place)),
            "url": site.page(held.incident, asked),
        },
    }


def collection(features: Sequence[Json], following: str | None) -> bytes:
    """A page of incidents. `following` is the address of the next one, in the `links` that OGC API
    Features has there.
    """
    links = [] if following is None else [{"rel": "next", "href": following, "type": MEDIA_TYPE}]
    return encode({"type": "FeatureCollection", "features": features, "links": links})


def _feature(place: Place, site: Site, held: Situation) -> Json:
    event = site.data(held.incident, f"events/{place.because[0]}")
    properties = {"incident": held.incident, "title": held.title, **_described(place)}
    return {
        "type": "Feature",
        "id": f"{held.incident}/{place.because[0]}",
        "geometry": place.geometry,
        "properties": {**properties, "leads": place.leads, "event": event},
    }


def _described(place: Place) -> Json:
    return {
        "place_role": place.role,
        "place": place.name,
        "country": place.country,
        "precision": place.precision,
        "relative": place.relative,
        "origin": place.origin,
    }


def _about(held: Situation) -> Json:
    when = held.overview.occurred
    return {
        "incident": held.incident,
        "title": held.title,
        "kind": held.kind,
        "status": held.status,
        "version": held.version,
        "recorded_at": held.recorded_at,
        "as_of": held.as_of,
        "published_until": held.published_until,
        "policy": held.policy,
        "left_out": held.left_out,
        "occurred_earliest": when.earliest,
        "occurred_latest": when.latest,
        "occurred_precision": when.precision,
        **_counted("killed", held.casualties.killed),
        **_counted("injured", held.casualties.injured),
        "responsibility": held.attribution.responsibility,
    }


def _counted(name: str, toll: Toll) -> Json:
    """Of what nobody reported the status alone: 0 would be a number that nobody gave."""
    if toll.status == "unreported":
        return {f"{name}_status": toll.status}
    return {
        f"{name}_low": least(toll),
        f"{name}_high": toll.high,
        f"{name}_best": toll.best,
        f"{name}_status": toll.status,
    }
