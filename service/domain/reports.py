"""All report types: the one place where aspects are registered."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

import msgspec

from service.domain import (
    attribution,
    casualties,
    editorial,
    lifecycle,
    measures,
    overview,
    record,
    responses,
)
from service.domain.aspect import Aspect, Slot
from service.domain.report import Erased, Origin, Report, event_name, wire_type
from service.domain.upcasting import SCHEMA_VERSION, upcast

ASPECTS: tuple[Aspect, ...] = (
    lifecycle.ASPECT,
    overview.ASPECT,
    measures.ASPECT,
    casualties.ASPECT,
    attribution.ASPECT,
    responses.ASPECT,
    record.ASPECT,
    editorial.ASPECT,
)

EVENT_NAMES = {report: event_name(report) for aspect in ASPECTS for report in aspect.reports}
WIRE_TYPES = {wire_type(report): report for report in EVENT_NAMES}

_ASPECT_OF = {report: aspect for aspect in ASPECTS for report in aspect.reports}
_ANY_REPORT: Any = None
for _report in EVENT_NAMES:
    _ANY_REPORT = _report if _ANY_REPORT is None else _ANY_REPORT | _report
_DECODER = msgspec.json.Decoder(_ANY_REPORT, float_hook=Decimal)
_PLAIN = msgspec.json.Decoder(float_hook=Decimal)


def decode_report(body: bytes | msgspec.Raw, version: int = SCHEMA_VERSION) -> Report:
    """A report from its stored JSON. Raises msgspec.ValidationError where it is none, NewerRelease
    where this release does not know the version.
    """
    if version != SCHEMA_VERSION:
        return convert_report(upcast(_PLAIN.decode(body), version))
    try:
        return cast(Report, _DECODER.decode(body))
    except msgspec.ValidationError:
        return convert_report(_PLAIN.decode(body))


def convert_report(body: Any) -> Report:
    """A report from JSON that was parsed already. Raises msgspec.ValidationError where it is
    none.
    """
    return cast(Report, msgspec.convert(said(body), _ANY_REPORT))


def said(body: Any) -> Any:
    """The same without its nulls: a null means *not said*, as a missing key does (DOMAIN.md §3)."""
    if isinstance(body, Mapping):
        return {key: said(value) for key, value in body.items() if value is not None}
    return [said(value) for value in body] if isinstance(body, list) else body


def slot_of(report: Report, origin: Origin, version: int) -> Slot | None:
    if isinstance(report, Erased):
        return None
    return _ASPECT_OF[type(report)].slot(report, origin, version)


def part_of(report: Report) -> str:
    """The part of the situation that a report speaks of, such as `casualties.killed`."""
    return _ASPECT_OF[type(report)].part(report)


def aspect_of(report: Report) -> str:
    return _ASPECT_OF[type(report)].name


def is_desks(report: Report) -> bool:
    """Whether a report is an act of the desk rather than somebody's word about the world."""
    if isinstance(report, Erased):
        return False
    return isinstance(report, editorial.DESK_ACTS) or aspect_of(report) == "lifecycle"
