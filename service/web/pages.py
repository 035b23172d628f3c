"""The pages a person looks at: the incidents, one incident at any moment, its updates."""

from typing import Any
from urllib.parse import urlencode

import msgspec
from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Response as Redirect

from service.api.access import is_desk, store
from service.api.parameters import MOST, PAGE, page_size, question, read
from service.api.problems import http_problem, problem_of
from service.api.representations import IMMUTABLE, NO_CACHE, representation
from service.api.selecting import FAMILIES, KINDS, LIST, selection
from service.domain.lifecycle import Status
from service.domain.moments import write_instant
from service.domain.situation import Situation
from service.errors import SitrepError
from service.store.answers import Answer, Question
from service.store.questions import EVERYTHING
from service.web import words
from service.web.gaps import gaps
from service.web.history import history

HTML = "text/html; charset=utf-8"
INCIDENTS_A_PAGE = 25
UPDATES_A_PAGE = 50
UPDATES_BESIDE = 20
NOW = Question()

pages = Blueprint("pages", __name__, template_folder="templates", static_folder="static")


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
    found = store().incidents(wanted, cursor=cursor, limit=limit)
    kept = [pair for pair in given if pair[0] != "cursor"]
    return _page(
        "incidents.html",
        found=found,
        asked=asked,
        searched=wanted != EVERYTHING,
        then=None if wanted.as_of_us is None else write_instant(wanted.as_of_us),
        newest=f"/?{urlencode(kept)}" if kept else "/",
        older=f"/?{urlencode([*kept, ('cursor', found.next or '')])}",
        kinds=(*FAMILIES, *KINDS),
        statuses=tuple(Status),
    )


@pages.get("/incidents")
def no_incident() -> Redirect:
    return redirect("/")


@pages.get("/incidents/<slug:incident>")
def one_incident(incident: str) -> Response | Redirect:
    """The situation now or inside the asked bounds, beside the updates that had come by then. That
    of a merged incident is the other's.
    """
    asked = question()
    answer = store().now(incident) if asked == NOW else store().situation(incident, asked)
    if answer.incident != incident:
        query = request.query_string.decode()
        return redirect(f"/incidents/{answer.incident}{f'?{query}' if query else ''}")
    held = _situation(answer)
    reach = UPDATES_BESIDE if asked == NOW else MOST
    told = store().updates(incident, cursor=None, limit=reach, ascending=False)
    beside = history(told.updates, held, asked)
    settled = answer.immutable and beside.later is not None
    return _page(
        "incident.html",
        caching=IMMUTABLE if settled else NO_CACHE,
        held=held,
        named=words.names(held),
        asked=asked,
        now=asked == NOW,
        without=asked.without_publishers,
        history=beside,
        shown=beside.updates[:UPDATES_BESIDE],
        gaps=gaps(held),
    )


@pages.get("/incidents/<slug:incident>/updates")
def all_updates(incident: str) -> Response:
    """The story as told, newest first, all of it."""
    asked = read(PAGE)
    cursor, limit = asked.get("cursor"), page_size(asked, UPDATES_A_PAGE)
    told = store().updates(incident, cursor=cursor, limit=limit, ascending=False)
    held = _situation(store().now(incident))
    return _page("updates.html", held=held, told=told, asked=asked)


@pages.get("/incidents/<path:_>")
def nothing(_: str) -> Response:
    raise NotFound


@pages.errorhandler(SitrepError)
def failed(error: SitrepError) -> Response:
    return _problem(problem_of(error))


@pages.errorhandler(HTTPException)
def refused(error: HTTPException) -> Response:
    return _problem(http_problem(error))


@pages.context_processor
def vocabulary() -> dict[str, Any]:
    return {"words": words, "is_desk": is_desk}


def _situation(answer: Answer) -> Situation:
    return msgspec.json.decode(answer.body, type=Situation)


def _page(template: str, *, caching: str = NO_CACHE, **told: Any) -> Response:
    body = render_template(template, **told).encode()
    return representation(body, media_type=HTML, caching=caching)


def _problem(told: Response) -> Response:
    """The API's answer to the same failure, as a page: its status and headers kept."""
    problem = told.get_json()
    told.data = render_template("problem.html", problem=problem)
    told.content_type = HTML
    return told
