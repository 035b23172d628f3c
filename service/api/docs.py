"""The served document: as JSON, and as a page to read that needs nothing from elsewhere."""

from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec
from flask import Blueprint, Response, redirect, render_template
from markupsafe import Markup, escape
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Redirect

from service.api.parameters import refuse_parameters
from service.api.problems import KINDS
from service.api.representations import representation

HTML = "text/html; charset=utf-8"


def docs(document: Callable[[], dict[str, Any]]) -> Blueprint:
    """The pages about one application's document, which is asked for when it is first read."""
    pages = Blueprint("docs", __name__, template_folder="templates")
    pages.add_app_template_filter(prose)

    @cache
    def as_json() -> bytes:
        return msgspec.json.encode(document())

    @cache
    def page() -> bytes:
        kinds = sorted(set(KINDS.values()))
        return render_template("docs.html", document=document(), kinds=kinds).encode()

    @pages.get("/openapi.json")
    def openapi() -> Response:
        refuse_parameters()
        return representation(as_json())

    @pages.get("/docs")
    def read() -> Response:
        refuse_parameters()
        return representation(page(), media_type=HTML)

    @pages.get("/problems/<slug>")
    def problem(slug: str) -> Redirect:
        if slug not in {kind.slug for kind in KINDS.values()}:
            raise NotFound
        return redirect(f"/docs#problem-{slug}")

    return pages


def prose(text: str) -> Markup:
    """A description as HTML. Of CommonMark, which OpenAPI has there, ours use code spans alone."""
    parts = enumerate(text.split("`"))
    code = Markup("<code>{}</code>")
    return Markup("").join(code.format(part) if odd % 2 else escape(part) for odd, part in parts)
