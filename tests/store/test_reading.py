"""Reading the record: moments between two updates, pages, the feed."""

import json

import pytest

from service.domain.moments import read_instant
from service.domain.standing import EVERYBODY, Bounds, Origins
from service.errors import Malformed, NotFound
from service.store.answers import Question
from service.store.index import standing_at
from tests.histories import EDITOR, killed, new_incident, new_update, retraction, told


@pytest.fixture
def moments(store):
    """Three updates and when each was recorded."""
    receipts = [store.open(new_incident("taji"), EDITOR).receipt]
    for number in (1, 2, 3):
        update = new_update(told("afp", killed(number), at_hour=12 + number))
        receipts.append(store.append("taji", update, EDITOR).receipt)
    return [read_instant(receipt.recorded_at) for receipt in receipts]


def low(answer):
    return json.loads(answer.body)["casualties"]["killed"]["low"]


def test_any_microsecond_between_two_updates_shows_exactly_the_earlier_one(store, moments):
    _, first, second, third = moments

    for asked_us, expected in [
        (first, 1),
        (second - 1, 1),
        (second, 2),
        (third - 1, 2),
        (third, 3),
    ]:
        answer = store.situation("taji", Question(as_of_us=asked_us))
        assert low(answer) == expected
        assert answer.immutable


def test_published_until_shows_what_the_world_had_though_all_was_recorded_today(store, moments):
    until_us = read_instant("2020-03-11T14:30:00Z")

    answer = store.situation("taji", Question(published_until_us=until_us))

    assert low(answer) == 2
    assert not answer.immutable


def test_both_clocks_combine(store, moments):
    until_us = read_instant("2020-03-11T23:00:00Z")

    answer = store.situation("taji", Question(as_of_us=moments[1], published_until_us=until_us))

    assert low(answer) == 1


def test_before_the_opening_there_is_nothing(store, moments):
    with pytest.raises(NotFound, match="opened later"):
        store.situation("taji", Question(as_of_us=moments[0] - 1))


def test_an_incident_is_named_even_before_anything_was_published(store, moments):
    answer = store.situation("taji", Question(published_until_us=0))

    held = json.loads(answer.body)
    assert (held["title"], held["casualties"]["killed"]["status"]) == ("A story", "unreported")


def test_the_future_is_refused(store, moments):
    with pytest.raises(Malformed, match="future"):
        store.situation("taji", Question(as_of_us=2**52 + 2**50))


def test_a_version_pins_the_record_for_ever(store, moments):
    pinned = store.situation("taji", Question(version=3))
    store.append("taji", new_update(told("afp", killed(9), at_hour=20)), EDITOR)

    assert store.situation("taji", Question(version=3)).body == pinned.body
    assert (low(pinned), pinned.immutable) == (2, True)
    with pytest.raises(NotFound, match="no version 9"):
        store.situation("taji", Question(version=9))


def test_updates_are_told_newest_first_in_pages(store, moments):
    first = store.updates("taji", cursor=None, limit=3, ascending=False)
    second = store.updates("taji", cursor=first.next, limit=3, ascending=False)

    assert [update.version for update in first.updates] == [4, 3, 2]
    assert ([update.version for update in second.updates], second.next) == ([1], None)
    assert store.update("taji", first.updates[0].update_id) == first.updates[0]


def test_updates_are_told_oldest_first_on_request(store, moments):
    first = store.updates("taji", cursor=None, limit=3, ascending=True)
    second = store.updates("taji", cursor=first.next, limit=3, ascending=True)

    assert [update.version for update in (*first.updates, *second.updates)] == [1, 2, 3, 4]


def test_an_update_keeps_its_summary_and_its_publication_as_given(store):
    update = {**told("afp", killed(2)), "published_at": "2020-03-11", "summary": "Two dead."}
    store.open(new_incident("taji"), EDITOR)
    receipt = store.append("taji", new_update(update), EDITOR).receipt

    told_update = store.update("taji", receipt.update_id)

    assert (told_update.summary, told_update.published) == ("Two dead.", "2020-03-11")
    assert told_update.published_at == "2020-03-11T23:59:59.999999Z"


def test_a_person_is_withheld_until_the_next_of_kin_are_informed(store):
    store.open(new_incident("taji"), EDITOR)
    named = {"type": "person", "name": "A Name"}
    informed = {"type": "person", "name": "Another Name", "next_of_kin_informed": True}
    store.append("taji", new_update(told("a", named, informed)), EDITOR)

    reports = [
        event.report for event in store.events("taji", after_version=1, types=(), limit=9).events
    ]

    assert reports[0] is None
    assert b"Another Name" in bytes(reports[1])
    assert b"Another Name" in store.now("taji").body
    assert b"A Name" not in store.now("taji").body


