"""One incident along its story: pieces of its page, its timeline, what changed since when."""

import re

from service.domain.update import Writer
from tests.histories import (
    at,
    correction,
    injured,
    killed,
    marking,
    new_update,
    retraction,
    settled,
    told,
)
from tests.web.reading import words_of

TAJI = "/incidents/taji"
FOR_EVER = "public, max-age=31536000, immutable"


def test_a_piece_of_a_moment_is_what_the_page_shows_then(reader, tell):
    tell("taji", told("a", killed(1)), told("b", killed(4), at_hour=13), told("c", injured(2)))

    page = reader.get(f"{TAJI}?version=3")
    piece = reader.get(f"{TAJI}/situation?version=3")
    title, *parts = re.split('<div data-part="[a-z]+">', piece.text)

    assert title.strip() in page.text
    assert len(parts) == 3
    assert all(part.strip() in page.text for part in parts)
    assert "as we had recorded it at version 3" in words_of(piece)
    assert piece.headers["Cache-Control"] == FOR_EVER


def test_a_publication_inside_a_version_never_changes_and_goes_along_that_clock(reader, tell):
    tell("taji", told("a", killed(1), at_hour=14), told("late", killed(9), at_hour=20))

    first = reader.get(f"{TAJI}?version=3&published_until=2020-03-11T14:00:00Z")
    last = reader.get(f"{TAJI}?version=3&published_until={at(20)}")

    assert first.headers["Cache-Control"] == last.headers["Cache-Control"] == FOR_EVER
    assert f'rel="next" href="{TAJI}?version=3&amp;published_until={at(20)}"' in first.text
    assert f'rel="prev" href="{TAJI}?version=3&amp;published_until={at(14)}"' in last.text
    assert 'rel="next"' not in last.text


def test_the_timeline_has_every_update_on_both_clocks_and_marks_what_it_did(reader, tell):
    tell(
        "taji",
        told("afp", killed(2), at_hour=14),
        told("afp", correction(2, killed(3)), at_hour=16),
        told("desk", retraction(2), settled(3), kind="desk", at_hour=15),
    )

    told_on = reader.get(f"{TAJI}/timeline").json
    stops = told_on["timeline"]["stops"]

    assert [stop["version"] for stop in stops] == [1, 2, 3, 5]
    assert [stop["published_at"] for stop in stops[1:]] == [at(14), at(16), at(15)]
    assert [stop["recorded_at"] for stop in stops] == sorted(s["recorded_at"] for s in stops)
    assert [stop["acts"] for stop in stops] == [
        [],
        [],
        ["correction"],
        ["retraction", "adjudication"],
    ]
    assert told_on["timeline"]["earlier"] is False
    assert told_on["names"].keys() == {stop["publisher"] for stop in stops}


def test_what_changed_since_a_version_is_told_and_marked(reader, tell):
    tell("taji", told("a", killed(1)), told("b", injured(2)))

    page = reader.get(f"{TAJI}?since=2")
    words = words_of(page)

    assert "What changed since version 2" in words
    assert "Injured: none reported → 2. [3]" in words
    assert "Injured changed 2" in words
    assert "Killed changed" not in words


def test_what_changed_since_a_publication_goes_along_publication(reader, tell):
    tell("taji", told("late", killed(9), at_hour=20), told("early", killed(1), at_hour=14))

    words = words_of(reader.get(f"{TAJI}?since={at(15)}"))

    assert "What changed since 11 March 2020, 15:00 UTC" in words
    assert "Killed: 1 → 9" in words


def test_a_later_point_to_compare_with_is_called_later(reader, tell):
    tell("taji", told("a", killed(1)), told("b", killed(2)))

    words = words_of(reader.get(f"{TAJI}?version=2&since=3"))

    assert "What changed afterwards, by version 3" in words
    assert "Killed: 1 →" in words


def test_where_nothing_changed_that_is_said(reader, tell):
    tell("taji", told("a", killed(1)), told("b", killed(1)))

    assert "Nothing that the situation tells." in words_of(reader.get(f"{TAJI}?since=3"))


def test_a_page_shows_the_updates_of_its_own_moment_however_far_back(reader, tell):
    tell("taji", *(told(f"paper-{number}", killed(number)) for number in range(1, 41)))

    words = words_of(reader.get(f"{TAJI}?version=3"))

    assert "paper-2" in words
    assert "paper-3" not in words


def test_a_report_that_is_withheld_or_erased_has_no_words(reader, tell, store):
    tell(
        "taji",
        told("afp", {**killed(1234567), "phrase": "a secret"}),
        told("afp", {**killed(7654321), "phrase": "a mother"}),
        told("desk", marking(2, audience="desk")),
    )
    erasure = told("desk", {"type": "erasure", "targets": [3]}, kind="desk")
    store.append("taji", new_update(erasure), Writer(name="ada", role="admin"))

    withheld, erased = (reader.get(f"{TAJI}/reports/{version}") for version in (2, 3))

    assert "Erased or withheld" in words_of(withheld)
    assert "Erased or withheld" in words_of(erased)
    assert not any(word in withheld.text for word in ("1234567", "a secret"))
    assert not any(word in erased.text for word in ("7654321", "a mother"))


def test_an_update_shows_all_its_reports_and_what_became_of_each(reader, tell):
    tell(
        "taji",
        told("afp", killed(2, phrase="two dead"), injured(12)),
        told("afp", correction(2, killed(3), note="a slip")),
        told("desk", retraction(3)),
    )

    words = words_of(reader.get(f"{TAJI}/reports/3"))

    assert "Killed: 2 event 2 two dead corrected [4]: a slip" in words
    assert "Injured: 12 event 3" in words
    assert "retracted [5]" in words


def test_why_tells_what_fell_too_and_keeps_the_moment(reader, tell):
    tell("taji", told("afp", killed(2)), told("afp", killed(3)), told("afp", killed(4)))

    page = reader.get(f"{TAJI}/why?path=casualties.killed&version=3")
    words = words_of(page)

    assert "Killed: 3" in words
    assert "Killed: 2 [2] afp" in words
    assert "superseded by a later report of the same origin [3]" in words
    assert "Killed: 4" not in words
    assert f'href="{TAJI}?version=3"' in page.text
    assert page.headers["Cache-Control"] == FOR_EVER
