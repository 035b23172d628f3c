"""One event and everything that it takes to check it, without the store and offline."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from service.proof.chain import commitment_of, leaf_of
from service.proof.doubt import Doubt
from service.proof.note import Verifier
from service.proof.tree import is_included
from service.proof.witness import signed_by_any

FORMAT = "sitrep-proof-1"

Moment = Annotated[int, Meta(ge=-62_135_596_800_000_000, le=253_402_300_799_999_999)]
"""Microseconds since 1970, in the years 1 to 9999."""


class Told(Struct, frozen=True):
    """What every envelope tells, whatever release wrote it."""

    incident: str
    version: int
    type: str
    published_us: Moment
    recorded_us: Moment
    actor: str


class Teller(Struct, frozen=True):
    key: str
    name: str | None = None


class Words(Struct, frozen=True):
    """What every payload tells."""

    publisher: Teller
    report: dict[str, Any]


class Proof(Struct, frozen=True, kw_only=True):
    """Hashes and the salt are in hexadecimal. `envelope` and `payload` are the very texts that were
    hashed; payload and salt are null where the payload was erased, or is withheld from the reader.
    `index` counts the log's events from 0, `path` leads from the event to the root of the
    checkpoint, a signed note. `verifier` is whom it says that it was signed by: not to be trusted,
    but compared with the one that the reader knows.
    """

    format: str = FORMAT
    incident: str
    version: int
    envelope: str
    payload: str | None
    salt: str | None
    commitment: str
    previous: str
    leaf: str
    index: int
    path: tuple[str, ...]
    checkpoint: str
    verifier: str


class Proven(Struct, frozen=True, kw_only=True):
    """What a proof shows: the envelope that the log holds at `index`, as it was when the log had
    `size` events; `payload` too, where the proof brings it.
    """

    origin: str
    index: int
    size: int
    envelope: dict[str, Any]
    payload: dict[str, Any] | None


def read_proof(text: bytes) -> Proof:
    """Raises Doubt for what is no proof."""
    try:
        found = msgspec.json.decode(text, type=Proof)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as broken:
        raise Doubt(f"it is no proof: {broken}") from broken
    if found.format != FORMAT:
        raise Doubt(f"it has the format {found.format}, which this release does not know")
    return found


def check(proof: Proof, verifiers: Sequence[Verifier]) -> Proven:
    """What a proof shows, by the word of one of these keys alone. Raises Doubt."""
    checkpoint = signed_by_any(proof.checkpoint.encode(), verifiers)
    leaf, commitment = _bytes(proof.leaf), _bytes(proof.commitment)
    payload = _payload(proof, commitment)
    if leaf_of(proof.envelope.encode(), commitment, _bytes(proof.previous)) != leaf:
        raise Doubt("the envelope is not the one that was hashed")
    envelope = _object(proof.envelope, Told, "envelope")
    if (envelope.get("incident"), envelope.get("version")) != (proof.incident, proof.version):
        raise Doubt("the envelope is that of another event")
    path = [_bytes(step) for step in proof.path]
    if not is_included(leaf, proof.index, checkpoint.size, path, checkpoint.root):
        raise Doubt("the event is not in the log that the checkpoint speaks of")
    return Proven(
        origin=checkpoint.origin,
        index=proof.index,
        size=checkpoint.size,
        envelope=envelope,
        payload=payload,
    )


def _payload(proof: Proof, commitment: bytes) -> dict[str, Any] | None:
    if proof.payload is None and proof.salt is None:
        return None
    if proof.payload is None or proof.salt is None:
        raise Doubt("the payload and its salt do not belong together")
    if commitment_of(_bytes(proof.salt), proof.payload.encode()) != commitment:
        raise Doubt("the payload is not the one that was hashed")
    return _object(proof.payload, Words, "payload")


def _object(text: str, form: type[Told | Words], what: str) -> dict[str, Any]:
    try:
        msgspec.json.decode(text, type=form)
        return msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError) as broken:
        raise Doubt(f"the {what} is none of an event: {broken}") from broken


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as broken:
        raise Doubt(f"{text!r} is not hexadecimal") from broken
