"""What was said and shown around the figures, and what was asked."""

from marshmallow import fields

from schemas.envelope import ReportSchema, Tag
from schemas.fields import Flag, Text, Word
from schemas.forms import MediaType, Sha256, Url, moment
from schemas.group import GroupSchema
from service.domain.casualties import Harm
from service.domain.record import (
    ContextReported,
    EvidenceAdded,
    NarrativePosted,
    PersonIdentified,
    QuestionAnswered,
    QuestionRaised,
    Stance,
    StatementReported,
)


class StatementSchema(ReportSchema):
    type = Tag(StatementReported)
    speaker = Text(required=True)
    stance = Word(Stance, required=True)
    stance_other = Text()
    paraphrase = Text(2000, required=True)
    quote = Text(2000)


class ContextSchema(ReportSchema):
    type = Tag(ContextReported)
    paraphrase = Text(2000, required=True)
    period = Text()


class NarrativeSchema(ReportSchema):
    type = Tag(NarrativePosted)
    headline = Text()
    body = Text(50_000, required=True)


class EvidenceSchema(ReportSchema):
    any_of = ("url", "archive_url", "sha256")

    type = Tag(EvidenceAdded)
    url = Url()
    archive_url = Url()
    sha256 = Sha256()
    media_type = MediaType()
    captured_at = moment()


class PersonSchema(ReportSchema):
    type = Tag(PersonIdentified)
    name = Text(required=True)
    role = Text()
    harm = Word(Harm)
    group = fields.Nested(GroupSchema)
    next_of_kin_informed = Flag()


class QuestionSchema(ReportSchema):
    type = Tag(QuestionRaised)
    question = Text(500, required=True)
    text = Text(2000)


class AnswerSchema(ReportSchema):
    type = Tag(QuestionAnswered)
    question = Text(500, required=True)
    text = Text(2000)


REPORTS = (
    StatementSchema,
    ContextSchema,
    NarrativeSchema,
    EvidenceSchema,
    PersonSchema,
    QuestionSchema,
    AnswerSchema,
)
