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
HOLDERS = May(frozenset(ROLES))
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
    "pages.incidents_lying": READERS,
    "pages.no_incident": READERS,
    "pages.one_incident": READERS,
    "pages.situation_of": READERS,
    "pages.timeline_of": READERS,
    "pages.all_updates": READERS,
    "pages.why": READERS,
    "pages.report_of": READERS,
    "pages.chart_of": READERS,
    "pages.chart_drawn": READERS,
    "pages.chart_numbers": READERS,
    "pages.nothing": READERS,
    "pages.choose_language": ANYBODY,
    "desk.sign_in_form": ANYBODY,
    "desk.sign_in": ANYBODY,
    "desk.sign_out": HOLDERS,
    "desk.home": WRITERS,
    "desk.new_incident": WRITERS,
    "desk.new_update": WRITERS,
    "desk.draft": WRITERS,
    "desk.work_on": WRITERS,
    "desk.preview": WRITERS,
    "desk.post_draft": WRITERS,
    "desk.understand": WRITERS,
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
    "formats.get_geojson": READERS,
    "formats.get_table": READERS,
    "formats.get_liveblog": READERS,
    "formats.get_feed": READERS,
    "formats.get_rows": READERS,
    "formats.get_alert": READERS,
    "formats.get_card": READERS,
    "across.list_features": READERS,
    "across.list_rows": READERS,
    "across.list_latest": READERS,
    "across.get_oembed": READERS,
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
    "incidents.preview_update": WRITERS,
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
