"""Counts of people harmed."""

from typing import ClassVar

from marshmallow import fields

from schemas.envelope import ReportSchema, Tag, target
from schemas.fields import Several, Word
from schemas.group import GroupSchema
from schemas.quantity import headcount
from service.domain.casualties import CasualtiesReported, Harm
from service.domain.group import Scope


class CasualtiesSchema(ReportSchema):
    goes_with: ClassVar = {"additional_to": ("scope", "additional")}

    type = Tag(CasualtiesReported)
    harm = Word(Harm, required=True)
    quantity = headcount(required=True)
    group = fields.Nested(GroupSchema)
    scope = Word(Scope)
    additional_to = Several(target())


REPORTS = (CasualtiesSchema,)
