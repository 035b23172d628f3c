"""Bounding boxes of GeoJSON geometries (RFC 7946), in whole ten-millionths of a degree."""

from collections.abc import Iterator, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, NamedTuple

UNITS = 10_000_000
"""In a degree: a centimetre at the equator."""
MOST_PARTS = 8


class Box(NamedTuple):
    west: int
    south: int
    east: int
    north: int


def boxes_of(geometry: Mapping[str, Any]) -> tuple[Box, ...]:
    """A box for each part, so that one cut at the antimeridian does not span the world; one around
    all where there are more than a few.
    """
    boxes = tuple(dict.fromkeys(_box(part) for part in _parts(geometry)))
    return boxes if len(boxes) <= MOST_PARTS else (_around(boxes),)


def box(west: Decimal, south: Decimal, east: Decimal, north: Decimal) -> Box:
    """The box that just holds these degrees."""
    return Box(_floor(west), _floor(south), _ceiling(east), _ceiling(north))


def _parts(geometry: Mapping[str, Any]) -> Iterator[list[Any]]:
    if geometry["type"] == "GeometryCollection":
        for inner in geometry["geometries"]:
            yield from _parts(inner)
    elif geometry["type"].startswith("Multi"):
        for part in geometry["coordinates"]:
            yield list(_positions(part))
    else:
        yield list(_positions(geometry["coordinates"]))


def _positions(coordinates: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(coordinates[0], list | tuple):
        for inner in coordinates:
            yield from _positions(inner)
    else:
        yield coordinates[0], coordinates[1]


def _box(positions: list[tuple[Any, Any]]) -> Box:
    along, up = [told[0] for told in positions], [told[1] for told in positions]
    return box(min(along), min(up), max(along), max(up))


def _around(boxes: tuple[Box, ...]) -> Box:
    west, south, east, north = zip(*boxes, strict=True)
    return Box(min(west), min(south), max(east), max(north))


def _floor(degrees: Any) -> int:
    return int((Decimal(degrees) * UNITS).to_integral_value(ROUND_FLOOR))


def _ceiling(degrees: Any) -> int:
    return int((Decimal(degrees) * UNITS).to_integral_value(ROUND_CEILING))
