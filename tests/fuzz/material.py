"""An honest log, the same in every run: what proofs are made of before they are tampered with."""

from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec

from service.domain.report import Publisher, Refs, SourceKind
from service.proof.bundle import Ending, Heading, Line
from service.proof.chain import GENESIS, commitment_of, leaf_of
from service.proof.checkpoint import Checkpoint, origin_of
from service.proof.evidence import Proof
from service.proof.note import Signer
from service.proof.tree import Nodes, Peaks, inclusion
from service.store.sealing import Envelope, Payload
from tests.histories import NOON_US, Json, injured, killed

SIGNER = Signer("log.example", sha256(b"a seed that everybody knows").digest())
OTHER = Signer("log.example", sha256(b"another one").digest())
VERIFIER = SIGNER.verifier

_encode = msgspec.json.Encoder().encode


def _event(incident: str, version: int, report: Json, previous: bytes) -> Json:
    salt = sha256(f"{incident} {version}".encode()).digest()[:16]
    payload = _encode(
        Payload(
            publisher=Publisher(key="afp", kind=SourceKind.PRESS),
            published_at="2020-03-11",
            report=msgspec.Raw(_encode(report)),
        )
    )
    envelope = _encode(
        Envelope(
            incident=incident,
            version=version,
            event_id=str(UUID(int=100 * version + len(incident))),
            update_id=str(UUID(int=version)),
            type="casualties_reported",
            schema_version=1,
            publisher="afp",
            origin="afp",
            published_us=NOON_US,
            effective_us=NOON_US,
            recorded_us=NOON_US + version,
            actor="desk",
            refs=Refs(),
        )
    )
    commitment = commitment_of(salt, payload)
    return {
        "incident": incident,
        "version": version,
        "envelope": envelope,
        "payload": payload,
        "salt": salt,
        "commitment": commitment,
        "previous": previous,
        "leaf": leaf_of(envelope, commitment, previous),
    }


def _lane(*incidents: str) -> list[Json]:
    """Three events of each incident, in turns."""
    told: list[Json] = []
    last = dict.fromkeys(incidents, GENESIS)
    for version in (1, 2, 3):
        for incident in incidents:
            report = (killed if version % 2 else injured)(version)
            told.append(_event(incident, version, report, last[incident]))
            last[incident] = told[-1]["leaf"]
    return told


LANES = (_lane("taji", "erbil"), _lane("camp-speicher"))
"""The events of each lane of a store with two."""

EVENTS = [event for lane in LANES for event in lane]
FACTS = {event["envelope"]: event["payload"] for event in EVENTS}
"""The words that belong to each envelope: nothing else is true."""


def tree_of(leaves: list[bytes]) -> Peaks:
    tree = Peaks()
    for leaf in leaves:
        tree.push(leaf)
    return tree


def nodes_over(leaves: list[bytes]) -> Nodes:
    def node(level: int, index: int) -> bytes:
        return tree_of(leaves[index << level : (index + 1) << level]).root()

    return node


def _leaves(lane: int) -> list[bytes]:
    return [event["leaf"] for event in LANES[lane]]


def checkpoint(lane: int, size: int | None = None, signer: Signer = SIGNER) -> bytes:
    leaves = _leaves(lane)[:size]
    origin = origin_of(signer.name, lane, len(LANES))
    return Checkpoint(origin, len(leaves), tree_of(leaves).root()).sign(signer)


def _path(lane: int, index: int) -> tuple[str, ...]:
    leaves = _leaves(lane)
    return tuple(step.hex() for step in inclusion(index, len(leaves), nodes_over(leaves)))


def _proof(lane: int, index: int) -> Json:
    event = LANES[lane][index]
    proof = Proof(
        incident=event["incident"],
        version=event["version"],
        envelope=event["envelope"].decode(),
        payload=event["payload"].decode(),
        salt=event["salt"].hex(),
        commitment=event["commitment"].hex(),
        previous=event["previous"].hex(),
        leaf=event["leaf"].hex(),
        index=index,
        path=_path(lane, index),
        checkpoint=checkpoint(lane).decode(),
        verifier=str(VERIFIER),
    )
    told: Json = msgspec.to_builtins(proof)
    return told


PROOFS = [_proof(lane, index) for lane, events in enumerate(LANES) for index in range(len(events))]


def sealed(honest: Json, envelope: bytes, payload: bytes) -> Json:
    """The proof of an event that never was, by the word of the log's own signer."""
    salt = bytes(16)
    commitment = commitment_of(salt, payload)
    leaf = leaf_of(envelope, commitment, GENESIS)
    note = Checkpoint(SIGNER.name, 1, tree_of([leaf]).root()).sign(SIGNER)
    return {
        **honest,
        "envelope": envelope.decode(),
        "payload": payload.decode(),
        "salt": salt.hex(),
        "commitment": commitment.hex(),
        "previous": GENESIS.hex(),
        "leaf": leaf.hex(),
        "index": 0,
        "path": [],
        "checkpoint": note.decode(),
    }


def _line(lane: int, index: int, *, alone: bool) -> Line:
    event = LANES[lane][index]
    return Line(
        lane=lane,
        position=index + 1,
        envelope=event["envelope"].decode(),
        commitment=event["commitment"].hex(),
        leaf=event["leaf"].hex(),
        salt=event["salt"].hex(),
        payload=event["payload"].decode(),
        update=sha256(event["payload"]).hexdigest(),
        path=_path(lane, index) if alone else None,
    )


def _export(incident: str | None) -> list[Json]:
    held = [
        (lane, index)
        for lane, events in enumerate(LANES)
        for index, event in enumerate(events)
        if incident in {None, event["incident"]}
    ]
    heading = Heading(
        incident=incident,
        lanes=len(LANES),
        checkpoints={lane: checkpoint(lane).decode() for lane in {lane for lane, _ in held}},
        verifiers=(str(VERIFIER),),
    )
    lines = [_line(lane, index, alone=incident is not None) for lane, index in held]
    told: list[Any] = [heading, *lines, Ending(events=len(lines))]
    return [msgspec.to_builtins(one, str_keys=True) for one in told]


EXPORTS = [_export(None), _export("taji"), _export("erbil")]


def written(lines: list[Json]) -> bytes:
    """An export as it lies in a file."""
    return b"".join(_encode(line) + b"\n" for line in lines)
