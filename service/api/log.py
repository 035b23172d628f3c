"""The log as others may check it: signed checkpoints, proofs, tiles (docs/proof.md).

The paths under a lane are those of c2sp.org/tlog-tiles, where its readers look for them.
"""

from typing import ClassVar

from flask import Response
from flask_smorest import Blueprint

from schemas.envelope import GREATEST_VERSION
from service.api.access import store
from service.api.describing import TEXT, reads, reads_bytes
from service.api.parameters import Numeral, Query, described, read, refuse_parameters
from service.api.representations import IMMUTABLE, representation
from service.proof.evidence import Proof
from service.store.answers import encode
from service.store.proving import Consistency, TilePlace

OCTETS = "application/octet-stream"

log = Blueprint("log", __name__, url_prefix="/v1", description="What proves the record")


class ConsistencyQuery(Query):
    to = described(Numeral(0, GREATEST_VERSION), "A later size; else that of the checkpoint.")

    class Meta(Query.Meta):
        include: ClassVar = {
            "from": described(
                Numeral(0, GREATEST_VERSION, required=True), "A size of the log, in events."
            )
        }


CONSISTENCY = ConsistencyQuery()


@log.get("/incidents/<slug:incident>/proof/<version:version>")
@reads(Proof, problems=[404])
def get_proof(incident: str, version: int) -> Response:
    """What proves one event offline: `sitrep verify` checks it with nothing but the public key."""
    refuse_parameters()
    return representation(encode(store().proof(incident, version)))


@log.get("/log/verifiers")
@reads_bytes(TEXT)
def get_verifiers() -> Response:
    """By whose word checkpoints hold: the present signer first, then those before, a line each."""
    refuse_parameters()
    told = "".join(f"{verifier}\n" for verifier in store().verifiers())
    return representation(told.encode(), media_type=TEXT)


@log.get("/log/<lane:lane>/checkpoint")
@reads_bytes(TEXT, problems=[404])
def get_checkpoint(lane: int) -> Response:
    """The note that was signed with the lane's last update."""
    refuse_parameters()
    return representation(store().checkpoint(lane), media_type=TEXT)


@log.get("/log/<lane:lane>/consistency")
@reads(Consistency, query=ConsistencyQuery, problems=[404])
def get_consistency(lane: int) -> Response:
    """Proof that the log only grew from one size to another."""
    asked = read(CONSISTENCY)
    proof = store().consistency(lane, asked["from"], asked.get("to"))
    return representation(encode(proof))


@log.get("/log/<lane:lane>/tile/<tile:place>")
@reads_bytes(OCTETS, problems=[404])
def get_tile(lane: int, place: TilePlace) -> Response:
    """Hashes of the tree, or (`entries`) the leaves of events: 256, or so many as are asked for."""
    refuse_parameters()
    tile = store().tile(lane, place)
    return representation(tile, media_type=OCTETS, caching=IMMUTABLE)
