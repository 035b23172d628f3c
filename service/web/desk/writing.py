"""A draft's fields as the body of an update, and a report as the fields that would tell it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from marshmallow import fields

from schemas.body import write
from schemas.envelope import AnyOf, Tag
from schemas.fields import Either
from schemas.reports import SCHEMAS
from schemas.shape import Shape
from schemas.update import INCIDENT, UPDATE
from service.store.drafts import Begun
from service.web.desk.sources import Known
from service.web.desk.typed import key_of, read, shown
from service.web.desk.widgets import inside

Typed = Mapping[str, str]

_REPORT = re.compile(r"/reports/(\d{1,4})(/.*)")
_SOURCE = re.compile(r"(/publisher|/reports/\d+/origin)/.*")


def reports_in(typed: Typed) -> list[str]:
    """The type of each report, in their order."""
    found: list[str] = []
    while (type_ := typed.get(f"/reports/{len(found)}/type")) is not None:
        found.append(type_)
    return found


def body_of(begun: Begun, known: Known) -> bytes:
    """What an API client would have posted. What is wrong with it is for the door to say."""
    typed = completed(begun.fields, known)
    schema = INCIDENT if begun.incident is None else UPDATE
    body = _object(schema, "", typed, skip={"update_id", "reports", "publisher"}) or {}
    publisher = _object(inside(schema.fields["publisher"]), "/publisher", typed)
    told = [_report(type_, number, typed) for number, type_ in enumerate(reports_in(typed))]
    body |= {"publisher": publisher or {}, "reports": told}
    return write({"update_id": begun.update_id, **body})


def completed(typed: Typed, known: Known) -> dict[str, str]:
    """With what follows from what was typed: a source's key from its name, and the rest of it where
    it is known here.
    """
    whole = dict(typed)
    for place in {found[1] for name in typed if (found := _SOURCE.fullmatch(name))}:
        name, key = (typed.get(f"{place}/{part}", "").strip() for part in ("name", "key"))
        if not name and not key:
            continue
        source = known.source(place, key, name)
        whole[f"{place}/key"] = key or (source.key if source else key_of(name))
        for part in ("name", "kind", "kind_other"):
            if source is not None and not typed.get(f"{place}/{part}", "").strip():
                whole[f"{place}/{part}"] = getattr(source, part) or ""
    return whole


def fields_of(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    """The texts that tell a part of a body, each under its pointer."""
    if isinstance(value, dict) and not _is_one(value):
        for key, inner in value.items():
            yield from fields_of(inner, f"{pointer}/{key}")
    elif value is not None:
        yield pointer, shown(value)


def without_report(typed: Typed, gone: int) -> dict[str, str]:
    """The fields without one report, those after it moved up."""
    kept = {}
    for name, value in typed.items():
        found = _REPORT.fullmatch(name)
        number = int(found[1]) if found else -1
        if found is None or number < gone:
            kept[name] = value
        elif number > gone:
            kept[f"/reports/{number - 1}{found[2]}"] = value
    return kept


def known_fields(posted: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Of a form what belongs to the body; blank fields are not said."""
    return {name: value for name, value in posted if name.startswith("/") and value.strip()}


def _report(type_: str, number: int, typed: Typed) -> dict[str, Any]:
    if type_ not in SCHEMAS:
        return {"type": type_}
    told = _object(SCHEMAS[type_], f"/reports/{number}", typed) or {}
    return {"type": type_, **told}


def _object(
    schema: Shape, pointer: str, typed: Typed, *, skip: Iterable[str] = ()
) -> dict[str, Any] | None:
    """None where none of its fields was filled in."""
    told = {}
    for name, field in schema.fields.items():
        if name in skip or isinstance(field, Tag):
            continue
        value = _value(field, f"{pointer}/{name}", typed)
        if value is not None:
            told[name] = value
    return told or None


def _value(field: fields.Field[Any], at: str, typed: Typed) -> Any:
    match field:
        case fields.Nested():
            return _object(inside(field), at, typed)
        case AnyOf():
            type_ = typed.get(f"{at}/type", "")
            schema = field.schemas.get(type_)
            inner = {} if schema is None else _object(schema, at, typed)
            return {"type": type_, **(inner or {})} if type_ else None
        case Either() if any(kind is list for kind, _ in field.choices):
            several, said = (inner for _, inner in field.choices)
            return read(several, typed.get(at, "")) or _value(said, at, typed)
    return read(field, typed.get(at, ""))


def _is_one(value: Mapping[str, Any]) -> bool:
    """Whether an object is typed into one field: a quantity, a geometry."""
    return ("low" in value and value.keys() <= {"low", "high", "best"}) or (
        "type" in value and ("coordinates" in value or "geometries" in value)
    )
