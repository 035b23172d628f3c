"""Where updates can be imported to: the store at hand, or one that is reached over HTTP."""

from typing import Protocol

from schemas.update import load_incident, load_update
from service.domain.update import Writer
from service.errors import IdReused, IncidentExists
from service.store.store import Store

IMPORT = Writer(name="import", role="admin")


class Destination(Protocol):
    def open(self, opening: bytes) -> None:
        """Open an incident, unless there is one of this name. Raises what the store raises."""

    def append(self, incident: str, update: bytes) -> bool:
        """Whether the update is new there. Raises what the store raises."""


class AtHand:
    """The store that this process has open."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def open(self, opening: bytes) -> None:
        try:
            self._store.open(load_incident(opening), IMPORT)
        except (IncidentExists, IdReused):
            return

    def append(self, incident: str, update: bytes) -> bool:
        return not self._store.append(incident, load_update(update), IMPORT).replayed
