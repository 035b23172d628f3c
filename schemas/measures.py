"""Counts of things other than people."""

from marshmallow import fields

from schemas.envelope import ReportSchema, Tag
from schemas.fields import Text, Word
from schemas.forms import MeasureName
from schemas.group import GroupSchema
from schemas.quantity import quantity
from service.domain.group import Scope
from service.domain.measures import Course, MeasureReported


class MeasureSchema(ReportSchema):
    type = Tag(MeasureReported)
    name = MeasureName(required=True)
    quantity = quantity(required=True)
    unit = Text()
    course = Word(Course)
    group = fields.Nested(GroupSchema)
    scope = Word(Scope)


REPORTS = (MeasureSchema,)
