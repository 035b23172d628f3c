"""Verifying the log in place: every event against its hashes, every tree against its checkpoint and
what witnesses saw, and what is kept of updates against their events.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, bindparam, func, select

from service.proof.checkpoint import Checkpoint, origin_of
from service.proof.doubt import Doubt
from service.proof.note import Verifier
from service.proof.walk import Entry, Walk
from service.store.engine import is_sqlite
from service.store.lanes import lane_of
from service.store.rebuilding import ERASURE, Progress
from service.store.sealing import read_refs, stored_envelope
from service.store.statements import run
from service.store.tables import events, lane_heads, payloads, updates
from service.store.tiled import TilesBeside
from service.store.updated import KEPT, SHARED, UpdatesBeside

CHUNK = 1000

_before = events.alias("before")
_heads = select(lane_heads).order_by(lane_heads.c.lane)
_entries = (
    select(
        *(events, payloads.c.salt, payloads.c.body, _before.c.leaf.label("leaf_before")),
        *(updates.c[name].label(f"kept_{name}") for name in KEPT),
    )
    .outerjoin(
        payloads, and_(payloads.c.lane == events.c.lane, payloads.c.event_id == events.c.event_id)
    )
    .outerjoin(
        _before,
        and_(
            _before.c.lane == events.c.lane,
            _before.c.incident == events.c.incident,
            _before.c.version == events.c.version - 1,
        ),
    )
    .outerjoin(
        updates,
        and_(*(updates.c[name] == events.c[name] for name in SHARED)),
    )
    .where(
        events.c.lane == bindparam("of_lane"),
        events.c.position > bindparam("after"),
        events.c.position <= bindparam("upto"),
    )
    .order_by(events.c.position)
)
_last = select(func.max(events.c.position)).where(events.c.lane == bindparam("of_lane"))
_erasures = select(events.c.refs).where(
    events.c.lane == bindparam("of_lane"),
    events.c.incident == bindparam("of_incident"),
    events.c.type == ERASURE,
)
Witnessed = Mapping[str, Sequence[Checkpoint]]
"""Checkpoints that were seen before, by the log's name."""


class Verified(NamedTuple):
    """What holds of one lane's log. `erased` events have no payload any more, and say so."""

    origin: str
    events: int
    erased: int
    signed: int
    note: bytes | None


def verify_log(
    connection: Connection,
    *,
    verifier: Verifier | None,
    witnessed: Witnessed,
    progress: Progress,
) -> list[Verified]:
    """Every lane, in one snapshot of the store. Raises Doubt, which names what does not hold."""
    heads = connection.execute(_heads).all()
    total = sum(head.position for head in heads)
    lanes = [_Lane(connection, head, len(heads), verifier, witnessed) for head in heads]
    done, found, kept = 0, [], UpdatesBeside()
    for lane in lanes:
        found.append(lane.verify(kept, lambda size, done=done: progress(done + size, total)))
        done += found[-1].events
    strangers = sorted(witnessed.keys() - {lane.origin for lane in found})
    if strangers:
        raise Doubt(f"the witness saw another log: {', '.join(strangers)}")
    kept.end(connection)
    verify_file(connection)
    return found


