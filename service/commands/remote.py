"""A store reached over HTTP, to import into."""

from collections.abc import Iterator

from service.commands.destinations import A_PAGE, Told, read_told
from service.commands.elsewhere import failures_of
from sitrep_client import Client, Patience, asks


class Remote:
    """Safe to share among threads."""

    def __init__(self, url: str, key: str, patience: Patience) -> None:
        self._url = url.rstrip("/")
        self._client = Client(url, key=key, patience=patience)

    def close(self) -> None:
        self._client.close()

    def open(self, opening: bytes) -> bool:
        with failures_of(self._url):
            return not self._client.open_incident(opening).replayed

    def append(self, incident: str, update: bytes) -> bool:
        with failures_of(self._url):
            return not self._client.post_update(incident, update).replayed

    def told(self, incident: str) -> Iterator[Told]:
        pages = asks.updates(incident, order="asc", limit=A_PAGE).raw("updates")
        with failures_of(self._url):
            yield from map(read_told, self._client.each(pages))

    def told_as(self, incident: str, update_id: str) -> Told:
        with failures_of(self._url):
            return read_told(self._client.answer(asks.update(incident, update_id).raw()))

    def take_stock(self) -> None:
        """A service that runs leaves that to its database."""
