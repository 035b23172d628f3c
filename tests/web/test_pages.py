"""What a reader sees in a browser, without any script."""

import json
import re
from html import unescape
from itertools import pairwise
from urllib.parse import urlencode

import pytest

from tests.histories import (
    correction,
    injured,
    killed,
    marking,
    measure,
    origin,
    person,
    response,
    retraction,
    says,
    settled,
    told,
)
from tests.web.reading import Outline, words_of

HOSTILE = "<script>alert(1)</script>"
SCRIPTS = re.compile("<script([^>]*>)").findall
DATA = ' type="application/ld+json">'
"""No browser runs it."""
US = {"nationality": "US", "role": "military"}
TAJI = "/incidents/taji"


def place(name, country):
    return {"type": "location", "role": "target", "name": name, "country": country}


def test_an_empty_store_says_how_to_post_the_first_incident(reader, store):
    front = reader.get("/")
    shown = unescape(re.search("-d '(.*?)'", front.text, re.DOTALL)[1])
    key = {"Authorization": f"Bearer {store.add_key('me', 'reporter')}"}
    posted = reader.post("/v1/incidents", json=json.loads(shown), headers=key)

    assert "Nothing has been reported yet" in front.text
    assert "curl http://localhost/v1/incidents" in front.text
    assert posted.status_code == 201
    assert "Fire at the harbour" in reader.get("/").text


def test_the_front_page_tells_each_incident_in_words(reader, tell):
    tell("fire", told("afp", killed({"low": 3}), says("claim", "A group")), title="Fire")
    tell("flood", told("afp", injured("12 to 18", origin=origin("a"))), title="Flood")
    tell("quake", told("a", killed({"low": 5})), told("b", killed(2)), title="Quake")

    words = words_of(reader.get("/"))

    assert words.index("Quake") < words.index("Flood") < words.index("Fire")
    assert "Killed at least 3 Injured none reported Responsibility claimed" in words
    assert "Killed none reported Injured 12 to 18 Responsibility unclaimed" in words
    assert "Killed at least 2 (disputed)" in words


def test_older_incidents_are_a_link_away(reader, tell):
    for number in range(3):
        tell(f"story-{number}", title=f"Story {number}")

    first = reader.get("/?limit=2")
    older = re.search(r'rel="next" href="([^"]+)"', first.text)
    second = reader.get(older[1].replace("&amp;", "&"))

    assert "Story 0" not in first.text
    assert "Story 0" in second.text
    assert "Story 2" not in second.text
    assert 'rel="next"' not in second.text


def test_the_front_page_finds_what_its_form_asks_for(reader, tell):
    tell("taji", told("afp", killed(3), place("Camp Taji", "IQ")), title="Rockets")
    tell("harbour", told("afp", killed(1), place("Camp Taji", "SY")), title="Fire")

    front = reader.get("/")
    blank = "q=taji&kind=&status=developing&country=iq&occurred_from=&occurred_to=&min_killed=2"
    sent = reader.get(f"/?{blank}")
    found = reader.get(sent.headers["Location"])

    for field in ("q", "kind", "status", "country", "occurred_from", "occurred_to", "min_killed"):
        assert f'name="{field}"' in front.text
    assert (sent.status_code, "kind=" in sent.headers["Location"]) == (302, False)
    assert "Rockets" in found.text
    assert "Fire" not in found.text
    assert 'value="taji"' in found.text
    assert "form-action 'self'" in found.headers["Content-Security-Policy"]
    assert "No incident is like that." in words_of(reader.get("/?q=nothing+of+the+kind"))
    assert reader.get("/?q=***").status_code == 400
    then = reader.get("/?as_of=2020-03-11T18:00:00%2B01:00")
    assert "As it was known on 11 March 2020, 17:00 UTC" in words_of(then)
    assert reader.get("/?q=&kind=").headers["Location"] == "/"


def test_more_of_what_was_found_is_a_link_away(reader, tell):
    for number in range(3):
        tell(f"story-{number}", told("afp", place("Camp Taji", "IQ")), title=f"Story {number}")

    first = reader.get("/?q=taji&country=IQ&limit=2")
    more = re.search(r'rel="next" href="([^"]+)"', first.text)
    second = reader.get(unescape(more[1]))

    assert ("Story 0" in first.text, "Story 2" in first.text) == (False, True)
    assert ("Story 0" in second.text, "Story 2" in second.text) == (True, False)


def test_every_figure_leads_to_its_events(reader, tell):
    tell("taji", told("afp", killed({"low": 2}, group=US), killed(1, group={"nationality": "GB"})))

    page = reader.get(TAJI)

    assert "at least 3" in page.text
    assert (
        '[<a href="/incidents/taji/reports/2">2</a>, <a href="/incidents/taji/reports/3">3</a>]'
    ) in page.text


