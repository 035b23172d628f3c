"""A follower of the record: what it reads and what it takes is everything, once."""

import pytest

from service.errors import Malformed
from service.store.answers import encode
from service.store.following import Missed, OfAll, OfIncident, Told
from service.store.lanes import lane_of
from tests.histories import EDITOR, killed, new_incident, new_update, told

INCIDENTS = ("fire", "flood", "quake", "storm")


@pytest.fixture(params=[1, 16])
def lanes(request):
    return request.param


@pytest.fixture
def store(database, open_store):
    opened = open_store(database)
    for name in INCIDENTS:
        opened.open(new_incident(name, killed(1)), EDITOR)
    return opened


def events(store):
    return store.feed(after=None, types=(), incident=None, limit=1000).events


def just_recorded(store, event):
    return Told(lane_of(event.incident, store.lanes), event, encode(event))


def read_whole(follower, store):
    found, more = follower.read_on(store)
    assert not more
    return [one.data for one in found]


def test_what_was_read_is_not_taken_again(store):
    follower = OfAll("0", store.lanes)
    read = read_whole(follower, store)

    assert read == [encode(event) for event in events(store)]
    assert all(follower.take(just_recorded(store, event)) is None for event in events(store))


def test_what_comes_next_is_taken_with_the_cursor_after_it(store):
    follower = OfAll(store.feed_end(), store.lanes)
    store.append("flood", new_update(told("afp", killed(2), killed(3))), EDITOR)
    new = events(store)[-2:]

    taken = [follower.take(just_recorded(store, event)) for event in new]

    assert [one.data for one in taken] == [encode(event) for event in new]
    after_first = store.feed(after=taken[0].id, types=(), incident=None, limit=10)
    assert after_first.events == new[1:]
    assert taken[1].id == store.feed_end()


def test_a_gap_is_noticed_and_filled_from_the_store(store):
    follower = OfAll(store.feed_end(), store.lanes)
    for number in (2, 3):
        store.append("fire", new_update(told("afp", killed(number))), EDITOR)
    first, second = events(store)[-2:]

    with pytest.raises(Missed):
        follower.take(just_recorded(store, second))

    assert read_whole(follower, store) == [encode(first), encode(second)]


def test_what_is_not_wanted_leaves_no_gap(store):
    wants = {"types": ("casualties_reported",), "incident": "fire"}
    follower = OfAll("0", store.lanes, **wants)
    read = read_whole(follower, store)
    for name in INCIDENTS:
        store.append(name, new_update(told("afp", {"type": "title", "title": name})), EDITOR)
        store.append(name, new_update(told("afp", killed(5))), EDITOR)

    recent = events(store)[-2 * len(INCIDENTS) :]
    taken = [follower.take(just_recorded(store, event)) for event in recent]

    of_fire = [one for one in events(store) if one.incident == "fire" and "casual" in one.type]
    assert read + [one.data for one in taken if one] == [encode(event) for event in of_fire]


def test_one_incident_is_followed_by_its_versions(store):
    follower = OfIncident("flood", "1", types=("casualties_reported",))
    read = read_whole(follower, store)
    store.append("flood", new_update(told("afp", {"type": "title", "title": "Flood"})), EDITOR)
    store.append("fire", new_update(told("afp", killed(7))), EDITOR)
    store.append("flood", new_update(told("afp", killed(8))), EDITOR)
    fire, *flood = sorted(events(store)[-3:], key=lambda event: event.incident)

    taken = [follower.take(just_recorded(store, event)) for event in (*flood, fire)]

    assert len(read) == 1
    assert [one.id for one in taken if one] == ["4"]
    with pytest.raises(Missed):
        OfIncident("flood", "2").take(just_recorded(store, flood[1]))


@pytest.mark.parametrize("after", ["", "-1", "x", "1.5", "1" * 19])
def test_an_incident_is_followed_after_a_version_alone(after):
    with pytest.raises(Malformed):
        OfIncident("fire", after)
