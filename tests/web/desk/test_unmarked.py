"""No text of a page is left out of the catalogues: each page is read in a language that puts what
it says in brackets, and whatever stands outside them must have been written by somebody.
"""

import re
from gettext import NullTranslations
from html.parser import HTMLParser

import pytest
from babel import Locale

from service.commands.importing import import_taji
from service.domain.moments import read_instant
from service.web.tongues.catalogues import Tongue, tongues
from service.web.tongues.choosing import COOKIE
from tests.histories import (
    correction,
    injured,
    killed,
    measure,
    origin,
    outcome,
    person,
    response,
    retraction,
    says,
    settled,
    told,
)

STORY = "/incidents/taji-rocket-attack-2020-03-11"
LINKED = "k-1-rocket-attack-2019-12-27"
PAGES = [
    *("/", "/?q=rocket*", "/?q=nothing+like+it", "/?as_of=2020-03-11T20:00:00Z", "/?limit=1"),
    *(STORY, f"{STORY}?version=46&since=21", f"{STORY}?version=21&since=46"),
    *(f"{STORY}?published_until=2020-03-11T18:30:00Z", f"{STORY}?without_publisher=afp&version=3"),
    *(f"{STORY}/situation?version=30", f"{STORY}/updates?limit=3", f"{STORY}/chart.svg"),
    *(f"{STORY}/chart?figure=casualties.injured", f"{STORY}/chart?axis=recorded&version=2"),
    *(f"{STORY}/why?path=casualties.killed", f"{STORY}/why?path=overview.occurred"),
    *(f"{STORY}/why?path=attribution.responsibility", f"{STORY}/why?path=title"),
    *(f"{STORY}/reports/8", f"{STORY}/reports/1"),
    *("/incidents/taji", "/incidents/taji?since=0", "/incidents/taji?version=2&since=16"),
    *(f"/incidents/taji/reports/{version}" for version in (3, 8, 12)),
    *("/incidents/taji/why?path=casualties.killed", "/incidents/taji/why?path=casualties.injured"),
    *("/incidents/taji?version=zero", "/incidents/nowhere", "/incidents/a/b"),
    *("/desk", "/desk/new", "/desk/sign-in"),
    *("/desk/incidents/taji/update", "/desk/incidents/taji/update?type=correction&target=3"),
    "/desk/incidents/taji/update?type=retraction&target=3",
]
DATA = {"bdi", "code", "pre", "script", "style", "time", "noscript"}
VOID = {"meta", "link", "input", "img", "br"}
ATTRIBUTES = ("aria-label", "title", "alt")
WRITTEN = re.compile("\u2068[^\u2069]*\u2069")
OURS = re.compile(r"– Sitrep$|^[A-F]$|\b(JSON|GeoJSON|SVG|PNG|CSV|SHA-256)\b")
"""What is called so in every language."""


class Bracketing(NullTranslations):
    def gettext(self, message):
        return f"⟦{message}⟧"

    def ngettext(self, one, many, n):
        return f"⟦{one if n == 1 else many}⟧"

    def pgettext(self, _, message):
        return f"⟦{message}⟧"

    npgettext = None


class Unmarked(HTMLParser):
    """`found`: texts with letters that nobody translates and nobody is said to have written."""

    def __init__(self, html):
        super().__init__()
        self.open = []
        self.depth = 0
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        held = dict(attrs)
        for name in ATTRIBUTES:
            if not (tag == "link" and held.get("rel") == "alternate"):
                self._read(held.get(name) or "", 0)
        if tag not in VOID:
            is_data = tag in DATA or held.get("dir") == "auto" or ("lang" in held and tag != "html")
            self.open.append(is_data)

    def handle_endtag(self, _):
        self.open.pop()

    def handle_data(self, told):
        if not any(self.open):
            self.depth = self._read(told, self.depth)

    def _read(self, told, depth):
        for piece in re.split("([⟦⟧])", WRITTEN.sub("", told)):
            depth += {"⟦": 1, "⟧": -1}.get(piece, 0)
            if depth == 0 and re.search(r"[^\W\d_]", OURS.sub("", piece.strip())):
                self.found.append(piece.strip())
        return depth


