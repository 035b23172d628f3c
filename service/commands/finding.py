"""Incidents that are asked for by a name that none has."""

from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches

from service.errors import NotFound
from service.store.store import Store

LOOKED_AT = 10_000


@contextmanager
def incident_in(store: Store, incident: str | None) -> Iterator[None]:
    """Where there is no such incident, the failure names those that may be meant."""
    try:
        yield
    except NotFound as failure:
        known = list(_names(store))
        near = (
            [] if incident is None or incident in known else get_close_matches(incident, known, n=3)
        )
        if not near:
            raise
        raise NotFound(f"{failure}; did you mean {' or '.join(near)}?") from failure


def _names(store: Store) -> Iterator[str]:
    cursor = None
    for _ in range(0, LOOKED_AT, 1000):
        page = store.incidents(cursor=cursor, limit=1000)
        yield from (brief.incident for brief in page.incidents)
        cursor = page.next
        if cursor is None:
            return
