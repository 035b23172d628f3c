"""What can be asked of the record: the story as it was told, the events as they are kept, the log
that proves them.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from typing import Self

from sqlalchemy import Connection, Engine

from service.proof.evidence import Proof
from service.proof.note import Verifier
from service.store import lists, proving, record
from service.store.answers import EventPage, EventRecord, FeedPage, UpdatePage, UpdateRecord
from service.store.cursors import read_feed_cursor
from service.store.engine import Clock
from service.store.lanes import lane_of
from service.store.lending import Lender
from service.store.proving import Consistency, TilePlace
from service.store.replica import Needs, Reading, anywhere
from service.store.signers import known_verifiers
from service.store.withholding import Reader


class Telling(Reading):
    """The record behind an engine. Safe to share among threads."""

    def __init__(self, engine: Engine, lanes: int, clock: Clock | None) -> None:
        self._lender = Lender(engine)
        self._lanes = lanes
        self._clock = clock
        self._by = Reader(clock)

    def as_desk(self) -> Self:
        """The same store, read by the desk, from whom nothing is withheld."""
        seen = copy(self)
        seen._by = Reader(self._clock, desk=True)
        return seen

    @anywhere(enough=lambda told, *_, cursor, **__: told.updates or cursor is None)
    def updates(
        self, incident: str, *, cursor: str | None, limit: int, ascending: bool
    ) -> UpdatePage:
        with self._reading() as connection:
            return lists.updates_of(
                connection,
                self._lane(incident),
                incident,
                cursor=cursor,
                limit=limit,
                ascending=ascending,
                by=self._by,
            )

    @anywhere()
    def update(self, incident: str, update_id: str) -> UpdateRecord:
        with self._reading() as connection:
            lane = self._lane(incident)
            return lists.one_update(connection, lane, incident, update_id, self._by)

    @anywhere(enough=lambda told, *_, after_version, **__: told.events or not after_version)
    def events(
        self, incident: str, *, after_version: int, types: Sequence[str], limit: int
    ) -> EventPage:
        with self._reading() as connection:
            return record.events_of(
                connection,
                self._lane(incident),
                incident,
                after_version=after_version,
                types=types,
                limit=limit,
                by=self._by,
            )

    @anywhere()
    def event(self, incident: str, version: int) -> EventRecord:
        with self._reading() as connection:
            return record.one_event(connection, self._lane(incident), incident, version, self._by)

    @anywhere(needs=lambda self, *, after, **_: self._from(after))
    def feed(
        self, *, after: str | None, types: Sequence[str], incident: str | None, limit: int
    ) -> FeedPage:
        """Events of all incidents after a cursor, in commit order, none ever missed."""
        place = None if incident is None else (self._lane(incident), incident)
        with self._reading() as connection:
            return record.feed(
                connection, after=after, types=types, incident=place, limit=limit, by=self._by
            )

    @anywhere()
    def feed_end(self) -> str:
        """The cursor after everything that is recorded now."""
        with self._reading() as connection:
            return record.reached_now(connection)

    @anywhere()
    def checkpoint(self, lane: int) -> bytes:
        """The signed note that a lane's log ended its last append with."""
        with self._reading() as connection:
            return proving.head_of(connection, lane).checkpoint

    @anywhere()
    def consistency(self, lane: int, first: int, second: int | None) -> Consistency:
        """That a lane's log only grew between two sizes. Raises Malformed for other sizes."""
        with self._reading() as connection:
            return proving.consistency_between(connection, lane, first, second)

    @anywhere()
    def tile(self, lane: int, place: TilePlace) -> bytes:
        """Hashes or leaves of a lane's log. Raises NotFound."""
        with self._reading() as connection:
            return proving.tile_at(connection, lane, place)

    @anywhere()
    def proof(self, incident: str, version: int) -> Proof:
        """What proves an event offline. Raises NotFound."""
        with self._reading() as connection:
            lane = self._lane(incident)
            return proving.proof_of(connection, lane, incident, version, self._by)

    @anywhere()
    def verifiers(self) -> list[Verifier]:
        """By whose word checkpoints hold: the present signer first, then those before."""
        with self._reading() as connection:
            return known_verifiers(connection)

    def _from(self, cursor: str | None) -> Needs:
        return Needs(positions=read_feed_cursor(cursor, self._lanes))

    def _lane(self, incident: str) -> int:
        return lane_of(incident, self._lanes)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with (self._there or self._lender).lent() as connection:
            yield connection
