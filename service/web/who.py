"""Who looks at a page, and what they may do there."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import request
from markupsafe import Markup

from schemas.editorial import REPLACEMENTS
from service.api.access import signed_in, whose
from service.api.cookies import form_token
from service.domain.paths import read_figure_path
from service.roles import ACTS, WRITERS
from service.store.answers import EventRecord
from service.web.tongues.speaking import gettext, later

QUERY = "%&=+;,:@/?!$'()*-._~"
ABOUT_REPORTS = {
    "correction": later("Correct"),
    "retraction": later("Retract"),
    "dispute": later("Dispute"),
    "endorsement": later("Endorse"),
    "marking": later("Mark"),
}
"""What may be done about a report, by the type that does it."""

LASTING = {"opening", "retraction"}
"""What is never taken back."""


def signed_in_as() -> str | None:
    """The name of the key that somebody signed in with."""
    known = whose()
    return None if signed_in() is None or known is None else known.writer.name


def csrf() -> Markup:
    """What every form that is posted has in it (service.web.desk.forgery)."""
    token = signed_in()
    value = "" if token is None else form_token(token)
    return Markup('<input type="hidden" name="csrf" value="{}">').format(value)


def this_address() -> str:
    """Where this page is, to come back to."""
    query = request.environ.get("QUERY_STRING", "")
    return quote(request.path) + (f"?{quote(query, safe=QUERY)}" if query else "")


def may_post(type_: str = "") -> bool:
    """Whether whoever signed in may post a report of this type, or any."""
    known = whose()
    may = ACTS.get(type_, WRITERS)
    return signed_in() is not None and known is not None and known.writer.role in may.roles


def acts_on(event: EventRecord, posted: str | None) -> list[tuple[str, str]]:
    """What whoever signed in may do about a report of the posted type: the type that does it, and
    its name. None for one whose words are gone.
    """
    if posted is None or event.type == "incident_opened":
        return []
    left_out = set() if posted in {*REPLACEMENTS, "correction"} else {"correction"}
    left_out |= {"retraction"} if posted in LASTING else set()
    return [
        (type_, gettext(name))
        for type_, name in ABOUT_REPORTS.items()
        if type_ not in left_out and may_post(type_)
    ]


def is_figure(path: str) -> bool:
    """Whether the desk can settle what lies there."""
    return read_figure_path(path) is not None


VOCABULARY: dict[str, Callable[..., Any]] = {
    "signed_in_as": signed_in_as,
    "csrf": csrf,
    "this_address": this_address,
    "may_post": may_post,
    "acts_on": acts_on,
    "is_figure": is_figure,
}
"""For the templates."""
