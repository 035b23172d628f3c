"""What was done about it, or may be."""

from schemas.envelope import ReportSchema, Tag
from schemas.fields import Text, Word
from schemas.forms import SourceKey
from service.domain.responses import Evidence, Execution, ResponseKind, ResponseReported


class ResponseSchema(ReportSchema):
    type = Tag(ResponseReported)
    response = SourceKey(required=True)
    actor = Text()
    kind = Word(ResponseKind)
    kind_other = Text()
    target = Text()
    place = Text()
    execution = Word(Execution, required=True)
    evidence = Word(Evidence)


REPORTS = (ResponseSchema,)
