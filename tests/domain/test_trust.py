"""What-if: the same record, with some of its voices left out (DOMAIN.md §9)."""

from service.domain.standing import Bounds, Origins, Trust, left_out, standing
from tests.histories import (
    correction,
    killed,
    marking,
    origin,
    recorded,
    retraction,
    situation_of,
    told,
)

ARMY = origin("army", "military")
SOURCES = origin("sources", "official", named=False)
PAPER = origin("paper", "press")

NAMED = Trust(origins=Origins.NAMED)
OFFICIAL = Trust(origins=Origins.OFFICIAL)


def killed_says(events, trust):
    toll = situation_of(events, trust=trust).casualties.killed
    return toll.low, toll.because


def test_what_an_origin_said_is_left_out_whoever_published_it():
    events = recorded(told("afp", killed(9, origin=SOURCES)), told("bbc", killed(3, origin=ARMY)))

    assert killed_says(events, Trust(without_origins=frozenset({"sources"}))) == (3, (3,))


def test_where_only_named_origins_are_heard_an_unnamed_one_is_not():
    events = recorded(told("afp", killed(9, origin=SOURCES)), told("bbc", killed(3, origin=PAPER)))

    assert killed_says(events, NAMED) == (3, (3,))


def test_where_only_officials_are_heard_forces_are_and_papers_are_not():
    events = recorded(told("afp", killed(9, origin=PAPER)), told("bbc", killed(3, origin=ARMY)))

    assert killed_says(events, OFFICIAL) == (3, (3,))


def test_the_desk_corrects_and_retracts_for_whoever_is_heard():
    events = recorded(
        told("afp", killed(30, origin=ARMY), killed(7, origin=origin("ministry"))),
        told("desk", correction(2, killed(3)), retraction(3), kind="desk"),
    )

    for trust in (NAMED, OFFICIAL):
        assert killed_says(events, trust) == (3, (4,))


def test_a_correction_of_an_origin_that_is_not_heard_says_nothing_in_its_place():
    events = recorded(
        told("afp", killed(30, origin=SOURCES)), told("desk", correction(2, killed(3)), kind="desk")
    )

    assert situation_of(events, trust=NAMED).casualties.killed.status == "unreported"


def test_an_answer_names_whom_it_was_asked_to_leave_out_and_who_is_not_heard():
    plain = standing(
        recorded(told("afp", killed(1, origin=SOURCES), killed(2, origin=ARMY), killed(3)))
    )
    trust = Trust(
        origins=Origins.NAMED,
        without_origins=frozenset({"army"}),
        without_publishers=frozenset({"bbc"}),
    )

    assert left_out(trust, plain) == ("origin:army", "origin:sources", "publisher:bbc")
    assert left_out(OFFICIAL, plain) == ("origin:afp",)


WITHHELD = Bounds(withheld=frozenset({2}))


def test_that_something_is_marked_may_be_known_where_it_is_withheld():
    events = recorded(
        told("afp", killed(3)), told("desk", marking(2, audience="desk"), kind="desk")
    )

    held = situation_of(events, WITHHELD)

    assert [one.by for one in held.markings] == [3]
    assert held.casualties.killed.status == "unreported"


def test_no_other_act_on_what_is_withheld_is_told():
    events = recorded(told("afp", killed(3)), told("bbc", {"type": "dispute", "target": 2}))

    assert situation_of(events, WITHHELD).disputed == ()
