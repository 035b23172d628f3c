"""An update is written, previewed and posted at the desk, without any script."""

import re

import pytest

from tests.histories import EDITOR, injured, killed, new_incident, new_update, origin, told
from tests.store.test_erasing import everything
from tests.web.reading import words_of

FORM = "/desk/incidents/taji/update"


@pytest.fixture
def browser(newsroom):
    return newsroom.signed_in()


def begin(browser, quantity="about a dozen", **more):
    """An update of one report of injured people."""
    browser.go(FORM)
    browser.press("add:casualties")
    return browser.type(
        publisher__name="Reuters",
        publisher__kind="agency",
        reports__0__harm="injured",
        reports__0__quantity=quantity,
        **more,
    )


def situation(newsroom, incident="taji"):
    return newsroom.app.test_client().get(f"/v1/incidents/{incident}").json


def test_an_update_is_previewed_and_posted(newsroom, browser):
    begin(browser, _summary="A dozen hurt, says Reuters.", reports__0__phrase="about a dozen")
    preview = browser.press("preview")

    assert preview.status_code == 200
    assert "Injured: none reported → 10 to 14." in words_of(preview)
    assert "Injured: about a dozen that is 10 to 14, best 12" in words_of(preview)
    assert "Reuters, agency (reuters), published now. A dozen hurt" in words_of(preview)
    assert situation(newsroom)["version"] == 2

    posted = browser.press("post")

    assert browser.path == "/incidents/taji?since=2"
    assert "What changed since" in posted.text
    held = situation(newsroom)
    assert (held["version"], held["casualties"]["injured"]["best"]) == (3, 12)
    event = newsroom.store.event("taji", 3)
    assert event.recorded_by == "reporter"
    assert event.publisher == {"key": "reuters", "name": "Reuters", "kind": "agency"}
    assert "Your drafts" not in browser.go("/desk").text


def test_a_preview_stores_nothing_of_the_record(newsroom, browser, database):
    begin(browser)
    browser.press("keep")
    newsroom.store.uses(cursor=None, limit=1)
    before = without_uses(everything(database))

    browser.go(browser.path + "/preview")
    newsroom.store.uses(cursor=None, limit=1)

    assert without_uses(everything(database)) == before


def without_uses(rows):
    """The audit grows with every look, and the moments of last use."""
    kept = [row for row in rows.splitlines() if "'GET'" not in row and "'POST'" not in row]
    return sorted(re.sub(r"\b\d{16}\b", "", row) for row in kept)


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(newsroom, browser):
    begin(browser, quantity="a baker's lot", reports__0__phrase="a lot", publisher__url="gopher:x")
    refused = browser.press("preview")

    assert refused.status_code == 422
    assert "<title>Error: " in refused.text
    fields = browser.form("", "preview").fields
    assert fields["/reports/0/quantity"] == "a baker's lot"
    assert fields["/reports/0/phrase"] == "a lot"
    for name in ("/reports/0/quantity", "/publisher/url"):
        place = "f" + name.replace("/", "-")
        assert f'href="#{place}"' in refused.text
        control = re.search(f'<input id="{place}"[^>]*>', refused.text)[0]
        assert 'aria-invalid="true"' in control
        assert f"{place}-wrong" in re.search('aria-describedby="([^"]*)"', control)[1].split()
        assert f'id="{place}-wrong"' in refused.text
    assert "no quantity in the lexicon reads" in refused.text
    assert situation(newsroom)["version"] == 2


def test_a_form_without_reports_says_that_it_needs_one(browser):
    browser.go(FORM)

    refused = browser.type(publisher__name="Reuters", publisher__kind="agency").press("preview")

    assert refused.status_code == 422
    assert "Must hold 1 to 1000 entries" in words_of(refused)


def test_reports_are_added_and_removed_by_buttons(browser):
    begin(browser)
    browser.press("add:means")
    browser.type(reports__1__weapon="rocket").press("add:location")
    browser.type(reports__2__role="target", reports__2__name="Camp Taji")

    browser.press("remove:1")

    fields = browser.form("", "preview").fields
    assert fields["/reports/0/harm"] == "injured"
    assert (fields["/reports/1/type"], fields["/reports/1/name"]) == ("location", "Camp Taji")
    assert "/reports/2/type" not in fields


def test_a_source_that_is_known_needs_its_name_alone(newsroom, browser):
    newsroom.tell(told("bbc", killed(3, origin={**origin("moh", "official"), "name": "Ministry"})))
    browser.go(FORM)
    assert '<option value="Ministry">' in browser.shown.text
    browser.press("add:casualties")

    browser.type(
        publisher__name="afp",
        reports__0__harm="killed",
        reports__0__quantity="4",
        reports__0__origin__name="ministry",
    ).press("preview")
    browser.press("post")

    told_of = newsroom.store.event("taji", 4)
    assert (told_of.publisher["key"], told_of.publisher["kind"]) == ("afp", "press")
    assert (told_of.origin["key"], told_of.origin["kind"]) == ("moh", "official")


