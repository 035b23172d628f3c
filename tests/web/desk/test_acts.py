"""From a report or a figure to the act that is about it: who may, and what the form begins with."""

from tests.histories import injured, killed, origin, told
from tests.web.reading import words_of

REPORT = "/incidents/taji/reports/2"


def links_of(browser, path):
    return words_of(browser.go(path))


def situation(newsroom):
    return newsroom.app.test_client().get("/v1/incidents/taji").json


OFFERED = {
    None: [],
    "reader": [],
    "reporter": ["Correct", "Dispute", "Endorse"],
    "editor": ["Correct", "Retract", "Dispute", "Endorse", "Mark"],
    "admin": ["Correct", "Retract", "Dispute", "Endorse", "Mark"],
}


def test_a_report_offers_what_a_role_allows(newsroom):
    for role, offered in OFFERED.items():
        browser = newsroom.visitor() if role is None else newsroom.signed_in(role)

        page = browser.go(REPORT)

        assert [act for act in OFFERED["admin"] if f">{act}<span" in page.text] == offered
        reasons = browser.go("/incidents/taji/why?path=casualties.killed")
        assert ("Settle this figure" in reasons.text) is ("Mark" in offered)
        assert ("Add an update" in browser.go("/incidents/taji").text) is bool(offered)


def test_what_a_program_reads_with_a_key_offers_no_acts(newsroom):
    sent = {"Authorization": f"Bearer {newsroom.keys['editor']}"}

    assert "Retract" not in newsroom.app.test_client().get(REPORT, headers=sent).text


def test_the_opening_cannot_be_corrected_nor_retracted(newsroom):
    browser = newsroom.signed_in("editor")

    page = browser.go("/incidents/taji/reports/1")

    assert "/desk/incidents/taji/update?type=" not in page.text


def test_a_correction_begins_with_the_report_as_it_stands(newsroom):
    browser = newsroom.signed_in("reporter")

    form = browser.go("/desk/incidents/taji/update?type=correction&target=2")

    assert "afp: Killed: at least 2 event 2" in words_of(form)
    fields = browser.form("", "preview").fields
    assert fields["/publisher/key"] == "afp"
    assert fields["/reports/0/target"] == "2"
    assert fields["/reports/0/replacement/quantity"] == "at least 2"
    browser.type(reports__0__replacement__quantity="exactly 3").press("preview")
    browser.press("post")
    held = situation(newsroom)
    assert held["casualties"]["killed"]["low"] == held["casualties"]["killed"]["high"] == 3
    assert (held["corrections"][0]["target"], held["corrections"][0]["kind"]) == (2, "number")


def test_a_correction_of_a_correction_begins_with_what_that_said(newsroom):
    browser = newsroom.signed_in("editor")
    browser.go("/desk/incidents/taji/update?type=correction&target=2")
    browser.type(reports__0__replacement__quantity="3 to 5").press("preview")
    browser.press("post")

    browser.go("/desk/incidents/taji/update?type=correction&target=3")

    assert browser.form("", "preview").fields["/reports/0/replacement/quantity"] == "3 to 5"


def test_a_retraction_takes_back_a_whole_update(newsroom):
    newsroom.tell(told("bbc", killed(9), injured(12)))
    browser = newsroom.signed_in("editor")
    assert "Retract the whole update" in browser.go("/incidents/taji/reports/3").text

    browser.go("/desk/incidents/taji/update?type=retraction&target=3,4")
    browser.type(reports__0__reason="another incident").press("preview")
    assert "Killed: 9 → at least 2" in words_of(browser.shown)
    browser.press("post")

    assert situation(newsroom)["retractions"][0]["targets"] == [3, 4]


def test_everything_that_a_source_said_is_retracted_by_its_own_fields(newsroom):
    newsroom.tell(told("bbc", killed(9, origin=origin("moh"))))
    browser = newsroom.signed_in("editor")
    browser.go("/desk/incidents/taji/update?type=retraction")

    browser.type(publisher__name="Desk", publisher__kind="desk")
    browser.type(reports__0__targets__origin="moh", reports__0__targets__since="2020-03-11")
    browser.press("preview")
    browser.press("post")

    assert situation(newsroom)["retractions"][0]["said_since"]["origin"] == "moh"


def test_a_figure_is_settled_from_its_reasons(newsroom):
    browser = newsroom.signed_in("editor")

    browser.go("/desk/incidents/taji/update?type=adjudication&path=casualties.killed")
    browser.type(reports__0__quantity="2 to 4, best 3", reports__0__rationale="counted").press(
        "preview"
    )
    browser.press("post")

    figure = situation(newsroom)["casualties"]["killed"]
    assert (figure["low"], figure["high"], figure["best"]) == (2, 4, 3)
    assert figure["status"] == "adjudicated"


def test_a_marking_withholds_a_report(newsroom):
    browser = newsroom.signed_in("editor")
    browser.go("/desk/incidents/taji/update?type=marking&target=2")

    browser.type(reports__0__audience="desk").press("preview")
    browser.press("post")

    assert situation(newsroom)["casualties"]["killed"]["status"] == "unreported"
    assert "at least 2" in words_of(browser.go("/incidents/taji"))


def test_an_act_that_a_role_does_not_allow_is_refused_with_all_that_was_typed(newsroom):
    browser = newsroom.signed_in("reporter")
    browser.go("/desk/incidents/taji/update?type=retraction&target=2")

    refused = browser.type(reports__0__reason="wrong").press("preview")

    assert refused.status_code == 422
    assert "needs the role editor" in refused.text
    assert browser.form("", "preview").fields["/reports/0/reason"] == "wrong"


def test_a_form_about_nothing_is_not_found(newsroom):
    browser = newsroom.signed_in("editor")

    answered = {
        query: browser.go(f"/desk/incidents/taji/update?{query}").status_code
        for query in (
            *("type=nothing", "type=correction&target=x", "type=correction&target=99"),
            *("type=dispute&target=99999999999999999999", "type=retraction&target=99"),
        )
    }

    assert list(answered.values()) == [400, 400, 404, 400, 200]
