"""DOMAIN.md §10.4: a reader of the feed misses no event and sees none twice."""

from collections import Counter
from threading import Event

import pytest

from tests.conformance.site import WRITERS, in_order, killed, together

EACH = 6


@pytest.fixture
def stories(site):
    return [site.open_story() for _ in range(4)]


def test_a_reader_who_tails_the_feed_sees_what_was_acknowledged_once(site, stories):
    start, done = site.end_of_feed(), Event()

    def tail():
        seen, cursor = [], start
        while True:
            finished = done.is_set()
            for page in site.feed_pages(cursor, limit=7):
                seen += page["events"]
                cursor = page["cursor"]
            if finished:
                return seen

    def write(number):
        return [
            stories[(number + n) % len(stories)].tell(killed(str(n)), killed(str(n)))
            for n in range(EACH)
        ]

    def work(number):
        if number == WRITERS:
            return tail()
        try:
            return write(number)
        finally:
            gone.append(number)
            if len(gone) == WRITERS:
                done.set()

    gone = []
    *written, seen = together(work, WRITERS + 1)

    acknowledged = [
        event["event_id"] for told in written for receipt in told for event in receipt["events"]
    ]
    names = {story.name for story in stories}
    mine = [event for event in seen if event["incident"] in names]
    assert Counter(event["event_id"] for event in mine) == Counter(acknowledged)
    assert len(acknowledged) == WRITERS * EACH * 2
    for story in stories:
        told = [event for event in mine if event["incident"] == story.name]
        assert [event["version"] for event in told] == list(range(2, len(told) + 2))
        assert in_order([event["position"] for event in told])


def test_however_the_feed_is_paged_it_says_the_same(site, stories):
    start = site.end_of_feed()
    for number in range(3 * len(stories)):
        stories[number % len(stories)].tell(killed(str(number)), killed("1"))
    names = {story.name for story in stories}

    told = [
        [event for event in site.feed(start, limit=limit) if event["incident"] in names]
        for limit in (1, 5, 1000, 1000)
    ]

    assert len(told[0]) == 6 * len(stories)
    assert told[0] == told[1] == told[2] == told[3]
    assert in_order([event["recorded_at"] for event in told[0][::2]])
    for story in stories:
        of_story = [event for event in told[0] if event["incident"] == story.name]
        assert site.feed(start, incident=story.name) == of_story


def test_positions_have_neither_gap_nor_twin(site, stories):
    together(lambda number: stories[number % len(stories)].tell(killed("1"), killed("2")))

    places = Counter(event["position"] for event in site.feed("0"))

    assert sorted(places) == list(range(1, len(places) + 1))
    assert all(places[place] >= places[place + 1] for place in places)
    if site.lanes is not None:
        assert max(places.values()) <= site.lanes
