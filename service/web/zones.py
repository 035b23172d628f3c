"""What time it was there: the zone of the place where something happened."""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from math import cos, hypot, radians
from typing import Any, NamedTuple

from service.domain.overview import Place
from service.domain.situation import Situation

_POINT = re.compile(r"([+-])(\d\d)(\d\d)(\d\d)?([+-])(\d{3})(\d\d)(\d\d)?")


class Zone(NamedTuple):
    """One of the tz database, and the point that it is known by, in degrees."""

    name: str
    latitude: float
    longitude: float


def zone_of(held: Situation) -> str | None:
    """The zone of the leading target: the one of its country whose own point (zone.tab of the tz
    database) is nearest. None where its country is not known, or has several zones and the place
    no geometry.
    """
    targets = [one for one in held.overview.locations if one.leads and one.role == "target"]
    return next(filter(None, map(_zone, targets)), None)


def _zone(place: Place) -> str | None:
    zones = _zones().get(place.country or "", [])
    if len(zones) == 1:
        return zones[0].name
    point = None if place.geometry is None else _first_position(place.geometry)
    if point is None or not zones:
        return None
    longitude, latitude = point
    across = cos(radians(latitude))

    def distance(zone: Zone) -> float:
        apart = abs(zone.longitude - longitude)
        return hypot(zone.latitude - latitude, min(apart, 360 - apart) * across)

    return min(zones, key=distance).name


def _first_position(geometry: Mapping[str, Any]) -> tuple[float, float] | None:
    inner = geometry.get("coordinates", geometry.get("geometries"))
    while isinstance(inner, list) and inner and not isinstance(inner[0], int | float):
        inner = inner[0]
        if isinstance(inner, dict):
            return _first_position(inner)
    return (inner[0], inner[1]) if isinstance(inner, list) and len(inner) > 1 else None


@cache
def _zones() -> Mapping[str, list[Zone]]:
    """By country (ISO 3166-1 alpha-2)."""
    told: defaultdict[str, list[Zone]] = defaultdict(list)
    for line in files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            country, point, name = line.split("\t")[:3]
            told[country].append(Zone(name, *_degrees(point)))
    return dict(told)


def _degrees(point: str) -> tuple[float, float]:
    """ISO 6709, as zone.tab has it: `+3321+04425`."""
    found = _POINT.fullmatch(point)
    if found is None:
        raise ValueError(f"no point: {point}")
    south, *latitude, west, degrees, minutes, seconds = found.groups()
    up = _sum(*latitude)
    across = _sum(degrees, minutes, seconds)
    return (-up if south == "-" else up), (-across if west == "-" else across)


def _sum(degrees: str, minutes: str, seconds: str | None) -> float:
    return int(degrees) + int(minutes) / 60 + int(seconds or 0) / 3600
