"""What stood on a retracted report stands on, and says what it lost (DOMAIN.md §8, §9)."""

from service.domain.moments import read_moment
from service.domain.standing import EVERYBODY, UNBOUNDED, Bounds, Trust, standing
from tests.histories import (
    at,
    correction,
    injured,
    killed,
    origin,
    recorded,
    response,
    retraction,
    situation_of,
    told,
)

WITHOUT_ARMY = Trust(without_origins=frozenset({"army"}))
ARMY = origin("army", "military")


def everything_of(source):
    return {"type": "retraction", "targets": {**source, "since": at(1)}}


def lost_by(version, events, bounds=UNBOUNDED, trust=EVERYBODY):
    """The targets and the retractions that a standing report has lost."""
    (held,) = [held for held in standing(events, bounds, trust) if held.version == version]
    return [(lost.target, lost.by) for lost in held.lost]


def test_a_report_that_stood_on_a_retracted_one_is_orphaned_and_goes_on_counting():
    events = recorded(
        told("afp", injured(5)), told("bbc", killed(2, depends_on=[2])), told("desk", retraction(2))
    )

    assert lost_by(3, events) == [(2, 4)]
    assert situation_of(events).casualties.killed.low == 2


def test_it_is_orphaned_through_others_too_though_they_no_longer_stand():
    events = recorded(
        told("afp", injured(5), at_hour=10),
        told("bbc", killed(1, depends_on=[2]), at_hour=11),
        told("cnn", response("announced", "reported", depends_on=[3]), at_hour=12),
        told("bbc", killed(4), at_hour=13),
        told("desk", retraction(2), at_hour=14),
    )

    assert 3 not in {held.version for held in standing(events)}
    assert lost_by(4, events) == [(2, 6)]


def test_through_a_report_that_tells_but_stands_for_nothing():
    paper = {"type": "evidence", "url": "https://example.org/a", "key": "paper"}
    events = recorded(
        told("afp", paper, killed(2, depends_on=["paper"])), told("desk", retraction(2))
    )

    assert lost_by(3, events) == [(2, 4)]


def test_it_is_orphaned_from_the_retractions_own_time_on():
    events = recorded(
        told("afp", injured(5), at_hour=10),
        told("bbc", killed(2, depends_on=[2]), at_hour=11),
        told("desk", retraction(2), at_hour=13),
    )

    assert lost_by(3, events, Bounds(published_us=read_moment(at(12)))) == []
    assert lost_by(3, events, Bounds(version=3)) == []


def test_of_two_retractions_the_first_published_is_named():
    events = recorded(
        told("afp", injured(5), at_hour=10),
        told("bbc", killed(2, depends_on=[2]), at_hour=11),
        told("desk", retraction(2), at_hour=15),
        told("desk", everything_of({"publisher": "afp"}), at_hour=14),
    )

    assert lost_by(3, events) == [(2, 5)]


def test_a_correction_orphans_nothing():
    events = recorded(
        told("afp", injured(5)),
        told("bbc", killed(2, depends_on=[2])),
        told("desk", correction(2, injured(6))),
    )

    assert lost_by(3, events) == []


def test_what_stands_on_a_correction_is_orphaned_when_that_is_retracted():
    events = recorded(
        told("afp", injured(5)),
        told("desk", correction(2, injured(6))),
        told("bbc", killed(2, depends_on=[3])),
        told("desk", retraction(3)),
    )

    assert lost_by(4, events) == [(3, 5)]


def test_a_corrected_report_stands_on_what_it_stood_on_before():
    events = recorded(
        told("afp", injured(5)),
        told("bbc", killed(20, depends_on=[2])),
        told("desk", correction(3, killed(2)), retraction(2)),
    )

    (held,) = [held for held in standing(events) if held.root == 3]
    assert [(lost.target, lost.by) for lost in held.lost] == [(2, 5)]


def test_leaving_an_origin_out_orphans_nothing():
    events = recorded(
        told("afp", injured(5, origin=ARMY)),
        told("bbc", killed(2, depends_on=[2])),
        told("desk", retraction(2)),
    )

    assert lost_by(3, events, trust=WITHOUT_ARMY) == []


def test_reports_that_stand_on_one_another_are_told_apart_from_what_they_lost():
    events = recorded(
        told(
            "afp",
            injured(5, key="one", depends_on=["two", "base"]),
            killed(2, key="two", depends_on=["one"]),
            {"type": "context", "paraphrase": "before", "key": "base"},
        ),
        told("desk", retraction(4)),
    )

    assert lost_by(2, events) == lost_by(3, events) == [(4, 5)]


def test_acts_on_reports_that_a_question_does_not_see_are_not_told():
    act = {"type": "dispute", "target": 2}
    events = recorded(
        told("afp", killed(30, origin=ARMY), injured(4)),
        told("bbc", act, {**act, "type": "endorsement"}),
        told("desk", correction(2, killed(3)), retraction(2), retraction(2, 3)),
    )

    held = situation_of(events, trust=WITHOUT_ARMY)

    assert (held.disputed, held.endorsed, held.corrections) == ((), (), ())
    assert [told.by for told in held.retractions] == [8]


def test_a_retraction_of_whatever_a_source_said_is_always_told():
    events = recorded(
        told("afp", killed(30, origin=ARMY)), told("desk", everything_of({"origin": "army"}))
    )

    assert len(situation_of(events, trust=WITHOUT_ARMY).retractions) == 1


def test_leaving_an_origin_out_equals_a_history_in_which_it_never_spoke():
    events = recorded(
        told("afp", killed(30, origin=ARMY), injured(4, depends_on=[2])),
        told("bbc", {"type": "dispute", "target": 2}),
        told("army", correction(2, killed(3)), kind="military"),
        told("desk", retraction(2), at_hour=14),
        told("afp", killed(1)),
    )

    without = standing(events, trust=WITHOUT_ARMY)

    assert without == standing([event for event in events if event.origin.key != "army"])


def test_what_stands_on_a_retracted_report_is_named_among_the_unknowns_since_the_retraction():
    events = recorded(
        told("afp", killed(3), at_hour=12),
        told("bbc", injured(5, depends_on=[2]), at_hour=13),
        told("desk", retraction(2), at_hour=14),
    )

    (gap,) = [gap for gap in situation_of(events).unknowns if gap.what == "orphaned_report"]

    assert (gap.where, gap.because, gap.since) == ("events.3", (2, 3), at(14))
    assert "retraction of this one too" in gap.closes_with
