"""What a form begins with that was opened from a report, or from a figure."""

import re
from collections.abc import Mapping

import msgspec

from schemas.reports import SCHEMAS
from service.api.access import store
from service.domain.report import Report
from service.domain.reports import WIRE_TYPES
from service.errors import BadParameters
from service.store.answers import EventRecord
from service.web.desk.writing import fields_of

_TARGETS = re.compile(r"[0-9]{1,18}(,[0-9]{1,18}){0,999}")
ENVELOPE = {*Report.__struct_fields__}
POINTING = {"dispute": "target", "endorsement": "target"}
AT_SEVERAL = {"retraction", "marking", "erasure"}
KINDS = {
    "casualties": "number",
    "measure": "number",
    "location": "place",
    "time": "time",
    "attribution": "attribution",
    "person": "identity",
}
"""What is mostly wrong with a report of a type."""

DESK = {"/publisher/key": "desk", "/publisher/name": "Desk", "/publisher/kind": "desk"}


def begun_with(incident: str, asked: Mapping[str, str]) -> dict[str, str]:
    """The fields of a form with a first report of the asked type. Raises BadParameters, and
    NotFound for a target that is not there.
    """
    type_, target = asked["type"], asked["target"]
    if type_ and type_ not in SCHEMAS:
        raise BadParameters(("type", f"there is no report type {type_!r}"))
    if target and _TARGETS.fullmatch(target) is None:
        raise BadParameters(("target", "must be the number of an event, or several with commas"))
    if not type_:
        return {}
    fields = {"/reports/0/type": type_}
    if type_ == "adjudication":
        fields |= {**DESK, "/reports/0/path": asked["path"]}
    elif target:
        fields |= _about(incident, type_, target)
    return fields


def targets_in(typed: Mapping[str, str], number: int) -> list[int]:
    """The events that a report of a form is about."""
    told = ",".join(typed.get(f"/reports/{number}/{name}", "") for name in ("target", "targets"))
    return [int(one) for one in re.split(r"[\s,]+", told) if re.fullmatch("[0-9]{1,18}", one)]


def _about(incident: str, type_: str, target: str) -> dict[str, str]:
    if type_ in AT_SEVERAL:
        return {**DESK, "/reports/0/targets": target.replace(",", ", ")}
    event = store().event(incident, int(target.partition(",")[0]))
    if type_ == "correction":
        return _correcting(event)
    return {f"/reports/0/{POINTING[type_]}": str(event.version)} if type_ in POINTING else {}


def _correcting(event: EventRecord) -> dict[str, str]:
    """The report as it stands, to be changed; corrected by whoever published it."""
    told = msgspec.json.decode(msgspec.json.encode(event.report)) or {}
    publisher = msgspec.json.decode(msgspec.json.encode(event.publisher))
    if told.get("type") == "correction":
        told = told["replacement"]
    told = {key: value for key, value in told.items() if key not in ENVELOPE}
    told = told if told.get("type") in WIRE_TYPES else {}
    return {
        "/reports/0/target": str(event.version),
        "/reports/0/kind": KINDS.get(told.get("type", ""), ""),
        **dict(fields_of(publisher, "/publisher")),
        **dict(fields_of(told, "/reports/0/replacement")),
    }
