"""Every route, whoever asks: the table of roles (service.roles) held against what is answered."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from flask import Blueprint, Flask
from werkzeug.routing import Rule

from service.api.access import Undeclared
from service.app import create_app
from service.domain.reports import WIRE_TYPES
from service.roles import ACTS, CORRECTING_OTHERS, ROLES, ROUTES, WRITERS, May
from service.settings import Settings
from service.store.proving import TilePlace
from tests.histories import (
    EDITOR,
    REPORTER,
    Json,
    correction,
    killed,
    marking,
    new_incident,
    new_update,
    retraction,
    settled,
    told,
)
from tests.signing import signed

DOCUMENT = Path(__file__).parents[2] / "docs" / "access.md"
SECRET = "Quixotella"
UPDATE = str(uuid4())
SENDERS = ("no key", "unknown", "revoked", *ROLES)
FORBIDDEN = {401, 403}


class Asked(NamedTuple):
    method: str
    path: str
    may: May


class House:
    """The service in one mode of reading, over a store that holds one incident."""

    def __init__(self, settings: Settings, reading: str) -> None:
        self.private = reading == "private"
        self.app = create_app(replace(settings, reading=reading))
        self.store = self.app.extensions["sitrep"]
        self.store.open(new_incident("taji", title=f"The {SECRET} affair"), EDITOR)
        self.store.append("taji", new_update(told("afp", killed(2)), UPDATE), EDITOR)
        self.keys = {role: self.store.add_key(role, role) for role in ROLES}
        self.keys["revoked"] = self.store.add_key("revoked", "admin")
        self.store.revoke_key("revoked")
        self.keys["unknown"] = "sitrep_" + "x" * 43

    def ask(self, asked: Asked, sender: str, way: str = "Bearer") -> Any:
        headers = {} if sender == "no key" else {"Authorization": way_of(way, self.keys[sender])}
        return self.app.test_client().open(
            asked.path,
            method=asked.method,
            headers=headers,
            json=body_for(asked),
            buffered=True,
        )

    def expected(self, may: May, sender: str) -> bool | int:
        """Whether they are let in, else the status that says why not."""
        if may.keyless == "always":
            return True
        if sender == "no key":
            return (may.keyless == "in public reading" and not self.private) or 401
        if sender in {"unknown", "revoked"}:
            return 401
        return sender in may.roles or 403


def way_of(way: str, key: str) -> str:
    """The header that sends a key, as a program or as a browser does."""
    if way == "Bearer":
        return f"Bearer {key}"
    return f"Basic {b64encode(f'me:{key}'.encode()).decode()}"


def body_for(asked: Asked) -> Json | None:
    if asked.method != "POST":
        return None
    opening = (
        {} if asked.path.endswith(("/updates", "/preview")) else {"title": "New", "kind": "other"}
    )
    return {"publisher": {"key": "afp", "kind": "press"}, "reports": [killed(1)], **opening}


def routes(app: Flask, incident: str = "taji") -> Iterator[Asked]:
    """Every route with every method of its own, its path made of what there is."""
    parts = {"incident": incident, "update_id": UPDATE, "version": 1, "key": "afp"}
    others = {"slug": "not-found", "filename": "sitrep.css", "_": "nothing/here"}
    others |= {"lane": 0, "place": TilePlace(None, number=0, width=2)}
    adapter = app.url_map.bind("")
    for rule in app.url_map.iter_rules():
        named = {name: {**parts, **others}[name] for name in rule.arguments}
        for method in sorted(methods(rule)):
            path = adapter.build(rule.endpoint, named, method=method)
            yield Asked(method, path, ROUTES[rule.endpoint])


def methods(rule: Rule) -> set[str]:
    return (rule.methods or set()) - {"OPTIONS"}


@pytest.fixture(params=["public", "private"])
def house(database: str, request: pytest.FixtureRequest) -> Iterator[House]:
    with signed(database) as (settings,):
        opened = House(settings, request.param)
        yield opened
        opened.store.close()


@pytest.fixture
def private(database: str) -> Iterator[House]:
    with signed(database) as (settings,):
        opened = House(settings, "private")
        yield opened
        opened.store.close()


def test_every_route_lets_in_whom_the_table_names_and_nobody_else(house):
    let_in = {
        (*asked[:2], sender): admitted(house.ask(asked, sender))
        for asked in routes(house.app)
        for sender in SENDERS
    }

    expected = {
        (*asked[:2], sender): house.expected(asked.may, sender)
        for asked in routes(house.app)
        for sender in SENDERS
    }
    assert len(let_in) >= len(ROUTES) * len(SENDERS)
    assert let_in == expected


def admitted(answer: Any) -> bool | int:
    return True if answer.status_code not in FORBIDDEN else int(answer.status_code)


def test_of_an_incident_that_is_not_there_nobody_learns_more_than_of_one_that_is(house):
    there, nowhere = routes(house.app), routes(house.app, "nowhere")
    pairs = [pair for pair in zip(there, nowhere, strict=True) if pair[0].path != pair[1].path]

    assert len(pairs) >= 10
    for one, other in pairs:
        for sender in SENDERS:
            found, missed = house.ask(one, sender), house.ask(other, sender)
            if house.expected(one.may, sender) is True:
                assert missed.status_code in {400, 404}, other
            else:
                told = found.text.replace(one.path, other.path)
                assert (missed.status, missed.text) == (found.status, told), other


def test_who_is_not_let_in_learns_nothing_and_is_told_how_to_be(house):
    for asked in routes(house.app):
        for sender in SENDERS:
            answer = house.ask(asked, sender)
            if house.expected(asked.may, sender) is True:
                continue
            assert SECRET not in f"{answer.text}{answer.headers}"
            challenges = answer.headers.getlist("WWW-Authenticate")
            if answer.status_code == 401:
                assert challenges[0].startswith("Bearer")
                is_read = asked.method != "POST" and not asked.path.startswith("/desk")
                assert [one.startswith("Basic") for one in challenges[1:]] == [True] * is_read


def test_what_is_read_privately_is_for_nobody_else_to_keep(private):
    for asked in routes(private.app):
        for sender in SENDERS:
            answer = private.ask(asked, sender)
            if asked.may.keyless == "in public reading":
                assert answer.headers["Cache-Control"] == "private, no-store", asked
                assert "Authorization" in answer.headers["Vary"], asked


def test_what_is_read_in_public_without_a_key_may_be_kept(database):
    house = House(Settings(database_url=database), "public")

    kept = house.ask(Asked("GET", "/v1/incidents/taji?version=1", WRITERS), "no key")
    house.store.close()

    assert kept.headers["Cache-Control"].startswith("public")
    assert "Authorization" in kept.headers["Vary"]


def test_a_browser_reads_with_the_key_as_its_password(house):
    for asked in routes(house.app):
        if asked.method != "POST":
            for sender in SENDERS[1:]:
                answer = house.ask(asked, sender, "Basic")
                assert admitted(answer) == house.expected(asked.may, sender), (asked, sender)


def test_nothing_is_written_with_what_a_browser_sends_along_by_itself(house):
    for asked in routes(house.app):
        if asked.method == "POST" and asked.may.keyless == "never":
            assert house.ask(asked, "admin", "Basic").status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        *("Basic", "Basic %%%", "Basic //8=", "Basic OjE=", "Basic é"),
        *("Bearer", "Digest x", "Bearer a b"),
    ],
)
def test_a_header_that_is_no_key_opens_nothing(private, header):
    answer = private.app.test_client().get("/v1/incidents", headers={"Authorization": header})

    assert answer.status_code == 401


def test_a_route_that_nobody_declared_does_not_build(database):
    forgotten = Blueprint("forgotten", __name__)
    forgotten.add_url_rule("/v1/everything", "everything", lambda: "")

    with pytest.raises(Undeclared, match=r"forgotten\.everything"):
        create_app(Settings(database_url=database), further=[forgotten])


def test_the_table_names_no_route_that_is_not_there(house):
    endpoints = {rule.endpoint for rule in house.app.url_map.iter_rules()}

    assert set(ROUTES) == endpoints


EDITORIAL: dict[str, Json] = {
    "retraction": retraction(2),
    "adjudication": settled(3),
    "marking": marking(2, audience="desk"),
    "merge": {"type": "merge", "into": "other", "reason": "the same"},
    "correction": correction(2, killed(3)),
    "erasure": {"type": "erasure", "targets": [2]},
}


@pytest.mark.parametrize("act", EDITORIAL)
def test_an_act_needs_the_role_that_the_table_says(house, act):
    house.store.open(new_incident("other"), EDITOR)
    may = ACTS.get(act, CORRECTING_OTHERS)
    body = {"publisher": {"key": "desk", "kind": "desk"}, "reports": [EDITORIAL[act]]}

    said = {role: post(house, body, role).status_code for role in ROLES if role in WRITERS.roles}

    allowed = {role for role, status in said.items() if status != 403}
    assert allowed == may.roles
    assert set(said.values()) <= {201, 403, 422}
    assert 201 in said.values()


def test_a_reporter_corrects_what_the_updates_own_publisher_said(house):
    body = {"publisher": {"key": "afp", "kind": "press"}, "reports": [EDITORIAL["correction"]]}

    assert post(house, body, REPORTER.role).status_code == 201


def post(house: House, body: Json, role: str) -> Any:
    headers = {"Authorization": f"Bearer {house.keys[role]}"}
    return house.app.test_client().post("/v1/incidents/taji/updates", json=body, headers=headers)


def test_every_act_of_the_table_is_a_report_that_can_be_posted_and_is_tried_here():
    assert set(ACTS) <= set(WIRE_TYPES)
    assert set(ACTS) | {"correction"} == set(EDITORIAL)


def test_the_document_shows_the_table(house: House, rows: Callable[[Flask], list[str]]):
    shown = [line for line in DOCUMENT.read_text("utf-8").splitlines() if line.startswith("| `")]

    assert shown == rows(house.app)


@pytest.fixture
def rows() -> Callable[[Flask], list[str]]:
    """The lines of the document's tables: routes as they are in the table, then acts."""

    def lines(app: Flask) -> list[str]:
        named: dict[str, list[str]] = {endpoint: [] for endpoint in ROUTES}
        for rule in app.url_map.iter_rules():
            for method in sorted(methods(rule) - {"HEAD"}):
                named[rule.endpoint].append(f"{method} {rule.rule}")
        shown = [
            f"| `{route}` | {ROUTES[endpoint].keyless} | {marks(ROUTES[endpoint])} |"
            for endpoint, told_of in named.items()
            for route in told_of
        ]
        acts = [f"| `{act}` | {marks(may)} |" for act, may in ACTS.items()]
        own = f"| `correction` of the publisher's own words | {marks(WRITERS)} |"
        others = f"| `correction` of others' words | {marks(CORRECTING_OTHERS)} |"
        return [*shown, *acts, own, others, f"| `every other type` | {marks(WRITERS)} |"]

    return lines


def marks(may: May) -> str:
    return " | ".join("yes" if role in may.roles else "–" for role in ROLES)
