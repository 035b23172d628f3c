"""Opening incidents, adding updates, and the situation as it is now or was then."""

from flask import Response
from flask_smorest import Blueprint

from schemas.update import IncidentSchema, UpdateSchema, load_incident, load_update
from service.api import memento, posting
from service.api.access import store, writer
from service.api.describing import (
    ACCEPT_DATETIME,
    IF_MATCH,
    MEMENTO,
    TIMEGATE,
    foretells,
    reads,
    writes,
)
from service.api.parameters import (
    ComparableQuery,
    page_size,
    read,
    refuse_parameters,
)
from service.api.representations import page, passing, receipt
from service.api.selecting import LIST, ListQuery, selection
from service.domain.situation import Situation
from service.store.answers import IncidentPage, Preview, Receipt

incidents = Blueprint(
    "incidents", __name__, url_prefix="/v1/incidents", description="Situations, now and then"
)


@incidents.post("")
@writes(IncidentSchema, Receipt, problems=[409])
def open_incident() -> Response:
    """Open an incident, optionally with its first reports."""
    refuse_parameters()
    incident = load_incident(posting.body(), update_id=posting.update_id(), sizes=posting.sizes())
    opened = store().open(incident, writer())
    return receipt(opened, f"/v1/incidents/{opened.receipt.incident}")


@incidents.post("/<slug:incident>/updates")
@writes(UpdateSchema, Receipt, parameters=[IF_MATCH], problems=[404, 412])
def append_update(incident: str) -> Response:
    """Append one update, all or nothing.

    A retraction needs the role editor, and so does a correction of what another publisher said.
    """
    refuse_parameters()
    expecting = posting.expected_version()
    update = load_update(posting.body(), update_id=posting.update_id(), sizes=posting.sizes())
    appended = store().append(incident, update, writer(), expecting=expecting)
    return receipt(appended, f"/v1/incidents/{incident}/updates/{appended.receipt.update_id}")


@incidents.post("/<slug:incident>/preview")
@foretells(UpdateSchema, Preview, problems=[404, 412])
def preview_update(incident: str) -> Response:
    """What one update would change, appended now; nothing is stored.

    It is refused as the append would be.
    """
    refuse_parameters()
    expecting = posting.expected_version()
    update = load_update(posting.body(), update_id=posting.update_id(), sizes=posting.sizes())
    return passing(store().preview(incident, update, writer(), expecting=expecting))


@incidents.get("/<slug:incident>")
@reads(
    Situation,
    query=ComparableQuery,
    parameters=[ACCEPT_DATETIME],
    headers=MEMENTO,
    found=TIMEGATE,
    problems=[404],
)
def get_situation(incident: str) -> Response:
    """The situation, now or inside the asked bounds."""
    return memento.situation_of(incident)


@incidents.get("")
@reads(IncidentPage, query=ListQuery, paged=True)
def list_incidents() -> Response:
    """Incidents by what was told of them, now or as of any moment.

    With any parameter the pages are a snapshot of the moment of the first one.
    """
    asked = read(LIST)
    cursor, limit = asked.get("cursor"), page_size(asked)
    found = store().incidents(selection(asked), cursor=cursor, limit=limit)
    return page(found, following={"cursor": found.next})
