"""One incident in other forms (docs/formats.md): each answers the question of the situation."""

import json
import re
from contextlib import suppress
from functools import partial

import pytest

from service.errors import IncidentExists
from tests.formats.stories import HOSTILE, POINT, place, rich
from tests.formats.validators import (
    read_atom,
    read_cap,
    read_geojson,
    read_html,
    read_live_blog,
    read_table,
)
from tests.histories import EDITOR, killed, marking, new_incident, new_update, origin, told

TAJI = "/v1/incidents/taji"
READERS = {
    "situation.geojson": ("application/geo+json", read_geojson),
    "situation.csv": ("text/csv", read_table),
    "situation.csv?columns=acled": ("text/csv", read_table),
    "liveblog.jsonld": ("application/ld+json", read_live_blog),
    "updates.csv": ("text/csv", read_table),
    "updates.atom": ("application/atom+xml", read_atom),
    "alert.cap": ("application/cap+xml", read_cap),
    "card": ("text/html", read_html),
}


@pytest.fixture
def tell(client):
    """Opens an incident, or appends to it, an update after another."""
    store = client.application.extensions["sitrep"]

    def recorded(*updates, on="taji", title="A story"):
        with suppress(IncidentExists):
            store.open(new_incident(on, title=title), EDITOR)
        for update in updates:
            store.append(on, new_update(update), EDITOR)

    return recorded


def form(path, **asked):
    """A form's address with a question beside its own parameters."""
    joint = "&" if "?" in path else "?"
    return f"{TAJI}/{path}{joint}" + "&".join(f"{name}={value}" for name, value in asked.items())


@pytest.mark.parametrize("path", READERS)
def test_each_form_of_a_hostile_story_is_valid_for_every_question(client, tell, path):
    tell(*rich(), title=HOSTILE.replace("\ufffe", ""))
    media_type, read = READERS[path]
    questions = [
        {},
        {"version": 1},
        {"version": 4},
        {"published_until": "2020-03-11T12:30:00Z"},
        {"published_until": "1999-01-01T00:00:00Z"},
        {"policy": "range", "without_origin": "army"},
        {"without_publisher": "ap"},
        {"origins": "official"},
    ]

    for asked in questions:
        answer = client.get(form(path, **asked))
        assert answer.status_code == 200, answer.text
        assert answer.mimetype == media_type
        read(answer.data)


@pytest.mark.parametrize("path", READERS)
def test_a_form_that_is_pinned_stays_the_same_bytes_for_ever(client, tell, path):
    tell(*rich())
    moment = client.get(f"{TAJI}?version=5").json["recorded_at"]
    pins = [form(path, version=4), form(path, as_of=moment)]
    before = [client.get(pin) for pin in pins]

    tell(told("late", killed(99), place("Elsewhere"), at_hour=5))
    after = [client.get(pin) for pin in pins]
    now = client.get(form(path))

    assert [answer.data for answer in after] == [answer.data for answer in before]
    assert {answer.headers["Cache-Control"] for answer in after} == {
        "public, max-age=31536000, immutable"
    }
    assert now.headers["Cache-Control"] == "no-cache"
    assert now.data not in {answer.data for answer in after}


