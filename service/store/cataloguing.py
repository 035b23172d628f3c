"""Writing the catalogue: what each incident is listed and searched by, from when until when.

A row ends where what it tells changes, and nothing is written where nothing changes.
"""

from collections.abc import Set
from hashlib import blake2b
from typing import Any, NamedTuple

from sqlalchemy import Connection

from service.domain.boxes import Box, boxes_of
from service.domain.moments import read_instant
from service.domain.situation import Situation
from service.domain.withholding import is_silent
from service.domain.words import texts_of, words_of
from service.store.falling import Falls, Told, updates_with
from service.store.periods import Periods, Row, Timeline
from service.store.search import bodies_of, number_of
from service.store.shelves import NEVER, catalogue, links, places, texts
from service.store.statements import Batch

NOWHERE = (None,) * 4
NOTHING: frozenset[int] = frozenset()

_entries = Timeline(catalogue)
_places = Timeline(places, "place")
_links = Timeline(links, "target")
_texts = Timeline(texts, "version")


class Listed(NamedTuple):
    """What an incident is listed by. Before its opening the brief is empty."""

    situation: Situation
    brief: bytes
    opened_us: int


class Cataloguer:
    """Notes what each update of a round changes; `finish` puts the rows into the batch."""

    def __init__(self, connection: Connection, batch: Batch) -> None:
        self._connection = connection
        self._periods = Periods(batch)

    def note(self, told: Told, before: Listed, after: Listed) -> None:
        """The facts before and after an update."""
        if before.brief != after.brief:
            if before.brief:
                self._periods.end(_entries, told.place, told.recorded_us)
            row = {**told.place, "from_us": told.recorded_us, "opened_us": after.opened_us}
            self._periods.begin(_entries, {**row, **_facts(after.situation, after.brief)})
        then, now = before.situation, after.situation
        if then.overview.locations != now.overview.locations:
            self._turn(_places, told, _places_of(then), _places_of(now))
        if then.links != now.links:
            self._turn(_links, told, _links_of(then), _links_of(now))

    def tell(
        self, told: Told, unseen: frozenset[int], *, acts: bool, falls: Falls | None = None
    ) -> None:
        """The texts of an update, but for events that the public does not see. Where it is an
        editorial act, those of the updates that it touches are told anew. `falls` spares reading
        what has fallen.
        """
        if not acts:
            self._write(told, told, unseen, 0)
            return
        known = falls or Falls.read(self._connection, told.lane, told.incident)
        before = known.at(told.first_version - 1, unseen)
        now = known.at(told.version, unseen)
        part = self._write(told, told, unseen, 0, now)
        touched = {version for version in before ^ now if version < told.first_version}
        for other in updates_with(self._connection, told.lane, told.incident, touched):
            key = {**told.place, "version": other.first_version}
            self._periods.end(_texts, key, told.recorded_us)
            part = self._write(other, told, unseen, part, now)

    def finish(self) -> None:
        self._periods.finish()

    def _turn(
        self,
        timeline: Timeline,
        told: Told,
        before: dict[Any, Row],
        after: dict[Any, Row],
    ) -> None:
        name = timeline.keys[-1]
        for key in before.keys() - after.keys():
            self._periods.end(timeline, {**told.place, name: key}, told.recorded_us)
        for key in sorted(after.keys() - before.keys()):
            row = {**told.place, name: key, **after[key], "from_us": told.recorded_us}
            self._periods.begin(timeline, row)

    def _write(
        self,
        update: Told,
        by: Told,
        unseen: frozenset[int],
        part: int,
        fallen: Set[int] = NOTHING,
    ) -> int:
        """The pieces of an update's text as they hold from `by` on; the number of the next one. A
        summary may tell what one of its reports does.
        """
        public = [event for event in update.events if not is_silent(event, unseen)]
        held = [event for event in public if event.version not in fallen]
        if not held or update.publisher is None:
            return part
        summary = update.summary if len(public) == len(update.events) else None
        words = words_of(texts_of(update.publisher, summary, held))
        for body in bodies_of(self._connection, words):
            row = {
                **by.place,
                "number": number_of(by.lane, by.position, part),
                "version": update.first_version,
                "from_us": by.recorded_us,
                "body": body,
            }
            self._periods.begin(_texts, row)
            part += 1
        return part


def _facts(held: Situation, brief: bytes) -> Row:
    when = held.overview.occurred
    known = when.earliest is not None and when.latest is not None
    return {
        "kind": held.kind,
        "status": held.status,
        "occurred_from_us": read_instant(when.earliest or "") if known else NEVER,
        "occurred_to_us": read_instant(when.latest or "") if known else NEVER,
        "killed_low": int(held.casualties.killed.low),
        "brief": brief,
    }


def _places_of(held: Situation) -> dict[bytes, Row]:
    """Every standing place, by what sets it apart from the others."""
    found: dict[bytes, Row] = {}
    for place in held.overview.locations:
        boxes = (None,) if place.geometry is None else boxes_of(place.geometry)
        for box in boxes:
            if box is not None or place.country is not None:
                sides = dict(zip(Box._fields, box or NOWHERE, strict=True))
                row = {"country": place.country or "", **sides}
                told = repr(tuple(row.values())).encode()
                found[blake2b(told, digest_size=8).digest()] = row
    return found


def _links_of(held: Situation) -> dict[str, Row]:
    return {link.to: {} for link in held.links}
