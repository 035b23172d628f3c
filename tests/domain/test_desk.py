"""Lifecycle and editorial acts as the situation shows them (DOMAIN.md §2, §3)."""

from service.domain.moments import read_moment
from service.domain.standing import Bounds, Trust
from tests.histories import (
    at,
    correction,
    injured,
    killed,
    recorded,
    retraction,
    situation_of,
    told,
)


def test_the_latest_title_and_status_hold():
    held = situation_of(
        recorded(
            told("desk", {"type": "title", "title": "Rockets on Camp Taji"}, at_hour=13),
            told("desk", {"type": "status", "status": "stable"}, at_hour=14),
        )
    )

    assert (held.title, held.status) == ("Rockets on Camp Taji", "stable")


def test_a_link_that_was_taken_back_is_gone():
    link = {"to": "another-story", "relation": "follows"}
    story = [told("desk", {"type": "link", **link}, at_hour=13)]

    linked = situation_of(recorded(*story))
    unlinked = situation_of(recorded(*story, told("desk", {"type": "unlink", **link}, at_hour=14)))

    assert [held.to for held in linked.links] == ["another-story"]
    assert unlinked.links == ()


def test_corrections_retractions_and_remarks_are_listed_with_their_targets():
    held = situation_of(
        recorded(
            told("afp", killed(30), killed(2, group={"nationality": "US"})),
            told("desk", correction(2, killed(3), note="a typing error")),
            told("dod", {"type": "dispute", "target": 3, "grounds": "both were British"}),
            told("desk", retraction(3)),
        )
    )

    assert [(act.target, act.by, act.note) for act in held.corrections] == [
        (2, 4, "a typing error")
    ]
    assert [(act.target, act.by, act.origin) for act in held.disputed] == [(3, 5, "dod")]
    assert [(act.targets, act.by) for act in held.retractions] == [((3,), 6)]


def test_editorial_acts_hold_on_the_published_clock_from_their_own_time_too():
    events = recorded(
        told("afp", killed(30), at_hour=17), told("desk", correction(2, killed(3)), at_hour=19)
    )

    before = situation_of(events, Bounds(published_us=read_moment(at(18.9)))).casualties.killed
    after = situation_of(events, Bounds(published_us=read_moment(at(19)))).casualties.killed

    assert (before.low, after.low) == (30, 3)


def test_leaving_out_a_publisher_leaves_out_its_retractions_as_well():
    events = recorded(told("afp", killed(30)), told("rival", retraction(2)))

    held = situation_of(events, trust=Trust(without_publishers=frozenset({"rival"})))

    assert held.casualties.killed.low == 30


def test_a_publisher_keeps_the_name_that_a_later_update_leaves_unsaid():
    first, second = told("bbc", killed(1), at_hour=13), told("bbc", killed(2), at_hour=14)
    first["publisher"] |= {"name": "BBC News", "url": "https://www.bbc.com"}
    other = told("afp", killed("3+", group={"nationality": "US"}))
    first["reports"].append(killed(1, group={"nationality": "US"}))

    held = situation_of(recorded(first, second, other))

    assert [(one.key, one.name, one.url) for one in held.publishers] == [
        ("afp", None, None),
        ("bbc", "BBC News", "https://www.bbc.com"),
    ]


def test_a_publisher_has_the_name_that_it_gave_last():
    first, second = told("bbc", killed(1), at_hour=13), told("bbc", injured(2), at_hour=14)
    first["publisher"]["name"], second["publisher"]["name"] = "BBC", "BBC News"

    (bbc,) = situation_of(recorded(first, second)).publishers

    assert bbc.name == "BBC News"