@pytest.mark.parametrize("path", READERS)
def test_an_unchanged_form_is_not_sent_again(client, tell, path):
    tell(told("afp", killed(2)))
    first = client.get(form(path))

    again = client.get(form(path), headers={"If-None-Match": first.headers["ETag"]})
    tell(told("afp", killed(3), at_hour=13))
    later = client.get(form(path), headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert later.status_code == 200
    assert "Authorization" in first.headers["Vary"]


@pytest.mark.parametrize("path", READERS)
def test_a_form_refuses_what_the_situation_refuses(client, tell, path):
    tell(told("afp", killed(2)))

    nowhere = client.get(f"/v1/incidents/nowhere/{path}")
    future = client.get(form(path, as_of="2999-01-01T00:00:00Z"))
    unknown = client.get(form(path, wherever="x"))

    assert (nowhere.status_code, nowhere.mimetype) == (404, "application/problem+json")
    assert future.json["errors"][0]["parameter"] == "as_of"
    assert unknown.json["errors"][0]["parameter"] == "wherever"


def test_a_feed_has_the_updates_that_the_question_sees(client, tell):
    tell(
        told("early", killed(1), at_hour=9),
        told("late", killed(2), at_hour=15),
        told("copy", killed(3, origin=origin("early", named=True)), at_hour=10),
        told("gossip", killed(4, origin=origin("someone", "social", named=False)), at_hour=11),
    )

    def authors(**asked):
        return [
            entry.author
            for entry in read_atom(client.get(form("updates.atom", **asked)).data).entries
        ]

    assert authors() == ["gossip", "copy", "late", "early", "desk"]
    assert authors(version=3) == ["late", "early", "desk"]
    assert authors(published_until="2020-03-11T10:30:00Z") == ["copy", "early", "desk"]
    assert authors(without_publisher="late") == ["gossip", "copy", "early", "desk"]
    assert authors(without_origin="early") == ["gossip", "late", "desk"]
    assert authors(origins="named") == ["copy", "late", "early", "desk"]
    assert authors(origins="official") == ["copy", "desk"]


def test_a_feed_comes_in_pages_that_miss_nothing(client, tell):
    tell(*(told("afp", killed(number), at_hour=number) for number in range(1, 8)))
    asked, seen, pages = (
        form("updates.atom", limit=3, published_until="2020-03-11T06:00:00Z"),
        [],
        0,
    )

    while asked:
        answer = client.get(asked)
        read = read_atom(answer.data)
        seen += [entry.title for entry in read.entries]
        following = [link.href for link in read.feed.links if link.rel == "next"]
        assert bool(following) == ("Link" in answer.headers)
        asked, pages = next(iter(following), ""), pages + 1

    assert seen == [*(f"Killed: {number}" for number in (6, 5, 4, 3, 2, 1)), "A story"]
    assert pages == 3


def test_a_page_is_full_of_what_the_question_sees(client, tell):
    tell(*(told("afp", killed(number), at_hour=number) for number in range(1, 8)))

    published = client.get(form("updates.atom", limit=2, published_until="2020-03-11T03:00:00Z"))
    recorded = client.get(form("updates.atom", limit=2, version=3))

    assert [entry.title for entry in read_atom(published.data).entries] == [
        "Killed: 3",
        "Killed: 2",
    ]
    assert [entry.title for entry in read_atom(recorded.data).entries] == ["Killed: 2", "Killed: 1"]


def test_half_an_update_is_told_where_a_version_cuts_it(client, tell):
    tell({**told("afp", killed(2), place()), "summary": "Two are dead in Taji."})

    whole = read_live_blog(client.get(form("liveblog.jsonld", version=3)).data)
    half = read_live_blog(client.get(form("liveblog.jsonld", version=2)).data)

    assert whole["liveBlogUpdate"][0]["articleBody"].count("\n") == 2
    assert half["liveBlogUpdate"][0]["articleBody"].endswith("Killed: 2")


@pytest.mark.parametrize("path", READERS)
def test_what_is_withheld_is_in_no_form_but_the_desks(client, tell, path):
    secret = {**place("Quixotella", geometry=POINT), "phrase": "Quixotella"}
    tell(
        told("afp", secret, {"type": "status", "status": "stable"}) | {"summary": "Of Quixotella."},
        told("desk", marking(2, audience="desk")),
    )
    ask = partial(client.get, form(path))
    keys = {role: {"Authorization": f"Bearer {client.keys[role]}"} for role in ("reader", "editor")}

    public, reader, desk = ask(), ask(headers=keys["reader"]), ask(headers=keys["editor"])

    assert "Quixotella" not in public.text
    assert reader.data == public.data
    assert ("Quixotella" in desk.text) == (path != "card")
    assert desk.headers["Cache-Control"] == "private, no-store"


def test_a_replay_hides_what_was_under_embargo_at_its_moment(new_desk):
    desk = new_desk()
    desk.open("2020-03-11T08:00:00Z")
    desk.report("2020-03-11T09:00:00Z", 7)
    desk.set_clock("2020-03-11T10:00:00Z")
    embargo = marking(2, embargo_until="2020-03-11T12:00:00Z")
    desk.store.append("fire", new_update(told("desk", embargo, at_hour=10)), EDITOR)
    desk.report("2020-03-11T13:00:00Z", 8)

    def bodies(query):
        answer = desk.get(f"/updates.atom?{query}")
        return " ".join(entry.content[0].value for entry in read_atom(answer.data).entries)

    assert "at least 7" in bodies("")
    assert "at least 7" not in bodies("as_of=2020-03-11T11:00:00Z")
    assert "at least 7" in bodies("as_of=2020-03-11T09:30:00Z")


def test_a_merged_incident_is_told_by_the_other(client, tell):
    tell(told("afp", killed(2)))
    tell(told("ap", killed(3)), on="camp-taji", title="Camp Taji")
    tell(told("desk", {"type": "merge", "into": "camp-taji", "reason": "the same"}, kind="desk"))

    answer = client.get(form("situation.csv"))
    pinned = client.get(form("situation.csv", version=2))

    assert read_table(answer.data)[0]["relid"] == "camp-taji"
    assert answer.headers["Link"] == '</v1/incidents/camp-taji>; rel="canonical"'
    assert read_table(pinned.data)[0]["relid"] == "taji"


def test_a_card_may_stand_in_any_frame_and_nothing_else_may(client, tell):
    tell(told("afp", killed(2)))

    card, feed = client.get(form("card")), client.get(form("updates.atom"))
    problem = client.get("/v1/incidents/nowhere/card")

    policies = [
        answer.headers.getlist("Content-Security-Policy") for answer in (card, feed, problem)
    ]
    assert [len(policy) for policy in policies] == [1, 1, 1]
    assert ["frame-ancestors *" in policy[0] for policy in policies] == [True, False, False]
    assert "script-src" not in policies[0][0]
    assert policies[0][0].startswith("default-src 'none'; style-src 'sha256-")
    assert card.headers.getlist("Cross-Origin-Resource-Policy") == ["cross-origin"]


def test_the_live_blog_in_a_page_is_that_of_the_interface(client, tell):
    tell(*rich(), title=HOSTILE.replace("\ufffe", ""))

    for asked in ("", "?version=4", "?published_until=2020-03-11T12:30:00Z"):
        page = client.get(f"/incidents/taji{asked}")
        (inline,) = re.findall('<script type="application/ld\\+json">(.*?)</script>', page.text)
        assert json.loads(inline) == client.get(f"{TAJI}/liveblog.jsonld{asked}").json
        read_live_blog(inline)
        linked = re.findall(r'href="(/v1/incidents/taji[/?][^"]*)"', page.text)
        forms = {link.partition("?")[0].rpartition("/")[2] for link in linked}
        assert {path.partition("?")[0] for path in READERS} <= forms


def test_over_a_replica_or_not_the_place_is_what_it_was_posted_as(client, post):
    exact = {"type": "Point", "coordinates": [44.1234567890123456, -0.1]}
    body = {
        "title": "T",
        "kind": "other",
        "incident": "exact",
        "publisher": {"key": "a", "kind": "press"},
    }
    post("/v1/incidents", {**body, "reports": [place(geometry=exact)]})

    alone = client.get("/v1/incidents/exact/situation.geojson").json["features"][0]
    listed = client.get("/v1/incidents.geojson?kind=other").json["features"][0]

    assert alone["geometry"] == listed["geometry"] == exact
