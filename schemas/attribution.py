"""Claims, denials, accusations, assessments and findings of who did it."""

from collections.abc import Iterator
from typing import Any

from schemas.envelope import ReportSchema, Tag
from schemas.fields import Text, Word
from service.domain.attribution import (
    AttributionReported,
    Confidence,
    Likelihood,
    Relation,
    Statement,
)


class AttributionSchema(ReportSchema):
    json_rules = (
        {
            "anyOf": [
                {"properties": {"statement": {"const": "no_claim"}, "relation": {"type": "null"}}},
                {
                    "properties": {
                        "statement": {"not": {"const": "no_claim"}},
                        "subject": {"type": "string"},
                    },
                    "required": ["subject"],
                },
            ]
        },
    )

    type = Tag(AttributionReported)
    statement = Word(Statement, required=True)
    subject = Text()
    relation = Word(Relation)
    speaker = Text()
    likelihood = Word(Likelihood)
    confidence = Word(Confidence)

    def omissions(self, posted: dict[str, Any]) -> Iterator[tuple[str, str]]:
        yield from super().omissions(posted)
        if posted.get("statement") == Statement.NO_CLAIM:
            if posted.get("relation") is not None:
                yield "relation", "no_claim has no relation"
        elif posted.get("subject") is None:
            yield "subject", "missing; only no_claim goes without"


REPORTS = (AttributionSchema,)
