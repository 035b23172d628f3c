"""The page of one incident: the situation now or then, what changed, the updates behind it."""

from typing import Any

import msgspec
from flask import Response, redirect, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Redirect

from service.api.access import store
from service.api.parameters import PAGE, page_size, read, refuse_parameters
from service.api.representations import IMMUTABLE, NO_CACHE, representation
from service.domain.paths import same_path
from service.domain.situation import Situation
from service.store.answers import Answer, Question, encode
from service.web import words
from service.web.gaps import gaps
from service.web.maps import mapped
from service.web.moments import Shown, shown
from service.web.site import page, pages
from service.web.zones import zone_of

UPDATES_A_PAGE = 50
UPDATES_BESIDE = 20
NOW = Question()


@pages.get("/incidents/<slug:incident>")
def one_incident(incident: str) -> Response | Redirect:
    """The situation now or inside the asked bounds, beside the updates that had come by then. That
    of a merged incident is the other's.
    """
    asked = shown()
    answer = answer_to(incident, asked.question)
    if answer.incident != incident:
        query = request.query_string.decode()
        return redirect(f"/incidents/{answer.incident}{f'?{query}' if query else ''}")
    told, caching = _told(answer, asked)
    return page("incident.html", caching=caching, **told)


@pages.get("/incidents/<slug:incident>/situation")
def situation_of(incident: str) -> Response:
    """What changes of the page from moment to moment: a piece of it for scripts to put in place."""
    asked = shown()
    told, caching = _told(answer_to(incident, asked.question), asked)
    return page("moment-parts.html", caching=caching, **told)


@pages.get("/incidents/<slug:incident>/timeline")
def timeline_of(incident: str) -> Response:
    """Where the updates stand on both clocks, as JSON for scripts."""
    refuse_parameters()
    told = store().timeline(incident)
    held = situation_in(store().now(incident))
    known = {publisher.key: publisher.name or publisher.key for publisher in held.publishers}
    names = {stop.publisher: known.get(stop.publisher, stop.publisher) for stop in told.stops}
    return representation(encode({"timeline": told, "names": names}))


@pages.get("/incidents/<slug:incident>/updates")
def all_updates(incident: str) -> Response:
    """The story as told, newest first, all of it."""
    asked = read(PAGE)
    cursor, limit = asked.get("cursor"), page_size(asked, UPDATES_A_PAGE)
    told = store().updates(incident, cursor=cursor, limit=limit, ascending=False)
    held = situation_in(store().now(incident))
    return page("updates.html", held=held, told=told, asked=asked, shown=Shown(NOW))


@pages.get("/incidents/<path:_>")
def nothing(_: str) -> Response:
    raise NotFound


def situation_in(answer: Answer) -> Situation:
    return msgspec.json.decode(answer.body, type=Situation)


def answer_to(incident: str, asked: Question) -> Answer:
    """The situation that a question comes to, of whichever incident tells the story on."""
    return store().now(incident) if asked == NOW else store().situation(incident, asked)


def _told(answer: Answer, asked: Shown) -> tuple[dict[str, Any], str]:
    """What the templates need, and for how long the page holds: that of a version for ever, once
    another has followed it, or where it shows a publication by then.
    """
    held = situation_in(answer)
    beside = store().beside(answer.incident, held, asked.question, most=UPDATES_BESIDE)
    compared = asked.compared(held)
    changes, settled = (None, True)
    if compared is not None:
        changes, settled = store().changes(answer.incident, compared.ends)
    moved = () if changes is None else changes.changes
    told = {
        "held": held,
        "named": words.names(held),
        "shown": asked,
        "beside": beside,
        "compared": compared,
        "changes": changes,
        "moved": {same_path(change.path) for change in moved},
        "same_path": same_path,
        "gaps": gaps(held),
        "mapped": mapped(held),
        "zone": zone_of(held),
    }
    is_pinned = asked.question.version is not None and held.published_until is not None
    for_ever = answer.immutable and settled and (is_pinned or beside.later is not None)
    return told, IMMUTABLE if for_ever else NO_CACHE
