"""Incidents that are asked for by a name that none has."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from itertools import islice

from service.errors import NotFound
from service.store.store import Store

LOOKED_AT = 10_000
MOST = 3
"""Names that are named."""


@contextmanager
def incident_in(store: Store, incident: str | None) -> Iterator[None]:
    """Where there is no such incident, the failure names those that may be meant."""
    with naming_those_near(incident, _names(store)):
        yield


@contextmanager
def naming_those_near(incident: str | None, names: Iterable[str]) -> Iterator[None]:
    """The same, among `names`, which are looked at only then."""
    try:
        yield
    except NotFound as failure:
        known = list(islice(names, LOOKED_AT))
        near = [] if incident is None or incident in known else _near(incident, known)
        if not near:
            raise
        raise NotFound(f"{failure}; did you mean {' or '.join(near)}?") from failure


def _near(incident: str, known: Sequence[str]) -> list[str]:
    """Those that are spelt nearly so, then those that it is a part of."""
    alike = get_close_matches(incident, known, n=MOST)
    longer = sorted((one for one in known if incident in one and one not in alike), key=len)
    return [*alike, *longer][:MOST]


def _names(store: Store) -> Iterator[str]:
    cursor = None
    while True:
        page = store.incidents(cursor=cursor, limit=1000)
        yield from (brief.incident for brief in page.incidents)
        cursor = page.next
        if cursor is None:
            return
