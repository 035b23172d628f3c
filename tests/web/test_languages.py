"""Which language a reader gets, and who keeps which answer."""

import re

from service.web.tongues.choosing import COOKIE
from tests.histories import killed, person, told

TAJI = "/incidents/taji"
ARABIC = {"Accept-Language": "ar"}


def undated(headers):
    return {name: value for name, value in headers.items() if name not in {"Date", "Expires"}}


def language(answer):
    return answer.text.split('<html lang="')[1].split('"')[0]


ACCEPTED = {
    "": "en",
    "ar": "ar",
    "ar-IQ, en;q=0.5": "ar",
    "en, ar;q=0.9": "en",
    "fr, ar;q=0.3": "ar",
    "fr, de": "en",
    "ar;q=0": "en",
    "*": "en",
    "\u00d8\u00b9": "en",
}


def test_a_reader_gets_the_language_that_the_browser_asks_for(reader, store):
    pages = {asked: reader.get("/", headers={"Accept-Language": asked}) for asked in ACCEPTED}

    assert {asked: language(page) for asked, page in pages.items()} == ACCEPTED
    assert {page.status_code for page in pages.values()} == {200}
    assert {a: page.headers["Content-Language"] for a, page in pages.items()} == ACCEPTED


def test_what_was_chosen_by_hand_counts_before_what_the_browser_asks_for(reader, store):
    found = {}
    for kept in ("en", "ar", "xx"):
        reader.set_cookie(COOKIE, kept)
        found[kept] = language(reader.get("/", headers=ARABIC))

    assert found == {"en": "en", "ar": "ar", "xx": "ar"}


def test_the_menu_leads_back_to_the_page_in_the_other_language(reader, tell):
    tell("taji", told("afp", killed(2)))
    page = reader.get(f"{TAJI}?version=1")
    assert '<button class="plain" name="language" value="ar" lang="ar" dir="rtl">' in page.text
    assert f'name="next" value="{TAJI}?version=1"' in page.text

    form = {"language": "ar", "next": f"{TAJI}?version=1"}
    answer = reader.post("/language", data=form)
    there = reader.get(answer.headers["Location"])

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{TAJI}?version=1"
    assert language(there) == "ar"
    assert 'dir="rtl"' in there.text
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "SameSite=Lax" in answer.headers["Set-Cookie"]


def test_the_menu_leads_to_where_scripts_have_moved_the_page(reader, store):
    form = {"language": "ar", "next": TAJI}
    moved = {"Referer": f"http://localhost{TAJI}?version=1"}

    answer = reader.post("/language", data=form, headers=moved)

    assert answer.headers["Location"] == f"{TAJI}?version=1"


def test_the_menu_leads_nowhere_else(reader, store):
    elsewhere = [
        *("https://example.org/", "//example.org/", "/\\example.org", "/a\nb"),
        *("javascript:alert(1)", ""),
    ]
    came = {"Referer": "https://example.org/incidents/taji"}

    led = {
        reader.post("/language", data={"language": "ar", "next": one}, headers=headers).location
        for one in elsewhere
        for headers in ({}, came)
    }

    assert led == {"/"}


def test_a_language_that_there_is_not_is_refused(reader, store):
    answer = reader.post("/language", data={"language": "xx", "next": "/"})

    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers


READ = [
    *("/", TAJI, f"{TAJI}?version=1", f"{TAJI}/situation?version=1", f"{TAJI}/chart"),
    *(f"{TAJI}/chart?version=1", f"{TAJI}/chart.svg?version=1"),
    *(f"{TAJI}/why?path=casualties.killed&version=1", "/desk/sign-in", "/incidents/nowhere"),
]
UNTAGGED = {"/desk/sign-in", "/incidents/nowhere"}


def test_an_answer_in_one_language_is_never_kept_for_another(reader, tell):
    tell("taji", told("afp", killed(2)), told("bbc", killed(3)))

    for path in READ:
        english, arabic = (reader.get(path, headers={"Accept-Language": a}) for a in ("en", "ar"))
        tags = [answer.headers.get("ETag", '"-"') for answer in (english, arabic)]
        other, same = (reader.get(path, headers={**ARABIC, "If-None-Match": tag}) for tag in tags)

        for answer in (english, arabic, other, same):
            assert {"Accept-Language", "Cookie"} <= set(answer.vary.to_header().split(", ")), path
        assert english.data != arabic.data
        assert english.headers.get("Cache-Control") == arabic.headers.get("Cache-Control")
        assert other.status_code == arabic.status_code
        assert path in UNTAGGED or (tags[0] != tags[1] and same.status_code == 304)


PROGRAMS = [
    *("/v1/incidents", "/v1/incidents/taji", "/v1/incidents/taji/changes?since=1"),
    *("/v1/incidents/taji/explain?path=casualties.killed", "/v1/incidents/taji/updates.atom"),
    *("/v1/incidents/taji/card", "/v1/incidents/nowhere", "/incidents/taji/timeline"),
    *("/incidents/taji/chart.csv", "/map", "/docs", "/static/sitrep.css"),
]


def test_what_is_for_programs_is_the_same_in_every_language(reader, tell):
    tell("taji", told("afp", killed(2)), told("bbc", killed(3)))

    for path in PROGRAMS:
        reader.delete_cookie(COOKIE)
        english = reader.get(path, buffered=True)
        reader.set_cookie(COOKIE, "ar")
        arabic = reader.get(path, headers=ARABIC, buffered=True)

        assert arabic.data == english.data
        assert "Accept-Language" not in english.headers.get("Vary", "")
        assert "Content-Language" not in english.headers
        assert undated(arabic.headers) == undated(english.headers)


def test_what_somebody_reads_in_another_language_is_stored_in_english(reader, tell, store):
    tell("taji", told("afp", killed(2)))
    key = {"Authorization": f"Bearer {store.add_key('ada', 'editor')}"}
    reader.set_cookie(COOKIE, "ar")
    body = {"publisher": {"key": "bbc", "kind": "press"}, "reports": [killed(3)]}

    receipt = reader.post("/v1/incidents/taji/updates", json=body, headers={**key, **ARABIC}).json
    shown = reader.get(f"{TAJI}?since=2", headers=ARABIC).text

    assert receipt["changes"][0]["sentence"].startswith("Killed: 2 → 3")
    assert "القتلى: 2 ← 3" in shown


def test_what_somebody_wrote_can_neither_fill_in_a_message_nor_turn_it_round(reader, tell):
    hostile = "100%(x)s %s <script>alert(1)</script> \u202eabc\u2069"
    by = {"key": "afp", "kind": "press", "name": hostile}
    tell("taji", {**told("afp", killed(2), person(hostile)), "publisher": by}, title=hostile)

    for path in (
        TAJI,
        f"{TAJI}?since=1",
        f"{TAJI}/reports/2",
        f"{TAJI}/updates",
        f"{TAJI}/chart.svg",
    ):
        page = reader.get(path, headers=ARABIC)
        said = re.findall("\u2068([^\u2069]*)\u2069", page.text)

        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "100%(x)s %s &lt;script&gt;" in page.text
        assert [text for text in said if "\u202e" in text] == []
