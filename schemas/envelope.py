"""What reports and updates carry: publisher, origin, grading, targets (DOMAIN.md §1–3)."""

from collections.abc import Mapping
from typing import Any, cast

from marshmallow import ValidationError, fields
from marshmallow.validate import Equal

from schemas.fields import Choices, Either, Flag, Several, String, Text, Whole, Word
from schemas.forms import ReportKey, SourceKey, Url, moment
from schemas.shape import Shape
from service.domain.report import Modality, Report, SourceKind, wire_type

GREATEST_VERSION = 2**63 - 1
ENVELOPE = Report.__struct_fields__


class PublisherSchema(Shape):
    key = SourceKey(required=True)
    name = Text()
    kind = Word(SourceKind, required=True)
    kind_other = Text()
    url = Url()


class OriginSchema(Shape):
    key = SourceKey(required=True)
    name = Text()
    kind = Word(SourceKind, required=True)
    kind_other = Text()
    named = Flag()


class GradingSchema(Shape):
    """The Admiralty code."""

    reliability = Word("ABCDEF")
    credibility = Whole(1, 6)


def target(*, required: bool = False) -> Either:
    """A version, an event id, a sibling's key, or `<update_id>#<key>`."""
    choices: Choices = [(int, Whole(1, GREATEST_VERSION)), (str, Text(200))]
    return Either(choices, "must be a version or a string that names a report", required=required)


class Tag(String):
    """The `type` that one report has on the wire."""

    def __init__(self, report: type[Report]) -> None:
        self.wire_type = wire_type(report)
        super().__init__(required=True, validate=Equal(self.wire_type))


class ReportSchema(Shape):
    """A report's envelope; every report type adds its `type` and its own keys."""

    key = ReportKey()
    origin = fields.Nested(OriginSchema)
    modality = Word(Modality)
    phrase = Text(500)
    depends_on = Several(target())
    grading = fields.Nested(GradingSchema)
    effective_at = moment()


def by_type(*aspects: tuple[type[ReportSchema], ...], **options: Any) -> dict[str, ReportSchema]:
    """The schemas of some aspects by the `type` that they are for."""
    schemas = [schema(**options) for aspect in aspects for schema in aspect]
    return {tag_of(schema): schema for schema in schemas}


def tag_of(schema: ReportSchema) -> str:
    return cast(Tag, schema.fields["type"]).wire_type


class AnyOf(fields.Field[dict[str, Any]]):
    """A report of one of several types."""

    def __init__(self, schemas: Mapping[str, ReportSchema], *, required: bool = False) -> None:
        super().__init__(required=required)
        self.schemas = schemas

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValidationError("must be an object")
        named = value.get("type")
        if not isinstance(named, str) or named not in self.schemas:
            missing = "missing" if named is None else "unknown type"
            raise ValidationError(
                {"type": [f"{missing}; must be one of: {', '.join(self.schemas)}"]}
            )
        loaded: dict[str, Any] = self.schemas[named].load(value)
        return loaded
