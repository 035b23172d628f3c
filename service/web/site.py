"""What all pages share: their blueprint, their words, how a page and a failure are answered."""

from typing import Any

from flask import Blueprint, Response, render_template
from werkzeug.exceptions import HTTPException

from service.api.access import is_desk
from service.api.problems import http_problem, problem_of
from service.api.representations import NO_CACHE, representation
from service.errors import SitrepError
from service.web import forms, who, words
from service.web.assets import FOLDER, asset, keep_assets
from service.web.packing import pack
from service.web.tongues import speaking
from service.web.tongues.catalogues import tongues
from service.web.tongues.choosing import tell_language

HTML = "text/html; charset=utf-8"

pages = Blueprint("pages", __name__, template_folder="templates", static_folder=FOLDER)
pages.after_request(keep_assets)
pages.after_request(pack)
pages.after_request(tell_language)


def page(template: str, *, caching: str = NO_CACHE, **told: Any) -> Response:
    body = render_template(template, **told).encode()
    return representation(body, media_type=HTML, caching=caching)


@pages.errorhandler(SitrepError)
def failed(error: SitrepError) -> Response:
    return _problem(problem_of(error))


@pages.errorhandler(HTTPException)
def refused(error: HTTPException) -> Response:
    return _problem(http_problem(error))


@pages.context_processor
def vocabulary() -> dict[str, Any]:
    return {
        "words": words,
        "said": speaking.said,
        "isolated": speaking.isolated,
        "tongue": speaking.tongue(),
        "tongues": tongues(),
        "comma": speaking.joined(["", ""]),
        "is_desk": is_desk,
        "asset": asset,
        "forms": forms,
        **who.VOCABULARY,
    }


def _problem(told: Response) -> Response:
    """The API's answer to the same failure, as a page: its status and headers kept."""
    problem = told.get_json()
    told.data = render_template("problem.html", problem=problem)
    told.content_type = HTML
    return told
