"""What all pages of the desk share: their blueprint, and how a failure is answered there."""

from typing import Any

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import HTTPException

from service.api.access import PRIVATE
from service.api.problems import READING, http_problem, problem_of
from service.errors import SitrepError, Unauthenticated
from service.web.desk.forgery import Forged, is_from_here, refuse_forged
from service.web.site import HTML, vocabulary
from service.web.tongues.choosing import tell_language
from service.web.who import this_address

desk = Blueprint("desk", __name__, url_prefix="/desk", template_folder="../templates")
desk.before_request(refuse_forged)
desk.context_processor(vocabulary)
desk.after_request(tell_language)

UNKEPT = {"csrf", "key"}
"""Of what was typed: what is never sent back."""


def page(template: str, status: int = 200, **told: Any) -> Response:
    return Response(render_template(template, **told), status=status, content_type=HTML)


@desk.after_request
def keep_to_yourself(response: Response) -> Response:
    """What the desk sees is for nobody else to keep, nor for a browser after signing out."""
    response.headers["Cache-Control"] = PRIVATE
    if "Cookie" not in response.headers.get("Vary", ""):
        response.headers.add("Vary", "Cookie")
    return response


@desk.errorhandler(SitrepError)
def failed(error: SitrepError) -> Response:
    return _told(problem_of(error), error)


@desk.errorhandler(HTTPException)
def refused(error: HTTPException) -> Response:
    return _told(http_problem(error), None)


def _told(told: Response, error: SitrepError | None) -> Response:
    """The API's answer to the same failure, as a page; one that keeps what was typed, where it can
    be sent again by a click.
    """
    problem = told.get_json()
    kept = _typed() if isinstance(error, Forged | Unauthenticated) else ()
    if isinstance(error, Unauthenticated) and request.method in READING:
        told.data = render_template("desk/sign-in.html", next=this_address())
    elif kept:
        told.data = render_template("desk/kept.html", problem=problem, kept=kept)
    else:
        told.data = render_template("problem.html", problem=problem)
    told.content_type = HTML
    return told


def _typed() -> tuple[tuple[str, str], ...]:
    """What a form of ours brought. What somebody else's page sent is not for sending again."""
    if request.method in READING or not is_from_here():
        return ()
    return tuple(pair for pair in request.form.items(multi=True) if pair[0] not in UNKEPT)