@pytest.fixture
def bracketing(monkeypatch):
    monkeypatch.setitem(tongues(), "he", Tongue(Locale("he"), Bracketing(), {}))


@pytest.fixture
def told_much(newsroom):
    newsroom.now_us = read_instant("2020-10-01T12:00:00Z")
    import_taji(newsroom.store)
    by_afp = {"origin": origin("afp-man")}
    newsroom.tell(
        told(
            "afp",
            injured("12 to 18", group={"role": "military", "nationality": "US"}, **by_afp),
            measure("rockets_fired", 15, unit="rockets"),
            says("claim", "A group", speaker="A man", likelihood="likely", confidence="high"),
            response("announced", "reported", kind="strike", actor="US", target="A camp"),
            person("A. Soldier", harm="killed", role="medic", next_of_kin_informed=True),
            {"type": "damage", "object": "hangar", "extent": "destroyed", "quantity": "at least 2"},
            {"type": "means", "weapon": "rocket", "basis": "fired", "quantity": "about a dozen"},
            {"type": "actor", "actor": "Iraq", "role": "host"},
            outcome("injured", "killed", 1),
            {"type": "question", "key": "q", "question": "Who was it?"},
            {"type": "link", "to": LINKED, "relation": "retaliation_for"},
        )
    )
    newsroom.tell(told("bbc", killed(9, origin=origin("b")), says("denial", "A group")))
    newsroom.tell(told("cnn", killed({"high": 1, "low": 1}, origin=origin("c"))))
    newsroom.tell(told("bbc", correction(3, injured(14), note="A typing error")))
    newsroom.tell(told("afp", {"type": "dispute", "target": 2, "grounds": "Counted twice"}))
    newsroom.tell(told("cnn", {"type": "endorsement", "target": 4}))
    newsroom.tell(told("desk", settled(2, path="casualties.killed")))
    newsroom.tell(told("afp", retraction(4)))
    since = {"origin": "b", "since": "2020-03-11T00:00:00Z"}
    newsroom.tell(told("bbc", {"type": "retraction", "targets": since, "reason": "A hoax"}))
    return newsroom


def unmarked(answer):
    return Unmarked(answer.text).found


def test_a_page_says_nothing_outside_its_messages(told_much, bracketing):
    browser = told_much.signed_in("admin")
    browser.client.set_cookie(COOKIE, "he")

    found = {path: unmarked(browser.go(path)) for path in PAGES}
    said = browser.go(STORY).text

    assert {path: texts for path, texts in found.items() if texts} == {}
    assert said.count("⟦") > 300


def test_nor_does_the_desk_while_somebody_writes(told_much, bracketing):
    browser = told_much.signed_in("admin")
    browser.client.set_cookie(COOKIE, "he")
    found = {}

    browser.go("/desk/incidents/taji/update")
    for type_ in ("casualties", "person", "adjudication", "retraction", "correction", "evidence"):
        found[type_] = unmarked(browser.press(f"add:{type_}"))
    found["refused"] = unmarked(browser.press("preview"))
    browser.go("/desk/incidents/taji/update")
    browser.press("add:casualties")
    browser.type(
        publisher__name="BBC",
        publisher__kind="press",
        reports__0__harm="killed",
        reports__0__quantity="about a dozen",
    )
    found["previewed"] = unmarked(browser.press("preview"))
    told_much.tell(told("afp", killed(4)))
    found["late"] = unmarked(browser.press("post"))
    found["home"] = unmarked(browser.go("/desk"))

    assert {name: texts for name, texts in found.items() if texts} == {}
    assert browser.shown.status_code == 200


def test_a_first_visit_says_nothing_outside_its_messages(reader, store, bracketing):
    reader.set_cookie(COOKIE, "he")

    pages = [reader.get(path) for path in ("/", "/desk/sign-in")]
    wrong = reader.post("/desk/sign-in", data={"key": "x"})

    assert [unmarked(page) for page in (*pages, wrong)] == [[], [], []]
