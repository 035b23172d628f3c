"""A line of a file of updates, as what is posted for it: an update, and what opens its incident."""

from typing import NamedTuple
from uuid import UUID, uuid5

import msgspec
from msgspec import Raw

from schemas.body import read_object, write_sorted
from service.commands.lines import LONGEST
from service.errors import Fault, Malformed, Refused

OPENINGS = UUID("4b7c1f0e-52d3-5d0a-9a4e-0c9d6f3b8a11")
LINES = UUID("a3f60d52-8e1b-5c7f-b0f4-7d2e91c4565e")

_fields = msgspec.json.Decoder(dict[str, Raw])
_text = msgspec.json.Decoder(str)
_write = msgspec.json.encode

TOP: tuple[str, ...] = ("incident", "title", "kind", "kind_other")
"""What a line tells of its incident, beside the update's own keys."""

SAID: tuple[str, ...] = ("publisher", "published_at")
"""What an opening takes over from the first update."""

_NULL = Raw(b"null")


class Posting(NamedTuple):
    """Both bodies carry an update id that follows from the line: sending twice does no harm."""

    incident: str
    opening: bytes
    update: bytes


def posting(line: bytes | None) -> Posting:
    """Raises Malformed or Refused where the line names no incident; the rest is not checked."""
    if line is None:
        raise Malformed(f"the line has more than {LONGEST} bytes")
    told = _fields_of(line)
    if told.get("update_id", _NULL) == _NULL:
        told["update_id"] = Raw(_write(_id_of(line)))
    top = {key: told.pop(key) for key in TOP if key in told}
    incident = _incident(top)
    return Posting(incident, _opening(incident, top, told), _write(told))


def _fields_of(line: bytes) -> dict[str, Raw]:
    try:
        return _fields.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as broken:
        raise Malformed(f"not a JSON object: {broken}") from broken


def _id_of(line: bytes) -> str:
    """The id of an update that has none: the same for the same content."""
    return str(uuid5(LINES, write_sorted(read_object(line)).decode()))


def _incident(top: dict[str, Raw]) -> str:
    if "incident" not in top:
        raise Refused(Fault("/incident", "missing"))
    try:
        return _text.decode(top["incident"])
    except (msgspec.DecodeError, UnicodeDecodeError) as other:
        raise Refused(Fault("/incident", "must be a string")) from other


def _opening(incident: str, top: dict[str, Raw], told: dict[str, Raw]) -> bytes:
    """The incident without any report, as of its first update."""
    opening = dict(top)
    opening["update_id"] = Raw(_write(str(uuid5(OPENINGS, incident))))
    for key in SAID:
        if key in told:
            opening[key] = told[key]
    if top.get("kind", _NULL) == _NULL:
        opening["kind"] = Raw(b'"other"')
    return _write(opening)
