"""All report types that can be posted: the one place where the aspects' schemas are joined."""

from schemas import (
    attribution,
    casualties,
    editorial,
    lifecycle,
    measures,
    overview,
    record,
    responses,
)
from schemas.envelope import by_type

SCHEMAS = by_type(
    lifecycle.REPORTS,
    overview.REPORTS,
    measures.REPORTS,
    casualties.REPORTS,
    attribution.REPORTS,
    responses.REPORTS,
    record.REPORTS,
    editorial.REPORTS,
)
