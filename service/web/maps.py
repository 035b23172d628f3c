"""The places of a situation, as the map on its page draws them."""

from typing import Any

import msgspec

from service.domain.situation import Situation
from service.domain.wording import label
from service.web import words
from service.web.assets import FOLDER
from service.web.tongues.speaking import said

NUMERIC: dict[str, str] = msgspec.json.decode((FOLDER / "countries.json").read_bytes())
"""ISO 3166-1 numeric codes, by which the borders know a country, by alpha-2 code."""


def mapped(held: Situation) -> dict[str, Any] | None:
    """None where no place has a geometry or lies in a country that the map has."""
    told = held.overview.locations
    places = [
        {
            "role": place.role,
            "precision": place.precision,
            "geometry": place.geometry,
            "leads": place.leads,
            "words": f"{label(said('place', place.role))}: {words.place(place)}",
        }
        for place in told
        if place.geometry is not None
    ]
    countries = {NUMERIC[place.country] for place in told if place.country in NUMERIC}
    if not places and not countries:
        return None
    return {"places": places, "countries": sorted(countries)}
