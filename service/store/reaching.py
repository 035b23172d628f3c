"""Where corrections and retractions reach: the rows of `reached`, by which the index tells when
another candidate may stand in a slot.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select

from service.domain.report import Event
from service.domain.reports import part_of, slot_of
from service.domain.standing import stands_for
from service.store.index import SlotId, part_id, slot_id
from service.store.logged import events_among
from service.store.statements import Batch, Insert
from service.store.tables import reached

Place = Mapping[str, Any]
"""`lane`, `incident`."""

_insert = Insert(reached)
_known = select(reached.c.by).where(
    reached.c.lane == bindparam("of_lane"),
    reached.c.incident == bindparam("of_incident"),
    reached.c.part == bindparam("part"),
    reached.c.slot == bindparam("slot"),
    reached.c.by.in_(bindparam("acts", expanding=True)),
)


class Act(NamedTuple):
    """What makes candidates fall: a correction, or a retraction."""

    by: int
    published_us: int
    publisher: str
    origin: str
    retracts: int


class Reaching:
    """Puts rows into a batch; what came before is in the log."""

    def __init__(self, connection: Connection, batch: Batch) -> None:
        self._connection = connection
        self._batch = batch

    def reach(self, act: Act, corrected: Mapping[int, Sequence[int]], place: Place) -> None:
        """An act reaches the slots of reports, and of the corrections of each."""
        pairs = [(root, by) for root, others in corrected.items() for by in (root, *others)]
        told = events_among(self._connection, _at(place), {by for _, by in pairs})
        slots = {
            reached
            for root, by in pairs
            if root in told and by in told
            for reached in _slot(told[by], told[root])
        }
        for part, slot in sorted(slots):
            self._add(act, part, slot, place)

    def join(self, correction: Event, acts: Iterable[Act], place: Place) -> None:
        """Acts that were there before a correction reach its slot too: some act on it, for they
        were published later.
        """
        by_version = {act.by: act for act in acts}
        root = correction.refs.targets[0]
        told = events_among(self._connection, _at(place), [root] if by_version else ())
        for part, slot in (found for event in told.values() for found in _slot(correction, event)):
            values = {"part": part, "slot": slot, "acts": sorted(by_version)}
            known = set(self._connection.execute(_known, {**_at(place), **values}).scalars())
            for by in by_version.keys() - known:
                self._add(by_version[by], part, slot, place)

    def _add(self, act: Act, part: int, slot: SlotId, place: Place) -> None:
        row = {"part": part, "by": act.by, "slot": slot, "published_us": act.published_us}
        self._batch.add(_insert, {**place, **row})


def _at(place: Place) -> dict[str, Any]:
    return {"of_lane": place["lane"], "of_incident": place["incident"]}


def _slot(event: Event, root: Event) -> Iterator[tuple[int, SlotId]]:
    """The part and the slot where an event stands for a report."""
    held = stands_for(event, root)
    slot = slot_of(held.report, held.origin, held.root)
    if slot is not None:
        yield part_id(part_of(held.report)), slot_id(slot)
