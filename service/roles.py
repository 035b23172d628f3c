"""Who may do what: the one table of it. docs/access.md shows the same, held equal by a test."""

from typing import Literal, NamedTuple

ROLES = ("reader", "reporter", "editor", "admin")

Keyless = Literal["always", "in public reading", "never"]


class May(NamedTuple):
    """The roles whose keys open something, and when it is open to whoever sends no key."""

    roles: frozenset[str]
    keyless: Keyless = "never"


ANYBODY = May(frozenset(ROLES), "always")
READERS = May(frozenset(ROLES), "in public reading")
WRITERS = May(frozenset({"reporter", "editor", "admin"}))
EDITORS = May(frozenset({"editor", "admin"}))
ADMINS = May(frozenset({"admin"}))

DESK = WRITERS.roles
"""From whom nothing is withheld (docs/adr/0008)."""

ROUTES: dict[str, May] = {
    "health.healthz": ANYBODY,
    "health.readyz": ANYBODY,
    "pages.static": ANYBODY,
    "docs.openapi": READERS,
    "docs.read": READERS,
    "docs.problem": READERS,
    "pages.all_incidents": READERS,
    "pages.no_incident": READERS,
    "pages.one_incident": READERS,
    "pages.all_updates": READERS,
    "pages.nothing": READERS,
    "incidents.list_incidents": READERS,
    "incidents.get_situation": READERS,
    "history.get_changes": READERS,
    "history.get_explanation": READERS,
    "history.list_updates": READERS,
    "history.get_update": READERS,
    "history.list_events": READERS,
    "history.get_event": READERS,
    "series.get_series": READERS,
    "timemap.get_timemap": READERS,
    "feed.list_feed": READERS,
    "publishers.list_publishers": READERS,
    "publishers.get_publisher": READERS,
    "origins.list_origins": READERS,
    "origins.get_origin": READERS,
    "log.get_proof": READERS,
    "log.get_verifiers": READERS,
    "log.get_checkpoint": READERS,
    "log.get_consistency": READERS,
    "log.get_tile": READERS,
    "incidents.open_incident": WRITERS,
    "incidents.append_update": WRITERS,
    "keys.list_key_uses": ADMINS,
}
"""By Flask's names of the routes. An application with a route that is not here does not build."""

ACTS: dict[str, May] = {
    "retraction": EDITORS,
    "adjudication": EDITORS,
    "marking": EDITORS,
    "merge": EDITORS,
    "erasure": ADMINS,
}
"""By the `type` of a report: those that need more than the role of a writer."""

CORRECTING_OTHERS = EDITORS
"""A `correction` of what another publisher said; whoever writes corrects the update's own."""