def test_who_posts_twice_is_led_to_the_one_update(newsroom, browser):
    begin(browser)
    browser.press("preview")
    form = browser.form("/post")

    answers = [browser.client.post(form.action, data=form.fields) for _ in range(2)]

    assert [one.status_code for one in answers] == [303, 303]
    assert answers[1].headers["Location"] == "/incidents/taji/reports/3"
    assert situation(newsroom)["version"] == 3


def test_a_form_that_was_posted_and_is_sent_again_is_known(newsroom, browser):
    begin(browser)
    browser.press("preview")
    draft = browser.path.removesuffix("/preview")
    browser.go(draft)
    form = browser.form("", "preview")
    browser.press("preview")
    browser.press("post")

    again = browser.client.post(
        form.action, data={**form.fields, "do": "preview"}, follow_redirects=True
    )
    changed = browser.client.post(
        form.action,
        data={**form.fields, "/reports/0/quantity": "7", "do": "preview"},
        follow_redirects=True,
    )

    assert "This was posted already" in again.text
    assert "Posting it now adds another update" in changed.text
    assert situation(newsroom)["version"] == 3


def test_what_came_in_between_is_told_before_anything_is_posted(newsroom, browser):
    begin(browser)
    newsroom.tell(told("bbc", killed(5)))

    preview = browser.press("preview")

    words = words_of(preview)
    assert "You began at version 2; the incident is at version 3 now" in words
    assert "bbc: Killed: 5" in words
    assert "Killed: at least 2 → 5" in words
    browser.press("post")
    assert situation(newsroom)["casualties"]["injured"]["best"] == 12


def test_what_comes_while_a_preview_is_read_is_explained_and_nothing_is_lost(newsroom, browser):
    begin(browser)
    browser.press("preview")
    newsroom.tell(told("bbc", injured(40)))

    refused = browser.press("post")

    assert refused.status_code == 409
    assert "Not posted: something came in between" in words_of(refused)
    assert "Injured: none reported → 40" in words_of(refused)
    assert situation(newsroom)["version"] == 3
    assert browser.press("post").status_code == 200
    assert situation(newsroom)["version"] == 4


def test_an_incident_is_opened_with_its_first_reports(newsroom, browser):
    browser.go("/desk/new")
    browser.press("add:casualties")
    browser.type(_title="Fire at the harbour", _kind="accident", publisher__name="Radio")
    browser.type(publisher__kind="local", _published_at="2020-03-11 17:00")
    browser.type(reports__0__harm="killed", reports__0__quantity="at least 2").press("preview")

    assert "fire-at-the-harbour-2020-03-11" in browser.shown.text
    assert "11 March 2020, 17:00 UTC" in words_of(browser.shown)
    browser.press("post")

    held = situation(newsroom, "fire-at-the-harbour-2020-03-11")
    assert (held["title"], held["casualties"]["killed"]["low"]) == ("Fire at the harbour", 2)
    assert browser.path.startswith("/incidents/fire-at-the-harbour")


def test_an_incident_whose_address_is_taken_is_not_opened(browser):
    browser.go("/desk/new")
    browser.type(_title="Other", _kind="accident", _incident="taji", publisher__name="afp")

    refused = browser.press("preview")

    assert refused.status_code == 422
    assert "there is an incident taji already" in refused.text


def test_a_draft_is_there_after_a_reload_on_another_machine_and_for_nobody_else(newsroom, browser):
    begin(browser, _summary="Half a thought")
    browser.press("keep")
    path = browser.path

    elsewhere = newsroom.signed_in()
    elsewhere.go("/desk")
    assert "Half a thought" in elsewhere.shown.text
    elsewhere.go(path)
    assert elsewhere.form("", "preview").fields["/reports/0/quantity"] == "about a dozen"
    assert newsroom.signed_in("editor").go(path).status_code == 404
    assert "Half a thought" not in newsroom.signed_in("admin").go("/desk").text

    browser.press("discard")
    assert browser.go(path).status_code == 404


def test_a_form_that_outlived_its_sign_in_keeps_what_was_typed(newsroom, browser):
    begin(browser, _summary="Kept")
    newsroom.pass_by(hours=9)

    signed_out = browser.press("preview")
    assert signed_out.status_code == 401
    assert "Nothing that you typed is lost" in signed_out.text
    kept = browser.form("", None)
    browser.sign_in(newsroom.keys["reporter"])
    refused = browser.client.post(kept.action, data=kept.fields)
    assert refused.status_code == 403
    browser.shown, browser.path = refused, kept.action

    again = browser.press()

    assert again.status_code == 200
    assert "Kept" in again.text
    assert "Injured: none reported → 10 to 14" in words_of(again)


def test_a_merged_incident_says_where_the_story_is_told(newsroom, browser):
    begin(browser)
    browser.press("keep")
    path = browser.path
    newsroom.store.open(new_incident("other"), EDITOR)
    merger = {"type": "merge", "into": "other", "reason": "the same"}
    newsroom.store.append("taji", new_update(told("desk", merger)), EDITOR)

    refused = browser.go(f"{path}/preview")

    assert refused.status_code == 422
    assert "taji was merged into other" in refused.text.lower()