def test_events_are_told_after_a_version_and_by_type(store, moments):
    page = store.events("taji", after_version=1, types=("casualties_reported",), limit=2)
    rest = store.events("taji", after_version=int(page.next), types=(), limit=2)

    assert [event.version for event in page.events] == [2, 3]
    assert ([event.version for event in rest.events], rest.next) == ([4], None)


def test_the_feed_can_be_filtered_and_always_says_where_to_go_on(store, moments):
    store.open(new_incident("other", killed(7)), EDITOR)

    page = store.feed(after=None, types=("casualties_reported",), incident="other", limit=10)
    nothing = store.feed(after=page.cursor, types=(), incident=None, limit=10)

    assert [(event.incident, event.position) for event in page.events] == [("other", 6)]
    assert (page.cursor, nothing.events, nothing.cursor) == ("6", (), "6")


def test_a_feed_page_goes_on_where_the_last_one_ended(store, moments):
    seen, cursor = [], "0"
    while cursor is not None:
        page = store.feed(after=cursor, types=(), incident=None, limit=1)
        seen += [event.position for event in page.events]
        cursor = page.next

    assert seen == [1, 2, 3, 4]


@pytest.mark.parametrize("cursor", ["x", "-", "1.5", "é", "99999999999999999999"])
def test_a_cursor_that_was_never_given_out_is_malformed(store, moments, cursor):
    with pytest.raises(Malformed):
        store.feed(after=cursor, types=(), incident=None, limit=10)
    with pytest.raises(Malformed):
        store.updates("taji", cursor=cursor, limit=10, ascending=False)
    with pytest.raises(Malformed):
        store.incidents(cursor=cursor, limit=10)


def test_incidents_are_listed_newest_first_in_stable_pages(store):
    for number in range(5):
        store.open(new_incident(f"story-{number}", killed(number)), EDITOR)

    first = store.incidents(cursor=None, limit=2)
    store.open(new_incident("story-9"), EDITOR)
    second = store.incidents(cursor=first.next, limit=3)

    assert [told.incident for told in first.incidents] == ["story-4", "story-3"]
    assert [told.incident for told in second.incidents] == ["story-2", "story-1", "story-0"]
    assert second.incidents[0].killed == {
        "low": 2,
        "high": 2,
        "best": None,
        "status": "single_origin",
    }
    assert second.next is None


@pytest.mark.parametrize("ask", ["now", "events", "updates", "situation"])
def test_what_is_not_there_is_not_found(store, ask):
    asked = {
        "now": lambda: store.now("nowhere"),
        "events": lambda: store.events("nowhere", after_version=0, types=(), limit=1),
        "updates": lambda: store.updates("nowhere", cursor=None, limit=1, ascending=True),
        "situation": lambda: store.situation("nowhere", Question(version=1)),
    }

    with pytest.raises(NotFound):
        asked[ask]()


def test_an_answer_from_officials_alone_names_whoever_else_stands(store, moments):
    army = {"key": "army", "kind": "military"}
    store.append("taji", new_update(told("bbc", killed(5, origin=army), at_hour=16)), EDITOR)

    official = store.situation("taji", Question(origins=Origins.OFFICIAL))
    before = store.situation("taji", Question(origins=Origins.OFFICIAL, as_of_us=moments[0]))
    without = store.situation("taji", Question(without_origins=("army", "bbc", "army")))

    assert (low(official), json.loads(official.body)["left_out"]) == (5, ["origin:afp"])
    assert json.loads(before.body)["left_out"] == []
    assert (low(without), json.loads(without.body)["left_out"]) == (
        3,
        ["origin:army", "origin:bbc"],
    )


def test_an_orphaned_report_says_so_however_long_the_way_to_what_was_retracted(store, moments):
    paper = {"type": "evidence", "url": "https://example.org/a", "key": "paper"}
    chain = [
        {"type": "context", "paraphrase": "told", "key": f"c{number}", "depends_on": [on]}
        for number, on in enumerate(["paper", "c0", "c1", "c2"])
    ]
    store.append("taji", new_update(told("afp", paper, *chain, at_hour=16)), EDITOR)
    store.append("taji", new_update(told("bbc", killed(8, depends_on=[9]), at_hour=17)), EDITOR)
    store.append("taji", new_update(told("desk", retraction(5), at_hour=18)), EDITOR)

    assert lost(store, version=11) == [(5, 11)]
    assert lost(store, version=10) == []


def lost(store, *, version):
    """What the report of event 10 lost, at a version of the record."""
    with store._reading() as connection:
        found = standing_at(connection, 0, "taji", Bounds(version=version), EVERYBODY)
    (held,) = [held for held in found if held.version == 10]
    return [(one.target, one.by) for one in held.lost]