def test_who_disagrees_with_whom_is_a_sentence(reader, tell):
    tell("taji", told("pentagon", killed({"low": 2})), told("copy", killed("up to 1")))

    words = words_of(reader.get(TAJI))

    assert "pentagon says at least 2 [2]; copy says at most 1 [3]" in words


def test_whoever_has_a_name_is_called_by_it(reader, tell):
    afp = {"publisher": {"key": "afp-fr", "kind": "agency", "name": "AFP"}}
    present = {"type": "actor", "actor": "Navy", "role": "responder"}
    navy = {"key": "navy", "kind": "military", "named": True}
    tell(
        "taji",
        {**told("afp-fr", killed({"low": 2}), present), **afp},
        told("copy", killed("up to 1")),
        {**told("afp-fr", {**present, "origin": navy}), **afp},
    )

    words = words_of(reader.get(TAJI))

    assert "AFP says at least 2 [2]; copy says at most 1 [4]" in words
    assert "Responder: Navy, say AFP and navy" in words
    assert "afp-fr" not in words


def test_what_was_overtaken_is_told_as_such(reader, tell):
    tell("taji", told("army", killed(0), at_hour=17), told("afp", killed({"low": 3}), at_hour=18))

    words = words_of(reader.get(TAJI))

    assert "Overtaken: army had said 0 [2]" in words


def test_all_updates_can_be_read_page_by_page(reader, tell):
    tell("taji", *(told(f"paper-{number}", killed(number)) for number in range(1, 4)))

    first = reader.get(f"{TAJI}/updates?limit=2")
    older = re.search(r'rel="next" href="([^"]+)"', first.text)
    second = reader.get(older[1].replace("&amp;", "&"))

    assert "paper-3" in first.text
    assert "paper-1" not in first.text
    assert "paper-1" in second.text


@pytest.mark.parametrize(
    ("path", "status", "wording"),
    [
        ("/incidents/nowhere", 404, "There is no incident nowhere."),
        ("/incidents/no/such/page", 404, "There is nothing at this address."),
        (f"{TAJI}?version=9", 404, "Taji has no version 9; it is at 2."),
        (f"{TAJI}?version=two&colour=red", 400, "colour: unknown parameter"),
        (f"{TAJI}?as_of=yesterday", 400, "as_of:"),
        ("/?cursor=%3Cscript%3E", 400, "cursor: it was not given out here"),
    ],
)
def test_a_problem_is_a_page_for_readers(reader, tell, path, status, wording):
    tell("taji", told("a", killed(1)))

    page = reader.get(path)

    assert page.status_code == status
    assert page.content_type == "text/html; charset=utf-8"
    assert wording in words_of(page)
    assert HOSTILE[:8] not in page.text


def test_a_problem_of_the_interface_stays_a_problem_document(reader):
    missing = reader.get("/v1/incidents/nowhere")

    assert missing.content_type == "application/problem+json"


def test_what_users_send_is_shown_and_never_run(reader, tell):
    hostile = told(
        "afp",
        killed(1, origin={**origin("them"), "name": HOSTILE}, phrase=HOSTILE),
        measure(HOSTILE, 3, unit=HOSTILE),
        says("claim", HOSTILE, speaker=HOSTILE),
        {"type": "location", "role": "target", "name": HOSTILE},
        {"type": "question", "question": HOSTILE},
    )
    hostile["publisher"] |= {"name": HOSTILE, "url": "javascript:alert(1)"}
    fix = told("afp", correction(2, killed(2), note=HOSTILE))
    tell("taji", {**hostile, "summary": HOSTILE}, fix, title=HOSTILE)

    claim = f"attribution.lines[{HOSTILE},perpetrator]"
    paths = [
        "/",
        *(f"{TAJI}{more}" for more in ("", "?version=2", "?since=0", "/updates", "/situation")),
        *(f"{TAJI}/{more}" for more in ("reports/2", "reports/7", "chart", "chart.svg")),
        f"{TAJI}/why?{urlencode({'path': 'casualties.killed'})}",
        f"{TAJI}/why?{urlencode({'path': claim})}",
    ]
    pages = [reader.get(path).text for path in paths]

    for page in pages:
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        run = [found for found in SCRIPTS(page) if found != DATA]
        assert all(found.startswith(' type="module" src="/static/') for found in run)
        assert "javascript:" not in page