class _Lane:
    def __init__(
        self,
        connection: Connection,
        head: Any,
        lanes: int,
        verifier: Verifier | None,
        witnessed: Witnessed,
    ) -> None:
        self._connection = connection
        self._head = head
        self._lanes = lanes
        self._missing: defaultdict[str, set[int]] = defaultdict(set)
        self._checkpoint = None
        self._peaks = b""
        name = "" if verifier is None else verifier.name
        if verifier is not None:
            self._checkpoint = self._signed(verifier)
        self._origin = origin_of(name, head.lane, lanes)
        expected: defaultdict[int, list[tuple[bytes, str]]] = defaultdict(list)
        if self._checkpoint is not None:
            told = self._checkpoint
            expected[told.size].append((told.root, "the checkpoint"))
        for seen in witnessed.get(self._origin, ()):
            expected[seen.size].append((seen.root, "the witness"))
        self._walk = Walk(expected)

    def verify(self, kept: UpdatesBeside, progress: Any) -> Verified:
        last_us = 0
        held = TilesBeside(self._connection, self._head.lane, self._head.tree_size or 0)
        self._pass_tree()
        for row in self._rows():
            entry = _entry(row)
            if lane_of(row.incident, self._lanes) != row.lane:
                raise Doubt(f"{entry}: it lies in lane {row.lane}, where its incident is not")
            self._walk.take(entry)
            held.pass_by(entry)
            self._pass_tree()
            if row.recorded_us < last_us:
                raise Doubt(f"{entry}: it was recorded before the event at the position before")
            last_us = row.recorded_us
            kept.pass_by(row)
            if row.body is None:
                self._missing[row.incident].add(row.version)
            if self._walk.size % CHUNK == 0:
                progress(self._walk.size)
        self._walk.end()
        self._verify_erasures()
        self._verify_head(last_us)
        held.end()
        return Verified(
            origin=self._origin,
            events=self._walk.size,
            erased=sum(map(len, self._missing.values())),
            signed=0 if self._checkpoint is None else self._checkpoint.size,
            note=self._head.checkpoint,
        )

    def _pass_tree(self) -> None:
        """Where the stored tree ends. It may be behind: a release without it may have written."""
        if self._walk.size == (self._head.tree_size or 0):
            self._peaks = self._walk.tree.stored()

    def _rows(self) -> Iterator[Any]:
        """By stretches of positions: a LIMIT would have PostgreSQL join all that follow, until it
        has counted what there is.
        """
        of_lane = {"of_lane": self._head.lane}
        last = self._connection.execute(_last, of_lane).scalar() or 0
        for after in range(0, last, CHUNK):
            stretch = {"after": after, "upto": after + CHUNK}
            yield from self._connection.execute(_entries, of_lane | stretch)

    def _signed(self, verifier: Verifier) -> Checkpoint:
        if self._head.checkpoint is None:
            raise Doubt(f"lane {self._head.lane} has no checkpoint, and {verifier.name} signed it")
        try:
            told = Checkpoint.signed(self._head.checkpoint, verifier)
        except Doubt as doubt:
            raise Doubt(f"the checkpoint of lane {self._head.lane}: {doubt}") from doubt
        if told.origin != origin_of(verifier.name, self._head.lane, self._lanes):
            raise Doubt(f"the checkpoint of lane {self._head.lane} is that of {told.origin}")
        return told

    def _verify_erasures(self) -> None:
        for incident, versions in sorted(self._missing.items()):
            asked = {"of_lane": self._head.lane, "of_incident": incident}
            said: set[int] = set()
            for refs in self._connection.execute(_erasures, asked).scalars():
                said |= set(read_refs(refs).targets)
            for version in sorted(versions - said):
                raise Doubt(f"{incident}/{version}: its payload is gone, and nobody erased it")

    def _verify_head(self, last_us: int) -> None:
        head, tree = self._head, self._walk.tree
        if self._checkpoint is not None and self._checkpoint.size != head.tree_size:
            raise Doubt(f"lane {head.lane} is signed up to another size than its tree has")
        if self._checkpoint is not None and self._checkpoint.size < tree.size:
            raise Doubt(
                f"only {self._checkpoint.size} of the {tree.size} events of lane {head.lane} are "
                "signed, though the next update or `sitrep migrate` signs what goes on from those"
            )
        if (head.tree_size or 0) > tree.size:
            raise Doubt(f"the tree of lane {head.lane} is larger than its log")
        if (head.peaks or b"") != self._peaks:
            raise Doubt(f"the peaks of lane {head.lane} are not those of its tree")
        if (head.position, head.recorded_us) != (tree.size, last_us):
            raise Doubt(
                f"lane {head.lane} stands at position {head.position}, and its log ends at "
                f"{tree.size}"
            )


def verify_file(connection: Connection) -> None:
    """SQLite's own look at its file: every page, every index against its table."""
    if is_sqlite(connection):
        (found,) = run(connection, "PRAGMA integrity_check(1)").fetchone()
        if found != "ok":
            raise Doubt(f"the file is damaged: {found}")


def _entry(row: Any) -> Entry:
    try:
        envelope = stored_envelope(row)
    except ValueError as broken:
        where = f"{row.incident}/{row.version} (position {row.position})"
        raise Doubt(f"{where}: its envelope cannot be read: {broken}") from broken
    return Entry(
        position=row.position,
        incident=row.incident,
        version=row.version,
        envelope=envelope,
        before=row.leaf_before,
        commitment=row.commitment,
        leaf=row.leaf,
        salt=row.salt,
        payload=row.body,
    )
