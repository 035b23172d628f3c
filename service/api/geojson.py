"""GeoJSON geometries (RFC 7946) as JSON Schema. That rings are closed cannot be said in it."""

from typing import Any

from schemas.geometry import LIMITS

Json = dict[str, Any]


def _number(limit: int) -> Json:
    return {"type": "number", "minimum": -limit, "maximum": limit}


def _several(items: Json, least: int) -> Json:
    return {"type": "array", "minItems": least, "items": items}


def _geometry(kind: str, content: Json, *, key: str = "coordinates") -> Json:
    return {
        "type": "object",
        "properties": {"type": {"const": kind}, key: content},
        "required": ["type", key],
        "additionalProperties": False,
    }


_POSITION: Json = {
    "type": "array",
    "minItems": 2,
    "maxItems": len(LIMITS),
    "prefixItems": [_number(limit) for limit in LIMITS],
}
_LINE = _several(_POSITION, 2)
_POLYGON = _several(_several(_POSITION, 4), 1)

GEOMETRY: Json = {
    "description": "GeoJSON (RFC 7946): longitude first; a polygon's rings are closed.",
    "oneOf": [
        _geometry("Point", _POSITION),
        _geometry("MultiPoint", _several(_POSITION, 1)),
        _geometry("LineString", _LINE),
        _geometry("MultiLineString", _several(_LINE, 1)),
        _geometry("Polygon", _POLYGON),
        _geometry("MultiPolygon", _several(_POLYGON, 1)),
        _geometry(
            "GeometryCollection",
            _several({"$ref": "#/components/schemas/Geometry"}, 1),
            key="geometries",
        ),
    ],
}