def test_every_answer_forbids_what_the_pages_do_not_need(reader, tell):
    tell("taji")

    for path in ("/", TAJI, "/incidents/nowhere", "/static/sitrep.css", "/incidents"):
        headers = reader.get(path, buffered=True).headers
        assert headers["Content-Security-Policy"].startswith(
            "default-src 'none'; script-src 'self'"
        )
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_every_link_of_a_rich_story_leads_somewhere_and_its_pages_are_well_formed(reader, tell):
    tell("other-story")
    tell(
        "taji",
        told("desk", {"type": "link", "to": "other-story", "relation": "follows"}),
        told(
            "afp",
            {"type": "time", "occurred": {"earliest": "2020-03-11"}},
            {"type": "location", "role": "target", "name": "Camp Taji", "country": "IQ"},
            {"type": "means", "weapon": "rocket", "basis": "fired", "quantity": "about 15"},
            {"type": "actor", "actor": "The coalition", "role": "victim_force"},
            killed({"low": 2}, group=US),
            injured({"low": 12}),
            measure("rockets impacted", 15),
            says("accusation", "Somebody"),
            response("contemplated", "rumoured"),
            {"type": "question", "question": "Who did it?"},
        ),
        told("copy", killed("up to 1", group=US), says("denial", "Somebody")),
        told("afp", correction(7, {"type": "casualties", "harm": "killed", "quantity": "3"})),
        told("desk", retraction(8), {"type": "dispute", "target": 13, "grounds": "no"}),
    )

    moments = (TAJI, f"{TAJI}?version=9", f"{TAJI}?since=3")
    paths = ["/", *moments, f"{TAJI}/updates", f"{TAJI}/chart", "/incidents/nowhere"]
    outlines = [Outline(reader.get(path).text) for path in paths]
    links = [link for outline in outlines for link in outline.links]
    linked = {link for link in links if link.startswith("/")}

    for outline in outlines:
        headings = [int(tag[1]) for tag in outline.tags if re.fullmatch("h[1-6]", tag)]
        assert headings[0] == 1
        assert headings.count(1) == outline.tags.count("main") == 1
        assert all(after - before <= 1 for before, after in pairwise(headings))
        assert len(outline.ids) == len(set(outline.ids))
        assert outline.open == []
        assert {link[1:] for link in outline.links if link.startswith("#")} <= set(outline.ids)
    assert len(linked) > 30
    for link in linked:
        assert reader.get(link, buffered=True).status_code == 200, link


def test_the_front_page_and_its_style_are_small(reader, tell):
    for number in range(25):
        tell(
            f"story-{number:02}", told("afp", killed(number)), title="A title of usual length " * 3
        )

    sizes = [len(reader.get(path, buffered=True).data) for path in ("/", "/static/sitrep.css")]

    assert sum(sizes) < 50_000


def test_damage_and_people_are_told_on_the_page_of_an_incident(reader, tell):
    tell(
        "taji",
        told(
            "afp",
            {"type": "damage", "object": "hangar", "extent": "destroyed", "quantity": "2"},
            person("Jane Doe", informed=True, role="medic", harm="killed", group=US),
        ),
    )

    words = words_of(reader.get(TAJI))

    assert "Damage: hangar, destroyed, 2, says afp" in words
    assert "Who they were Jane Doe, medic, killed, US military, says afp" in words


def test_who_is_withheld_is_on_no_page(reader, tell):
    tell("taji", told("afp", person("Jane Doe")))

    page = reader.get(TAJI)

    assert "Jane Doe" not in page.text
    assert "Who they were" not in page.text


def test_a_count_that_somebody_denies_is_not_known_and_counts_nobody(reader, tell):
    tell("taji", told("army", killed(3, modality="denied")))

    words = words_of(reader.get(TAJI))

    assert "A count that somebody denies" in words
    assert "Killed none reported" in words


def test_what_the_desk_settled_is_not_told_as_the_word_of_an_origin(reader, tell):
    tell("taji", told("afp", killed("at least 2")), told("desk", settled(3), kind="desk"))

    words = words_of(reader.get(TAJI))

    assert "Everyone 3 settled by the desk [" in words


@pytest.mark.parametrize(("role", "says_so"), [("reader", False), ("reporter", True)])
def test_a_page_says_where_it_may_show_what_is_withheld(reader, tell, store, role, says_so):
    tell("taji", told("afp", killed(1234567)), told("desk", marking(2, audience="desk")))
    key = {"Authorization": f"Bearer {store.add_key('ada', role)}"}

    page = reader.get("/incidents/taji", headers=key)

    assert ("withheld from the public" in page.text) is says_so
    assert ("1234567" in page.text) is says_so
    assert "withheld from the public" not in reader.get("/incidents/taji").text
