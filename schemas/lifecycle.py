"""What the desk says of the incident itself. Its opening is the store's and cannot be posted."""

from schemas.envelope import ReportSchema, Tag
from schemas.fields import Text, Word
from schemas.forms import Slug
from service.domain.lifecycle import (
    IncidentLinked,
    IncidentMerged,
    IncidentRetitled,
    IncidentStatusChanged,
    IncidentUnlinked,
    LinkRelation,
    Status,
)


class TitleSchema(ReportSchema):
    type = Tag(IncidentRetitled)
    title = Text(required=True)


class StatusSchema(ReportSchema):
    type = Tag(IncidentStatusChanged)
    status = Word(Status, required=True)
    reason = Text(2000)


class LinkSchema(ReportSchema):
    type = Tag(IncidentLinked)
    to = Slug(required=True)
    relation = Word(LinkRelation, required=True)
    relation_other = Text()


class UnlinkSchema(ReportSchema):
    type = Tag(IncidentUnlinked)
    to = Slug(required=True)
    relation = Word(LinkRelation, required=True)


class MergeSchema(ReportSchema):
    type = Tag(IncidentMerged)
    into = Slug(required=True)
    reason = Text(2000, required=True)


REPORTS = (TitleSchema, StatusSchema, LinkSchema, UnlinkSchema, MergeSchema)
