"""What the desk does about reports."""

from collections.abc import Iterator
from typing import Any

from marshmallow import fields

from schemas import attribution, casualties, measures, overview, record, responses
from schemas.envelope import ENVELOPE, AnyOf, ReportSchema, Tag, by_type, target
from schemas.fields import Either, Several, Text, Word
from schemas.forms import SourceKey, instant, span
from schemas.quantity import quantity
from schemas.shape import ITSELF, Shape
from service.domain.editorial import (
    Audience,
    CorrectionKind,
    FigureAdjudicated,
    MarkingApplied,
    PersonalDataErased,
    ReportCorrected,
    ReportDisputed,
    ReportEndorsed,
    ReportRetracted,
)

REPLACEMENTS = by_type(
    overview.REPORTS,
    measures.REPORTS,
    casualties.REPORTS,
    attribution.REPORTS,
    responses.REPORTS,
    record.REPORTS,
    exclude=ENVELOPE,
)


class CorrectionSchema(ReportSchema):
    """The replacement has no envelope: it takes over that of its target."""

    type = Tag(ReportCorrected)
    target = target(required=True)
    kind = Word(CorrectionKind, required=True)
    kind_other = Text()
    replacement = AnyOf(REPLACEMENTS, required=True)
    note = Text(2000)


class SaidSinceSchema(Shape):
    json_rules = ({"oneOf": [{"required": ["origin"]}, {"required": ["publisher"]}]},)

    origin = SourceKey()
    publisher = SourceKey()
    since = span(required=True)

    def omissions(self, posted: dict[str, Any]) -> Iterator[tuple[str, str]]:
        yield from super().omissions(posted)
        if (posted.get("origin") is None) == (posted.get("publisher") is None):
            yield ITSELF, "needs either origin or publisher"


class RetractionSchema(ReportSchema):
    type = Tag(ReportRetracted)
    targets = Either(
        [(list, Several(target(), least=1)), (dict, fields.Nested(SaidSinceSchema))],
        'must be a list of targets or an object such as {"origin": "…", "since": "…"}',
        required=True,
    )
    reason = Text(2000)


class DisputeSchema(ReportSchema):
    type = Tag(ReportDisputed)
    target = target(required=True)
    grounds = Text(2000)


class EndorsementSchema(ReportSchema):
    type = Tag(ReportEndorsed)
    target = target(required=True)
    grounds = Text(2000)


class AdjudicationSchema(ReportSchema):
    type = Tag(FigureAdjudicated)
    path = Text(2000, required=True)
    quantity = quantity(required=True)
    rationale = Text(2000, required=True)


class MarkingSchema(ReportSchema):
    any_of = ("embargo_until", "sensitivity", "audience")

    type = Tag(MarkingApplied)
    targets = Several(target(), least=1, required=True)
    embargo_until = instant()
    sensitivity = Several(Text(), most=20)
    audience = Word(Audience)


class ErasureSchema(ReportSchema):
    type = Tag(PersonalDataErased)
    targets = Several(target(), least=1, required=True)
    reason = Text(2000)


REPORTS = (
    CorrectionSchema,
    RetractionSchema,
    AdjudicationSchema,
    MarkingSchema,
    DisputeSchema,
    EndorsementSchema,
    ErasureSchema,
)
