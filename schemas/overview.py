"""When and where it happened, with what, and who took part."""

from collections.abc import Iterator
from typing import Any

from marshmallow import fields

from schemas.envelope import ReportSchema, Tag
from schemas.fields import Number, Text, Word
from schemas.forms import Country, span
from schemas.geometry import Geometry
from schemas.quantity import quantity
from schemas.shape import Shape
from service.domain.moments import Precision
from service.domain.overview import (
    ActorReported,
    ActorRole,
    Basis,
    DamageReported,
    LocationReported,
    LocationRole,
    MeansReported,
    PlacePrecision,
)
from service.domain.when import Occurred, TimeReported, span_of

FARTHEST_KM = 20_040
"""Half of the way around the Earth."""


class OccurredSchema(Shape):
    earliest = span(required=True)
    latest = span()
    precision = Word(Precision)

    def contradictions(self, loaded: dict[str, Any]) -> Iterator[tuple[str, str]]:
        try:
            span_of(Occurred(earliest=loaded["earliest"], latest=loaded.get("latest")))
        except ValueError as impossible:
            yield "latest", str(impossible)


class TimeSchema(ReportSchema):
    type = Tag(TimeReported)
    occurred = fields.Nested(OccurredSchema, required=True)


class RelativeSchema(Shape):
    bearing = Text()
    distance_km = Number(0, FARTHEST_KM)
    of = Text(required=True)


class LocationSchema(ReportSchema):
    any_of = ("name", "country", "geometry", "relative")

    type = Tag(LocationReported)
    role = Word(LocationRole, required=True)
    name = Text()
    country = Country()
    geometry = Geometry()
    precision = Word(PlacePrecision)
    precision_other = Text()
    relative = fields.Nested(RelativeSchema)


class MeansSchema(ReportSchema):
    type = Tag(MeansReported)
    weapon = Text(required=True)
    basis = Word(Basis)
    quantity = quantity()


class ActorSchema(ReportSchema):
    type = Tag(ActorReported)
    actor = Text(required=True)
    role = Word(ActorRole, required=True)
    kind = Text()


class DamageSchema(ReportSchema):
    type = Tag(DamageReported)
    object = Text(required=True)
    extent = Text(required=True)
    quantity = quantity()


REPORTS = (TimeSchema, LocationSchema, MeansSchema, ActorSchema, DamageSchema)
