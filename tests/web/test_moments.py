"""One incident at any moment, on either clock, and the way from one moment to the next."""

from tests.histories import EDITOR, at, injured, killed, new_update, told
from tests.web.reading import words_of

TAJI = "/incidents/taji"


def test_a_version_shows_the_situation_as_it_had_been_recorded(reader, tell):
    tell("taji", told("a", killed(1)), told("b", killed(4), at_hour=13), told("c", injured(2)))

    page = reader.get(f"{TAJI}?version=3")
    words = words_of(page)

    assert "as we had recorded it at version 3" in words
    assert "Injured none reported" in words
    assert f'rel="prev" href="{TAJI}?version=2"' in page.text
    assert f'rel="next" href="{TAJI}?version=4"' in page.text
    assert f'<li><a href="{TAJI}">Now</a></li>' in page.text


def test_steps_in_time_go_from_update_to_update(reader, tell):
    tell("taji", told("a", killed(1), injured(1)), told("b", killed(4), injured(4)))

    inside = reader.get(f"{TAJI}?version=2").text
    last = reader.get(f"{TAJI}?version=5").text

    assert f'rel="prev" href="{TAJI}?version=1"' in inside
    assert f'rel="next" href="{TAJI}?version=3"' in inside
    assert f'rel="prev" href="{TAJI}?version=3"' in last
    assert 'rel="next"' not in last


def test_a_time_shows_what_the_world_had_published_by_then(reader, tell):
    tell("taji", told("late", killed(9), at_hour=20), told("backfilled", killed(1), at_hour=14))

    page = reader.get(f"{TAJI}?published_until=2020-03-11T15:00:00Z")
    words = words_of(page)

    assert "as the world had published it by 11 March 2020, 15:00 UTC" in words
    assert "Killed 1" in words
    assert "late" not in words
    assert f'rel="next" href="{TAJI}?published_until={at(20)}"' in page.text
    assert f'rel="prev" href="{TAJI}?published_until={at(0)}"' in page.text


def test_a_reader_can_ask_what_was_known_at_a_time(reader, tell, store):
    tell("taji", told("a", killed(1)))
    then = store.updates("taji", cursor=None, limit=1, ascending=False).updates[0].recorded_at
    store.append("taji", new_update(told("b", injured(2))), EDITOR)

    page = reader.get(f"{TAJI}?as_of={then}")

    assert "as we had recorded it by" in words_of(page)
    assert "Injured none reported" in words_of(page)
    assert f'rel="next" href="{TAJI}?version=3"' in page.text


def test_a_left_out_publisher_stays_left_out_from_step_to_step(reader, tell):
    tell("taji", told("gossip", killed(40)), told("afp", killed(2)), told("ap", killed(2)))

    page = reader.get(f"{TAJI}?version=3&without_publisher=gossip")
    words = words_of(page)

    assert "without what gossip published" in words
    assert words.count("gossip") == 1
    assert f'rel="prev" href="{TAJI}?version=1&amp;without_publisher=gossip"' in page.text
    assert f'rel="next" href="{TAJI}?version=4&amp;without_publisher=gossip"' in page.text


def test_each_update_can_be_seen_on_both_clocks(reader, tell):
    tell("taji", {**told("afp", killed(2), at_hour=14), "summary": "Two are dead."})

    page = reader.get(TAJI)

    assert "Two are dead. Published 11 March 2020, 14:00 UTC, recorded" in words_of(page)
    assert f'href="{TAJI}?version=2">as we had recorded it' in page.text
    assert 'published_until=2020-03-11T14:00:00.000000Z">as the world had published it' in page.text


def test_a_page_that_can_never_change_says_so(reader, tell):
    tell("taji", told("a", killed(1)), told("b", killed(2)))

    caching = {
        query: reader.get(f"{TAJI}{query}").headers["Cache-Control"]
        for query in ("", "?version=2", "?version=3", "?published_until=2020-03-11T15:00:00Z")
    }

    assert caching == {
        "": "no-cache",
        "?version=2": "public, max-age=31536000, immutable",
        "?version=3": "no-cache",  # its later update is still to come
        "?published_until=2020-03-11T15:00:00Z": "no-cache",
    }


def test_an_unchanged_page_is_not_sent_again(reader, tell, store):
    tell("taji", told("a", killed(1)))
    tag = reader.get(TAJI).headers["ETag"]

    unchanged = reader.get(TAJI, headers={"If-None-Match": tag})
    store.append("taji", new_update(told("b", killed(2))), EDITOR)
    changed = reader.get(TAJI, headers={"If-None-Match": tag})

    assert (unchanged.status_code, unchanged.text) == (304, "")
    assert changed.status_code == 200
