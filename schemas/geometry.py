"""GeoJSON geometries (RFC 7946): structure, ranges, closed rings; no foreign members."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

MOST_POSITIONS = 10_000
LIMITS = (180, 90, 100_000)
"""Degrees of longitude and latitude, metres of altitude, either way."""

Messages = dict[Any, Any] | list[str]
"""What is wrong, nested as marshmallow nests it; empty where nothing is."""


class Geometry(fields.Field[dict[str, Any]]):
    def _deserialize(self, value: Any, *_: Any, **__: Any) -> dict[str, Any]:
        if wrong := _geometry(value):
            raise ValidationError(wrong)
        if _positions(value) > MOST_POSITIONS:
            raise ValidationError(f"must hold at most {MOST_POSITIONS} positions")
        return dict(value)


def _geometry(value: Any) -> Messages:
    if not isinstance(value, dict):
        return ["must be a GeoJSON geometry"]
    kind = value.get("type")
    if not isinstance(kind, str) or kind not in CONTENT:
        return {"type": [f"must be one of: {', '.join(CONTENT)}"]}
    key = "geometries" if kind == "GeometryCollection" else "coordinates"
    wrong: dict[Any, Any] = {
        other: ["unknown key"] for other in value if other not in {"type", key}
    }
    inside = CONTENT[kind](value[key]) if key in value else ["missing"]
    return {**wrong, key: inside} if inside else wrong


def _position(value: Any) -> Messages:
    if not isinstance(value, list) or not 2 <= len(value) <= 3:
        return ["must be a position: [longitude, latitude] or [longitude, latitude, altitude]"]
    wrong: dict[Any, Any] = {}
    for index, (number, limit) in enumerate(zip(value, LIMITS, strict=False)):
        if not isinstance(number, (int, Decimal)) or isinstance(number, bool):
            wrong[index] = ["must be a number"]
        elif not -limit <= number <= limit:
            wrong[index] = [f"must lie between {-limit} and {limit}"]
    return wrong


def _each(check: Callable[[Any], Messages], *, least: int) -> Callable[[Any], Messages]:
    def each(value: Any) -> Messages:
        if not isinstance(value, list) or len(value) < least:
            return [f"must be a list of at least {least} entries"]
        checked = enumerate(check(inner) for inner in value)
        return {index: wrong for index, wrong in checked if wrong}

    return each


_positions_of_ring = _each(_position, least=4)


def _ring(value: Any) -> Messages:
    wrong = _positions_of_ring(value)
    if not wrong and value[0] != value[-1]:
        return ["must be closed: its last position is its first"]
    return wrong


_line = _each(_position, least=2)
_polygon = _each(_ring, least=1)

CONTENT: dict[str, Callable[[Any], Messages]] = {
    "Point": _position,
    "MultiPoint": _each(_position, least=1),
    "LineString": _line,
    "MultiLineString": _each(_line, least=1),
    "Polygon": _polygon,
    "MultiPolygon": _each(_polygon, least=1),
    "GeometryCollection": _each(_geometry, least=1),
}


def _positions(value: Any) -> int:
    if isinstance(value, dict):
        return sum(_positions(inner) for inner in value.values())
    if isinstance(value, list):
        return sum(_positions(inner) for inner in value) or 1
    return 0
