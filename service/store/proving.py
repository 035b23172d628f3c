"""Proofs from the log: its signed checkpoint, where an event lies under it, and that it goes on
from an earlier one.
"""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from msgspec import Struct
from sqlalchemy import Connection, bindparam, select

from service.errors import Malformed, NotFound, Unavailable
from service.proof.chain import GENESIS
from service.proof.evidence import Proof
from service.proof.tree import Nodes, consistency, inclusion, leaf_hash, root_of
from service.store.growing import TILE, TILE_HEIGHT, hashes_of, leaves_between, roots_between
from service.store.record import RECORDED_WHOLE
from service.store.sealing import stored_envelope
from service.store.signers import known_verifiers
from service.store.tables import events, lane_heads, tiles
from service.store.withholding import Reader, is_hidden, withheld_now

_head = select(lane_heads).where(lane_heads.c.lane == bindparam("of_lane"))
_tile = select(tiles.c.hashes).where(
    tiles.c.lane == bindparam("of_lane"),
    tiles.c.level == bindparam("of_level"),
    tiles.c.number == bindparam("of_number"),
)
_in_incident = (events.c.lane == bindparam("of_lane")) & (
    events.c.incident == bindparam("of_incident")
)
_event = RECORDED_WHOLE.where(_in_incident, events.c.version == bindparam("version"))
_leaf_of = select(events.c.leaf).where(_in_incident, events.c.version == bindparam("version"))


class Consistency(Struct, frozen=True, kw_only=True):
    """That a log of `second` events goes on from the one of `first` (RFC 6962 §2.1.2); hashes in
    hexadecimal.
    """

    first: int
    second: int
    path: tuple[str, ...]


class TilePlace(NamedTuple):
    """Hashes of one level of the tree, or, where `level` is None, leaves of events: the first
    `width` of the 256 that this number of tile has.
    """

    level: int | None
    number: int
    width: int


class Head(NamedTuple):
    """How far a lane's tree has grown. `checkpoint` is the note that was signed last."""

    size: int
    checkpoint: bytes


def head_of(connection: Connection, lane: int) -> Head:
    """Raises NotFound for no such lane, and where nobody signs the store."""
    row = connection.execute(_head, {"of_lane": lane}).first()
    if row is None:
        raise NotFound(f"the store has no lane {lane}")
    if row.checkpoint is None:
        raise NotFound("nobody signs this store: run `sitrep migrate`")
    return Head(size=_size_in(row.checkpoint), checkpoint=row.checkpoint)


def consistency_between(
    connection: Connection, lane: int, first: int, second: int | None
) -> Consistency:
    """From one size of the log to another, which is that of its checkpoint where none is given."""
    head = head_of(connection, lane)
    until = head.size if second is None else second
    if not 0 <= first <= until <= head.size:
        raise Malformed(
            f"the log has {head.size} events: ask from a size to another one, none of them greater"
        )
    path = consistency(first, until, nodes_of(connection, lane, head.size))
    return Consistency(first=first, second=until, path=_hexadecimal(path))


def tile_at(connection: Connection, lane: int, place: TilePlace) -> bytes:
    """What lies there. Raises NotFound where the log is not as long."""
    size = head_of(connection, lane).size
    level, first = place.level or 0, place.number * TILE
    if first + place.width > size >> (TILE_HEIGHT * level):
        raise NotFound(f"the log of {size} events does not have this tile yet")
    if place.level is None:
        leaves = leaves_between(connection, lane, first, first + place.width)
        return b"".join(len(leaf).to_bytes(2) + leaf for leaf in leaves)
    nodes = nodes_of(connection, lane, size)
    return b"".join(nodes(TILE_HEIGHT * level, first + at) for at in range(place.width))


def proof_of(connection: Connection, lane: int, incident: str, version: int, by: Reader) -> Proof:
    """What proves one event. Raises NotFound, and Unavailable where no checkpoint covers it."""
    place = {"of_lane": lane, "of_incident": incident}
    row = connection.execute(_event, {**place, "version": version}).first()
    if row is None:
        raise NotFound(f"{incident} has no event {version}")
    before = connection.execute(_leaf_of, {**place, "version": version - 1}).scalar()
    head = head_of(connection, lane)
    if row.position > head.size:
        raise Unavailable(f"no checkpoint covers event {version} of {incident} yet")
    path = inclusion(row.position - 1, head.size, nodes_of(connection, lane, head.size))
    shown = row.body is not None and not is_hidden(
        row, withheld_now(connection, [(lane, incident)], by)
    )
    return Proof(
        incident=incident,
        version=version,
        envelope=stored_envelope(row).decode(),
        payload=row.body.decode() if shown else None,
        salt=row.salt.hex() if shown else None,
        commitment=row.commitment.hex(),
        previous=(GENESIS if before is None else before).hex(),
        leaf=row.leaf.hex(),
        index=row.position - 1,
        path=_hexadecimal(path),
        checkpoint=head.checkpoint.decode(),
        verifier=str(known_verifiers(connection)[0]),
    )


def nodes_of(connection: Connection, lane: int, size: int) -> Nodes:
    """The nodes of a lane's tree, from its full tiles, and from the log what lies beyond them."""

    @cache
    def tile(level: int, number: int) -> list[bytes]:
        asked = {"of_lane": lane, "of_level": level, "of_number": number}
        stored = connection.execute(_tile, asked).scalar()
        if stored is not None:
            return hashes_of(stored)
        first = number * TILE
        if level == 0:
            until = min(first + TILE, size)
            return list(map(leaf_hash, leaves_between(connection, lane, first, until)))
        return roots_between(connection, lane, level - 1, first, first + TILE - 1)

    @cache
    def node(level: int, index: int) -> bytes:
        above, within = divmod(level, TILE_HEIGHT)
        number, at = divmod(index << within, TILE)
        return root_of(tile(above, number)[at : at + (1 << within)])

    return node


def _size_in(note: bytes) -> int:
    return int(note.split(b"\n", 2)[1])


def _hexadecimal(path: Sequence[bytes]) -> tuple[str, ...]:
    return tuple(step.hex() for step in path)
