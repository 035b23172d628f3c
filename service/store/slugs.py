"""Slugs for incidents that come without one: date and title."""

import re
import unicodedata
from collections.abc import Iterator

from service.domain.update import NewIncident

TRIES = 20


def slugs_for(incident: NewIncident, today: str) -> Iterator[str]:
    """The slug that was given, or candidates made from the publication date (else today) and the
    title.
    """
    if incident.incident is not None:
        yield incident.incident
        return
    day = (incident.update.published_at or today)[:10]
    ascii_title = unicodedata.normalize("NFKD", incident.title).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_title.lower()).strip("-")[:60].strip("-")
    slug = f"{words or 'incident'}-{day}"
    yield slug
    for number in range(2, TRIES):
        yield f"{slug}-{number}"
