"""Updates, and incidents with their first reports, from the posted bytes to the domain."""

import hashlib
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec
from marshmallow import ValidationError, fields
from uuid_utils.compat import uuid7

from schemas.body import read_object, write, write_sorted
from schemas.envelope import AnyOf, PublisherSchema
from schemas.faults import fault_of, faults_in, step
from schemas.fields import Several, Text, Word
from schemas.forms import Slug, UpdateId, moment
from schemas.reports import SCHEMAS
from schemas.shape import Shape
from schemas.sizes import CONTRACT, Sizes
from service.domain.lifecycle import IncidentKind
from service.domain.report import Publisher
from service.domain.reports import decode_report
from service.domain.update import NewIncident, NewReport, NewUpdate
from service.errors import Fault, Refused

MOST_FAULTS = 1000


class UpdateSchema(Shape):
    update_id = UpdateId()
    summary = Text(280)
    publisher = fields.Nested(PublisherSchema, required=True)
    published_at = moment()
    reports = Several(AnyOf(SCHEMAS), least=1, required=True)


class IncidentSchema(UpdateSchema):
    incident = Slug()
    title = Text(required=True)
    kind = Word(IncidentKind, required=True)
    kind_other = Text()
    reports = Several(AnyOf(SCHEMAS))


UPDATE = UpdateSchema()
INCIDENT = IncidentSchema()


def load_update(body: bytes, *, update_id: str | None = None, sizes: Sizes = CONTRACT) -> NewUpdate:
    """The update that was posted. `update_id` is the one in the header Idempotency-Key.

    Raises Malformed where the body is no JSON object, Refused with every fault that is found.
    """
    posted = read_object(body, sizes.depth)
    _check(UPDATE, posted, update_id, sizes)
    return _update(posted, update_id)


def load_incident(
    body: bytes, *, update_id: str | None = None, sizes: Sizes = CONTRACT
) -> NewIncident:
    """The incident that was posted, with its first reports. Raises as `load_update` does."""
    posted = read_object(body, sizes.depth)
    _check(INCIDENT, posted, update_id, sizes)
    return NewIncident(
        incident=posted.get("incident"),
        title=posted["title"],
        kind=IncidentKind(posted["kind"]),
        kind_other=posted.get("kind_other"),
        update=_update(posted, update_id),
    )


def _check(
    schema: UpdateSchema, posted: dict[str, Any], update_id: str | None, sizes: Sizes
) -> None:
    faults = [
        *_schema_faults(schema, posted),
        *_key_faults(posted),
        *_id_faults(posted, update_id),
        *sizes.faults(posted),
    ]
    if len(faults) > MOST_FAULTS:
        faults[MOST_FAULTS:] = [Fault("", f"{len(faults) - MOST_FAULTS} more faults")]
    if faults:
        raise Refused(*faults)


def _schema_faults(schema: UpdateSchema, posted: dict[str, Any]) -> Iterator[Fault]:
    try:
        schema.load(posted)
    except ValidationError as wrong:
        yield from faults_in(wrong.messages)


def _key_faults(posted: dict[str, Any]) -> Iterator[Fault]:
    """Siblings call a report by its key, so a key is used once in an update."""
    reports = posted.get("reports")
    first: dict[str, int] = {}
    for index, report in enumerate(reports if isinstance(reports, list) else []):
        key = report.get("key") if isinstance(report, dict) else None
        if isinstance(key, str) and first.setdefault(key, index) != index:
            yield Fault(f"/reports/{index}/key", f"used before, by /reports/{first[key]}")


def _id_faults(posted: dict[str, Any], update_id: str | None) -> Iterator[Fault]:
    if update_id is None:
        return
    if UpdateId.form.fullmatch(update_id) is None:
        yield Fault("/update_id", f"the header Idempotency-Key {UpdateId.wanted}")
        return
    own = posted.get("update_id")
    if isinstance(own, str) and UpdateId.form.fullmatch(own) and UUID(own) != UUID(update_id):
        yield Fault("/update_id", "differs from the header Idempotency-Key")


def _update(posted: dict[str, Any], update_id: str | None) -> NewUpdate:
    content = {key: value for key, value in posted.items() if key != "update_id"}
    named = posted.get("update_id") or update_id
    return NewUpdate(
        update_id=str(uuid7() if named is None else UUID(named)),
        digest=hashlib.sha256(write_sorted(content)).digest(),
        publisher=msgspec.convert(posted["publisher"], Publisher),
        published_at=posted.get("published_at"),
        summary=posted.get("summary"),
        reports=tuple(_report(*placed) for placed in enumerate(posted.get("reports") or [])),
    )


def _report(index: int, posted: dict[str, Any]) -> NewReport:
    """The meaning is taken from the very bytes that will be kept, as every later reading does."""
    body = write(posted)
    try:
        return NewReport(body=body, report=decode_report(body))
    except msgspec.ValidationError as beyond:
        raise Refused(fault_of(beyond, step("/reports", index))) from beyond
