"""The front page: the incidents, searched and listed."""

from urllib.parse import urlencode

from flask import Response, redirect, request
from werkzeug.wrappers import Response as Redirect

from service.api.access import store
from service.api.parameters import Numeral, described, page_size, read
from service.api.representations import representation
from service.api.selecting import FAMILIES, KINDS, LIST, Bounding, ListQuery, box_of, selection
from service.domain.boxes import UNITS
from service.domain.lifecycle import Status
from service.domain.moments import write_instant
from service.store.answers import encode
from service.store.questions import EVERYTHING
from service.web.site import page, pages

INCIDENTS_A_PAGE = 25
DEEPEST = 18
WORLD = "-180,-90,180,90"
SIZE = 45 * UNITS
"""Of a cell on the map of the whole world; half of it at each further zoom."""


class MapQuery(ListQuery):
    view = described(Bounding(), "The part of the world that the map shows.")
    zoom = described(Numeral(0, DEEPEST), "How near it is: twice as near at each step.")

    class Meta(ListQuery.Meta):
        exclude = ("cursor", "limit", "sort")


MAP = MapQuery()


@pages.get("/")
def all_incidents() -> Response | Redirect:
    """The incidents that were asked for, the latest opened first. Fields left blank ask nothing."""
    given = list(request.args.items(multi=True))
    said = [(name, value) for name, value in given if value]
    if said != given:
        return redirect(f"/?{urlencode(said)}" if said else "/")
    asked = read(LIST)
    cursor, limit = asked.get("cursor"), page_size(asked, INCIDENTS_A_PAGE)
    wanted = selection(asked)
    end = store().feed_end()
    found = store().incidents(wanted, cursor=cursor, limit=limit)
    kept = [pair for pair in given if pair[0] != "cursor"]
    return page(
        "incidents.html",
        found=found,
        asked=asked,
        searched=wanted != EVERYTHING,
        then=None if wanted.as_of_us is None else write_instant(wanted.as_of_us),
        heard=None if wanted.as_of_us is not None else end,
        newest=f"/?{urlencode(kept)}" if kept else "/",
        everywhere=f"/?{urlencode([pair for pair in kept if pair[0] != 'bbox'])}",
        older=f"/?{urlencode([*kept, ('cursor', found.next or '')])}",
        kinds=(*FAMILIES, *KINDS),
        statuses=tuple(Status),
    )


@pages.get("/map")
def incidents_lying() -> Response:
    """Where the incidents that were asked for lie, as JSON for the map."""
    asked = read(MAP)
    zoom = asked.get("zoom", 0)
    found = store().spread(
        selection(asked), box_of(asked.get("view", "-180,-90,180,90")), SIZE >> zoom
    )
    return representation(encode(found))


@pages.get("/incidents")
def no_incident() -> Redirect:
    return redirect("/")
