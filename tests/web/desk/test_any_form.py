"""Whatever somebody sends to the desk's forms is answered, and only a press of `Post` is stored."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.reports import SCHEMAS
from service.api.cookies import form_token
from tests.histories import EDITOR, killed, new_incident, new_update, told

TEXTS = st.sampled_from(
    [
        *("2", "at least 2", "x", "about a dozen", "2020-03-11", "2020-03-11 17:00", "killed"),
        *("33.5, 44.2", '{"type": "Point"}', "{", "[[[[", "1e999", "NaN", "\x00", "é" * 400),
        *("afp", "press", "IQ", "casualties", "9" * 30, "-1", "1,2,,x", "yes", "desk", "\u202e"),
        *('{"low": 1e400}', '{"low": 5, "high": 1}', "<script>", "casualties.killed", "true"),
    ]
)
PLACES = st.sampled_from(
    [
        *("/publisher/key", "/publisher/kind", "/publisher/name", "/published_at", "/summary"),
        *("/reports/0/quantity", "/reports/0/harm", "/reports/0/target", "/reports/0/targets"),
        *("/reports/0/replacement/type", "/reports/0/replacement/quantity", "/reports/0/geometry"),
        *("/reports/0/origin/name", "/reports/0/origin/key", "/reports/0/depends_on", "/title"),
        *("/reports/0/targets/origin", "/reports/0/occurred/earliest", "/reports/0/name"),
        *("/reports/1/type", "/reports/x/type", "/reports/9999/type", "/", "//", "/kind"),
        *("/reports/0/path", "/reports/0/rationale", "/reports/0/grading/credibility"),
    ]
)
DO = st.sampled_from(
    [
        *("keep", "preview", "add:casualties", "add:nothing", "remove:0", "remove:99", "remove:x"),
        *("discard", "", "post", "add:", ":"),
    ]
)
FORMS = st.builds(
    lambda typed, *held: {**typed, **dict(zip(HELD, held, strict=True))},
    st.dictionaries(PLACES, TEXTS, max_size=7),
    st.sampled_from(sorted(SCHEMAS)),
    DO,
    st.sampled_from(["taji", "taji", "", "nowhere", "A B", "x" * 81]),
    st.sampled_from(["2", "2", "1", "99", "x", "", "-1", "9" * 19]),
)
HELD = ("/reports/0/type", "do", "incident", "version")
UPDATE = "0196c0de-0000-7000-8000-00000000000{}"


def test_whatever_is_sent_is_answered_and_nothing_is_stored_by_the_way(newsroom: Any) -> None:
    browser = newsroom.signed_in("admin")
    token = form_token(browser.client.get_cookie("sitrep").value)

    @settings(max_examples=100, deadline=None, derandomize=True, database=None)
    @given(data=FORMS, number=st.integers(0, 9), then=st.sampled_from(["", "/preview"]))
    def send(data: Any, number: int, then: str) -> None:
        path = f"/desk/drafts/{UPDATE.format(number)}"

        kept = browser.client.post(path, data={**data, "csrf": token})
        shown = browser.client.get(path + then)

        for answer in (kept, shown):
            assert answer.status_code < 500, (data, answer.text)
            assert "<script>" not in answer.text
        assert newsroom.store.feed_end() == before

    before = newsroom.store.feed_end()
    send()


def test_a_very_long_form_is_told_that_it_is(newsroom):
    browser = newsroom.signed_in()

    answer = browser.client.post(
        f"/desk/drafts/{UPDATE.format(1)}", data={"/summary": "x" * (1 << 20)}
    )

    assert answer.status_code == 413
    assert "text/html" in answer.content_type


def test_so_many_drafts_and_no_more(newsroom):
    browser = newsroom.signed_in()
    browser.go("/desk/incidents/taji/update")
    form = browser.form("", "preview")
    statuses = {
        browser.client.post(
            f"/desk/drafts/0196c0de-0000-7000-8000-{number:012}", data=form.fields
        ).status_code
        for number in range(100)
    }

    refused = browser.client.post(form.action, data={**form.fields, "/summary": "one more"})

    assert statuses == {303}
    assert refused.status_code == 422
    assert "100 drafts" in refused.text


def test_a_draft_that_nobody_touched_for_a_month_is_forgotten(newsroom):
    browser = newsroom.signed_in()
    browser.go("/desk/incidents/taji/update")
    browser.type(_summary="Old").press("keep")
    old = browser.path

    newsroom.pass_by(hours=31 * 24)
    other = newsroom.signed_in("editor")
    other.go("/desk/incidents/taji/update")
    other.type(_summary="New").press("keep")

    assert newsroom.signed_in().go(old).status_code == 404


def test_drafts_of_one_update_of_two_people_are_two(newsroom):
    one, other = newsroom.signed_in(), newsroom.signed_in("editor")
    path = f"/desk/drafts/{UPDATE.format(1)}"
    for browser, said in ((one, "mine"), (other, "theirs")):
        browser.go("/desk/incidents/taji/update")
        fields = browser.form("", "preview").fields
        browser.client.post(path, data={**fields, "/summary": said, "do": "keep"})

    assert "mine" in one.go(path).text
    assert "theirs" in other.go(path).text


def test_what_a_script_keeps_late_does_not_bring_back_what_was_posted(newsroom):
    browser = newsroom.signed_in()
    browser.go("/desk/incidents/taji/update?type=casualties")
    form = browser.form("", "preview")
    browser.type(publisher__name="afp", reports__0__harm="injured", reports__0__quantity="3")
    browser.press("preview")
    browser.press("post")

    late = browser.client.post(form.action, data={**form.fields, "do": "keep", "script": "1"})

    assert late.status_code == 204
    assert newsroom.store.drafts("reporter") == []


def test_nothing_is_posted_that_another_merged_away(newsroom):
    newsroom.store.open(new_incident("other"), EDITOR)
    merger = {"type": "merge", "into": "other", "reason": "the same"}
    browser = newsroom.signed_in()
    browser.go("/desk/incidents/taji/update?type=casualties")
    browser.type(publisher__name="afp", reports__0__harm="injured", reports__0__quantity="3")
    browser.press("preview")
    newsroom.store.append("taji", new_update(told("desk", merger)), EDITOR)
    newsroom.tell(told("bbc", killed(1)), "other")

    refused = browser.press("post")

    assert refused.status_code == 422
    assert "merged into other" in refused.text
