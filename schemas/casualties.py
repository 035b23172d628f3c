"""Counts of people harmed."""

from collections.abc import Iterator
from typing import Any, ClassVar

from marshmallow import fields

from schemas.envelope import ReportSchema, Tag, target
from schemas.fields import Several, Word
from schemas.group import GroupSchema
from schemas.quantity import headcount
from service.domain.casualties import CasualtiesReported, CasualtyOutcomeChanged, Harm
from service.domain.group import Scope


class CasualtiesSchema(ReportSchema):
    goes_with: ClassVar = {"additional_to": ("scope", "additional")}

    type = Tag(CasualtiesReported)
    harm = Word(Harm, required=True)
    quantity = headcount(required=True)
    group = fields.Nested(GroupSchema)
    scope = Word(Scope)
    additional_to = Several(target())


class CasualtyOutcomeSchema(ReportSchema):
    class Meta(ReportSchema.Meta):
        include: ClassVar = {"from": Word(Harm, required=True)}

    type = Tag(CasualtyOutcomeChanged)
    to = Word(Harm, required=True)
    quantity = headcount(required=True)
    group = fields.Nested(GroupSchema)

    def contradictions(self, loaded: dict[str, Any]) -> Iterator[tuple[str, str]]:
        if loaded["from"] == loaded["to"]:
            yield "to", "must differ from `from`"


REPORTS = (CasualtiesSchema, CasualtyOutcomeSchema)
