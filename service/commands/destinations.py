"""Where updates can be imported to: the store at hand, or one that is reached over HTTP."""

from collections.abc import Iterator
from typing import Any, Protocol

from schemas.body import DEEPEST, read_object
from schemas.update import load_incident, load_update
from service.commands.elsewhere import ReusedThere
from service.domain.update import Writer
from service.errors import IdReused, IncidentExists
from service.store.answers import encode
from service.store.store import Store

IMPORT = Writer(name="import", role="admin")

THERE_ALREADY = (IncidentExists, IdReused, ReusedThere)
"""What a store raises that has the incident or the update id, though not this very body."""

A_PAGE = 500
AROUND = 8
"""Levels that the record tells a report in."""

Told = dict[str, Any]
"""An update as the API tells it (`GET …/updates/{update_id}`), its numbers exact."""


class Destination(Protocol):
    def open(self, opening: bytes) -> bool:
        """Whether the incident is new there. Raises what the store raises."""

    def append(self, incident: str, update: bytes) -> bool:
        """Whether the update is new there. Raises what the store raises."""

    def told(self, incident: str) -> Iterator[Told]:
        """The updates that are there, the oldest first. Raises NotFound."""

    def told_as(self, incident: str, update_id: str) -> Told:
        """One of them. Raises NotFound."""

    def take_stock(self) -> None:
        """What is done once many updates were sent."""


def read_told(body: bytes) -> Told:
    return read_object(body, DEEPEST + AROUND)


class AtHand:
    """The store that this process has open."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def open(self, opening: bytes) -> bool:
        return not self._store.open(load_incident(opening), IMPORT).replayed

    def append(self, incident: str, update: bytes) -> bool:
        return not self._store.append(incident, load_update(update), IMPORT).replayed

    def told(self, incident: str) -> Iterator[Told]:
        desk, cursor = self._store.as_desk(), None
        while True:
            page = desk.updates(incident, cursor=cursor, limit=A_PAGE, ascending=True)
            yield from (read_told(encode(update)) for update in page.updates)
            cursor = page.next
            if cursor is None:
                return

    def told_as(self, incident: str, update_id: str) -> Told:
        return read_told(encode(self._store.as_desk().update(incident, update_id)))

    def take_stock(self) -> None:
        self._store.custody.take_stock()
