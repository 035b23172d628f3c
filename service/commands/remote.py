"""A store reached over HTTP, to import into."""

from service.commands.elsewhere import ReusedThere, failures_of
from service.errors import IncidentExists
from sitrep_client import NO_PATIENCE, Client


class Remote:
    """Safe to share among threads. Every failure is told at once: whoever imports has a patience of
    its own.
    """

    def __init__(self, url: str, key: str) -> None:
        self._url = url.rstrip("/")
        self._client = Client(url, key=key, patience=NO_PATIENCE)

    def close(self) -> None:
        self._client.close()

    def open(self, opening: bytes) -> None:
        try:
            with failures_of(self._url):
                self._client.open_incident(opening)
        except (IncidentExists, ReusedThere):
            return

    def append(self, incident: str, update: bytes) -> bool:
        with failures_of(self._url):
            return not self._client.post_update(incident, update).replayed
