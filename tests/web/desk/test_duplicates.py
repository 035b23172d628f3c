"""What may have been told before is shown before anything is posted; a person decides."""

from tests.histories import EDITOR, injured, killed, marking, new_update, origin, told
from tests.web.reading import words_of

URL = "https://example.org/a"


def preview(newsroom, quantity, role="reporter", **more):
    """Of a count of killed people, afp's where nobody else is named."""
    browser = newsroom.signed_in(role)
    browser.go("/desk/incidents/taji/update?type=casualties")
    fields = {"publisher__name": "afp", "reports__0__harm": "killed", **more}
    browser.type(reports__0__quantity=quantity, **fields)
    return browser.press("preview")


def test_the_same_count_of_the_same_source_may_be_one(newsroom):
    for quantity in ("2", "at least 2", "2 to 9"):
        shown = preview(newsroom, quantity)

        words = words_of(shown)
        assert "afp: Killed: at least 2 event 2 the same source on the same thing" in words
        assert "/incidents/taji/reports/2" in shown.text
        assert "Post all the same" in shown.text


OTHERS = [
    ("5", {}),
    ("2", {"reports__0__harm": "injured"}),
    ("2", {"publisher__name": "bbc", "publisher__kind": "press"}),
    ("2", {"reports__0__group__nationality": "US"}),
    ("2", {"reports__0__origin__name": "Ministry", "reports__0__origin__kind": "official"}),
]


def test_what_is_told_of_something_else_is_no_duplicate(newsroom):
    for quantity, more in OTHERS:
        shown = preview(newsroom, quantity, **more)

        assert shown.status_code == 200
        assert "Perhaps told before" not in shown.text, more


def test_counts_within_a_tenth_may_be_one(newsroom):
    newsroom.tell(told("bbc", injured(100)))

    def seen(quantity):
        more = {"publisher__name": "bbc", "reports__0__harm": "injured"}
        return "Perhaps told before" in preview(newsroom, quantity, **more).text

    assert (seen("110"), seen("120"), seen("91"), seen("80")) == (True, False, True, False)


def test_another_publisher_that_passes_on_one_origin_tells_the_same(newsroom):
    newsroom.tell(told("bbc", killed(7, origin={**origin("moh"), "name": "Ministry"})))

    shown = preview(
        newsroom, "7", publisher__name="cnn", publisher__kind="press",
        reports__0__origin__name="Ministry",
    )  # fmt: skip

    assert "bbc: Killed: 7 event 3" in words_of(shown)


def test_one_page_is_read_once(newsroom):
    update = told("bbc", injured(7))
    update["publisher"]["url"] = URL
    newsroom.tell(update)

    shown = preview(newsroom, "40", publisher__name="bbc", publisher__url=URL)

    assert "bbc: Injured: 7 event 3 the same page" in words_of(shown)


def test_one_publisher_says_little_twice_at_one_moment(newsroom):
    shown = preview(newsroom, "40", _published_at="2020-03-11T12:00:00Z")

    assert "the same publisher at the same moment" in words_of(shown)


def test_the_desk_is_told_of_what_the_public_does_not_see(newsroom):
    newsroom.tell(told("bbc", killed(41)))
    newsroom.store.append("taji", new_update(told("desk", marking(3, audience="desk"))), EDITOR)

    shown = preview(newsroom, "41", publisher__name="bbc", publisher__kind="press")

    assert "bbc: Killed: 41" in words_of(shown)
