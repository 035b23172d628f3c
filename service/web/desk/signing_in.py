"""Signing in with a key, typed once, and out again."""

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as Redirect

from service.api.access import opened_store, signed_in
from service.api.cookies import give, lasting, take_back
from service.web.desk.room import desk, page
from service.web.language import HERE
from service.web.tongues.speaking import gettext

LONGEST_KEY = 200


@desk.get("/sign-in")
def sign_in_form() -> Response:
    return page("desk/sign-in.html", next=_next(request.args.get("next")))


@desk.post("/sign-in")
def sign_in() -> Response | Redirect:
    """A cookie for the key, and back to where somebody came from."""
    key = request.form.get("key", "").strip()[:LONGEST_KEY]
    going = _next(request.form.get("next"))
    known, token = opened_store().sign_in(key, lasting())
    g.asked, g.holder = True, known
    if token is None:
        wrong = gettext("Type your key.")
        if key:
            wrong = gettext("This key is unknown, was revoked or has expired.")
        answer = page("desk/sign-in.html", 401 if key else 422, next=going, wrong=wrong)
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    told = redirect(going, 303)
    give(told, token)
    return told


@desk.post("/sign-out")
def sign_out() -> Redirect:
    if (token := signed_in()) is not None:
        opened_store().sign_out(token)
    told = redirect("/", 303)
    take_back(told)
    return told


def _next(wanted: str | None) -> str:
    return wanted if wanted is not None and HERE.fullmatch(wanted) else "/desk"
