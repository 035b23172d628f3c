"""An export: the log, or one incident of it, as lines of JSON that prove themselves.

The first line says of what; each line after it is an event, and the last one says how many there
were. Envelope and payload are the very texts that were hashed; hashes are in hexadecimal.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import msgspec
from msgspec import Struct

from service.proof.checkpoint import Checkpoint
from service.proof.doubt import Doubt
from service.proof.note import Verifier
from service.proof.tree import is_included
from service.proof.walk import Entry, Walk
from service.proof.witness import signed_by_any

FORMAT = "sitrep-export-1"
BEGINNING = b'{"format":"sitrep-export-'

Form = TypeVar("Form")


class Heading(Struct, frozen=True, kw_only=True):
    """`incident` is null for a whole store. `checkpoints` are those of the lanes that follow."""

    format: str = FORMAT
    incident: str | None
    lanes: int
    checkpoints: dict[int, str]
    verifiers: tuple[str, ...]


class Line(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One event. `update` is on the first of each update: the digest by which a retry is known.
    `path` proves an event of a single incident; in a whole log all of it does.
    """

    lane: int
    position: int
    envelope: str
    commitment: str
    leaf: str
    salt: str | None = None
    payload: str | None = None
    update: str | None = None
    path: tuple[str, ...] | None = None


class Ending(Struct, frozen=True, kw_only=True):
    events: int


class Named(Struct, frozen=True):
    """What of an envelope says where its event belongs."""

    incident: str
    version: int
    update_id: str


class Checked(Struct, frozen=True, kw_only=True):
    """What holds of an export: how many events, those of them whose words are gone, and by which
    checkpoints, by lane.
    """

    events: int
    erased: int
    checkpoints: dict[int, Checkpoint]


_heading = msgspec.json.Decoder(Heading)
_line = msgspec.json.Decoder(Line)
_ending = msgspec.json.Decoder(Ending)
_named = msgspec.json.Decoder(Named)


def read_heading(text: bytes) -> Heading:
    """Raises Doubt for what begins no export."""
    found = _decoded(_heading, text, "it is no export")
    if found.format != FORMAT:
        raise Doubt(f"it has the format {found.format}, which this release does not know")
    return found


def read_lines(lines: Iterable[bytes]) -> Iterator[Line]:
    """The events after the heading. Raises Doubt for a line that is none, and where the end is
    missing.
    """
    number, ending = 0, None
    for text in lines:
        if ending is not None:
            raise Doubt("something follows the last line")
        if text.startswith(b'{"events":'):
            ending = _decoded(_ending, text, f"the line after event {number}")
            continue
        number += 1
        yield _decoded(_line, text, f"event {number}")
    if ending is None:
        raise Doubt(f"it breaks off after {number} events")
    if ending.events != number:
        raise Doubt(f"it has {number} events, and says that it had {ending.events}")


def named(line: Line) -> Named:
    return _decoded(_named, line.envelope.encode(), f"the envelope at position {line.position}")


def entry_of(line: Line, name: Named, before: bytes | None) -> Entry:
    return Entry(
        position=line.position,
        incident=name.incident,
        version=name.version,
        envelope=line.envelope.encode(),
        before=before,
        commitment=unhex(line.commitment),
        leaf=unhex(line.leaf),
        salt=None if line.salt is None else unhex(line.salt),
        payload=None if line.payload is None else line.payload.encode(),
    )


def unhex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as broken:
        raise Doubt(f"{text!r} is not hexadecimal") from broken


def check_export(
    heading: Heading, lines: Iterable[bytes], verifiers: Sequence[Verifier]
) -> Checked:
    """Hold an export to its hashes and to checkpoints that one of these keys signed. Raises Doubt.

    Of each incident it remembers the last event, so memory grows with incidents, not with events.
    """
    signed = {
        lane: signed_by_any(note.encode(), verifiers) for lane, note in heading.checkpoints.items()
    }
    if heading.incident is None and not _has_all_lanes(heading):
        raise Doubt(f"it has checkpoints of {len(signed)} lanes, and says {heading.lanes}")
    last: dict[str, bytes] = {}
    versions: dict[str, int] = {}
    walks = {
        lane: Walk({told.size: [(told.root, "the checkpoint")]}) for lane, told in signed.items()
    }
    events = erased = 0
    for line in read_lines(lines):
        name = named(line)
        if name.version != versions.get(name.incident, 0) + 1:
            raise Doubt(f"{name.incident}/{name.version}: an event before it is missing")
        entry = entry_of(line, name, last.get(name.incident))
        if line.lane not in signed:
            raise Doubt(f"{entry}: no checkpoint covers lane {line.lane}")
        if heading.incident is None:
            walks[line.lane].take(entry)
        else:
            _hold_to(entry, line, heading.incident, signed[line.lane])
        last[name.incident], versions[name.incident] = entry.leaf, name.version
        events += 1
        erased += entry.payload is None
    if heading.incident is None:
        for walk in walks.values():
            walk.end()
    return Checked(events=events, erased=erased, checkpoints=signed)


def _has_all_lanes(heading: Heading) -> bool:
    """Whether a whole log can follow. (The number of lanes may be anything that somebody wrote.)"""
    lanes = sorted(heading.checkpoints)
    return heading.lanes == len(lanes) and lanes == list(range(len(lanes)))


def _hold_to(entry: Entry, line: Line, incident: str, signed: Checkpoint) -> None:
    entry.check()
    if entry.incident != incident:
        raise Doubt(f"{entry}: it is of another incident than {incident}")
    path = [unhex(step) for step in line.path or ()]
    if not is_included(entry.leaf, entry.position - 1, signed.size, path, signed.root):
        raise Doubt(f"{entry}: it is not in the log that the checkpoint speaks of")


def _decoded(decoder: msgspec.json.Decoder[Form], text: bytes, what: str) -> Form:
    try:
        return decoder.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as broken:
        raise Doubt(f"{what}: {broken}") from broken
