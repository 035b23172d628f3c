"""Where somebody begins who signed in."""

from flask import Response

from service.api.access import store, writer
from service.store.answers import Selection
from service.web.desk.room import desk, page
from service.web.desk.writing import reports_in

INCIDENTS_SHOWN = 12


@desk.get("")
def home() -> Response:
    """What was begun, and the incidents that were told of last."""
    begun = store().drafts(writer().name)
    latest = store().incidents(Selection(sort="updated"), cursor=None, limit=INCIDENTS_SHOWN)
    return page("desk/home.html", begun=begun, latest=latest.incidents, reports_in=reports_in)
