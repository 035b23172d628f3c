"""DOMAIN.md §5.7: a figure never falls without a cause, and the view says which."""

import pytest

from service.domain.changes import changes
from service.domain.moments import read_moment
from service.domain.policies import Policy
from service.domain.standing import Bounds, Trust
from tests.histories import (
    at,
    correction,
    injured,
    killed,
    known_of,
    origin,
    outcome,
    recorded,
    retraction,
    settled,
    told,
)

US = {"nationality": "US"}
GB = {"nationality": "GB"}
WITHHELD = {"type": "marking", "audience": "desk"}


def told_of(path, before, after):
    return next(change for change in changes(before, after) if change.path == path)


def fall(*updates, then=1, path="casualties.killed"):
    """What is told of a figure between all but the last updates and all of them."""
    events = recorded(*updates)
    earlier = len(recorded(*updates[:-then]))
    return told_of(path, known_of(events[:earlier]), known_of(events))


def test_a_rise_needs_no_cause():
    held = fall(told("afp", killed(2), at_hour=17), told("bbc", killed(3), at_hour=18))

    assert held.cause is None
    assert held.sentence == "Killed: 2 → 3."


def test_a_fall_by_a_correction_says_so_with_its_kind_and_note():
    fixed = correction(2, killed(3), note="a typing error")

    held = fall(told("afp", killed(30)), told("desk", fixed, at_hour=13))

    assert (held.cause, held.because) == ("correction", (3,))
    assert held.sentence == (
        "Killed: 30 → 3, because event 2 was corrected (number) (a typing error)."
    )


def test_a_fall_by_the_second_correction_names_the_second():
    held = fall(
        told("afp", killed(30)),
        told("desk", correction(2, killed(20), note="a first look"), at_hour=13),
        told("desk", correction(2, killed(3), note="a second look"), at_hour=14),
        then=2,
    )

    assert (held.cause, held.because) == ("correction", (4,))
    assert "a first look" not in held.sentence
    assert "a second look" in held.sentence


def test_a_fall_by_the_correction_of_a_correction_says_so():
    held = fall(
        told("afp", killed(30)),
        told("desk", correction(2, killed(20)), at_hour=13),
        told("desk", correction(2, killed(3)), at_hour=14),
    )

    assert (held.cause, held.because) == ("correction", (4,))


def test_a_fall_by_a_correction_to_another_group_says_so():
    path = "casualties.killed.by_group[nationality=US]"

    held = fall(
        told("afp", killed(2, group=US)),
        told("desk", correction(2, killed(2, group=GB), kind="identity"), at_hour=13),
        path=path,
    )

    assert (held.cause, held.to) == ("correction", {"low": 0, "high": None})
    assert "was corrected (identity)" in held.sentence


def test_a_fall_by_a_retraction_says_so_with_its_reason():
    held = fall(told("afp", killed(30)), told("desk", retraction(2, reason="a hoax"), at_hour=13))

    assert (held.cause, held.because) == ("retraction", (2, 3))
    assert held.sentence == "Killed: 30 → none reported, because event 2 was retracted (a hoax)."


def test_a_fall_by_the_retraction_of_a_whole_update_names_it():
    held = fall(
        told("afp", killed(2, group=US), killed(1, group=GB)),
        told("desk", retraction(2, 3), at_hour=13),
    )

    assert (held.cause, held.because) == ("retraction", (2, 3, 4))
    assert "event 2 was retracted (withdrawn) and event 3 was retracted" in held.sentence


@pytest.mark.parametrize("scope", [{"origin": "rumour"}, {"publisher": "blog"}])
def test_a_fall_by_the_retraction_of_all_that_a_source_said_says_so(scope):
    takes_back = {"type": "retraction", "targets": {**scope, "since": at(15)}, "reason": "a hoax"}

    held = fall(
        told("blog", killed(30, origin=origin("rumour", "social")), at_hour=17),
        told("desk", takes_back, at_hour=18),
    )

    assert (held.cause, held.because) == ("retraction", (2, 3))


def test_a_fall_by_the_retraction_of_a_correction_says_so():
    held = fall(
        told("afp", killed(3)),
        told("desk", correction(2, killed(30)), at_hour=13),
        told("desk", retraction(3), at_hour=14),
    )

    assert (held.cause, held.because) == ("retraction", (2, 4))


def test_a_fall_by_a_newer_figure_of_the_same_origin_says_so():
    held = fall(told("afp", killed(5), at_hour=17), told("afp", killed(3), at_hour=18))

    assert (held.cause, held.because) == ("supersession", (3,))
    assert held.sentence == "Killed: 5 → 3, because afp gave a newer figure."


def test_a_fall_by_two_newer_figures_names_both_events():
    held = fall(
        told("afp", killed(3, group=US), killed(3, group=GB), at_hour=17),
        told("afp", killed(1, group=US), killed(1, group=GB), at_hour=18),
    )

    assert (held.cause, held.because) == ("supersession", (4, 5))
    assert held.sentence.count("afp gave a newer figure") == 1


def test_a_fall_by_a_ruling_of_the_desk_says_so_with_its_rationale():
    held = fall(told("afp", killed(30)), told("desk", settled(3), at_hour=13))

    assert (held.cause, held.because) == ("adjudication", (3,))
    assert held.sentence == (
        "Killed: 30 → 3, because the desk settled it (the names are published)."
    )


def test_a_fall_by_another_ruling_of_the_desk_names_the_new_one():
    held = fall(
        told("afp", killed(30)), told("desk", settled(20)), told("desk", settled(3), at_hour=13)
    )

    assert (held.cause, held.because) == ("adjudication", (4,))


def test_a_fall_by_a_ruling_that_lapsed_says_so_and_names_what_touched_it():
    held = fall(
        told("afp", killed(3)), told("desk", settled(30)), told("bbc", killed(3), at_hour=13)
    )

    assert held.cause == "needs_review"
    assert held.because == (2, 4)
    assert held.sentence == (
        "Killed: 30 → 3, needs review, because the desk has to review its figure "
        "after newer reports."
    )


def test_a_fall_by_the_retraction_of_a_ruling_says_so():
    held = fall(told("afp", killed(3)), told("desk", settled(30)), told("desk", retraction(3)))

    assert (held.cause, held.because) == ("retraction", (2, 4))


def test_a_fall_to_a_ruling_that_holds_again_says_so():
    held = fall(
        told("afp", killed(3), at_hour=17),
        told("desk", settled(2), at_hour=18),
        told("bbc", killed("at least 3"), at_hour=19),
        told("desk", retraction(4), at_hour=20),
    )

    assert (held.cause, held.because) == ("adjudication", (3,))
    assert held.sentence.endswith("because what the desk settled holds again.")


def test_fewer_affected_by_a_ruling_are_told_as_such():
    held = fall(
        told("afp", killed(3), injured(1), at_hour=17),
        told("desk", settled(2), at_hour=18),
        path="casualties.affected",
    )

    assert (held.cause, held.because) == ("adjudication", (3, 4))
    assert "the desk settled it" in held.sentence


def test_fewer_affected_by_a_ruling_that_lapsed_are_told_as_such():
    held = fall(
        told("afp", killed(3), at_hour=17),
        told("desk", settled(5), at_hour=18),
        told("bbc", killed(1), at_hour=19),
        path="casualties.affected",
    )

    assert (held.cause, held.because) == ("needs_review", (2, 4))


def test_fewer_affected_by_who_carried_them_names_its_newer_count_alone():
    noon = at(12)
    held = fall(
        told("afp", killed(0), at_hour=17),
        told("officials", killed(1, group=US, effective_at=noon), at_hour=18),
        told("officials", killed(0, effective_at=noon), {"type": "status", "status": "stable"}),
        told("bbc", killed(0), at_hour=19),
        then=2,
        path="casualties.affected",
    )

    assert (held.cause, held.because) == ("newer_reports", (2, 4))


def test_a_fall_by_a_dispute_names_who_disputes():
    held = fall(told("fox", killed(3), at_hour=17), told("army", killed(1), at_hour=18))

    assert (held.cause, held.because) == ("dispute", (2, 3))
    assert held.sentence == "Killed: 3 → 1 to 3, disputed, because army disputes it."


def test_a_fall_beside_a_ruling_on_another_harm_has_its_own_cause():
    held = fall(
        told("fox", killed(2), injured(4), at_hour=17),
        told("bbc", killed(1), at_hour=18),
        told("desk", settled(5, "casualties.injured"), at_hour=18),
        then=2,
    )

    assert held.cause == "dispute"


def test_a_fall_beside_an_old_dispute_names_who_spoke_and_not_who_disputed():
    held = fall(
        told("fox", killed(3), at_hour=17),
        told("army", killed(1), at_hour=18),
        told("bbc", killed("unknown"), at_hour=19),
    )

    assert (held.from_, held.to) == ({"low": 1, "high": 3}, {"low": 0, "high": None})
    assert (held.cause, held.because) == ("newer_reports", (2, 3, 4))


def test_a_fall_by_people_who_came_under_another_harm_says_so():
    held = fall(
        told("afp", injured(9), at_hour=17),
        told("afp", outcome("injured", "killed", 1), at_hour=18),
        path="casualties.injured",
    )

    assert (held.cause, held.because) == ("outcome", (2, 3))
    assert held.sentence == "Injured: 9 → 8, because people came under another harm."


def test_a_fall_by_leaving_out_an_origin_says_so():
    events = recorded(told("afp", killed(3)), told("blog", killed(30), at_hour=13))
    without = Trust(without_origins=frozenset({"blog"}))

    held = told_of("casualties.killed", known_of(events), known_of(events, trust=without))

    assert (held.cause, held.because) == ("left_out", (2,))
    assert held.sentence == "Killed: 30 → 3, because blog is left out."


def test_a_fall_by_leaving_out_a_publisher_says_so():
    events = recorded(told("afp", killed(3)), told("blog", killed(30), at_hour=13))
    without = Trust(without_publishers=frozenset({"blog"}))

    held = told_of("casualties.killed", known_of(events), known_of(events, trust=without))

    assert held.cause == "left_out"


def test_a_fall_by_another_policy_says_so():
    events = recorded(told("afp", killed(3), at_hour=17), told("bbc", killed("2+"), at_hour=18))

    held = told_of("casualties.killed", known_of(events), known_of(events, policy=Policy.LATEST))

    assert held.cause == "policy"
    assert held.sentence == "Killed: 3 → at least 2, because the policy latest chooses otherwise."


@pytest.mark.parametrize("earlier", [Bounds(version=2), Bounds(published_us=read_moment(at(17)))])
def test_a_fall_by_asking_for_an_earlier_time_says_so(earlier):
    events = recorded(told("afp", killed(3), at_hour=17), told("bbc", killed(9), at_hour=18))

    held = told_of("casualties.killed", known_of(events), known_of(events, earlier))

    assert held.cause == "bounds"
    assert held.sentence == "Killed: 9 → 3, because event 3 had not been told then."


def test_a_fall_by_a_marking_says_that_the_report_is_withheld():
    events = recorded(told("afp", killed(3)), told("desk", {**WITHHELD, "targets": [2]}))
    before, after = known_of(events[:2]), known_of(events)
    hidden = after._replace(
        situation=known_of([events[0], events[2]]).situation,
        standing=[held for held in after.standing if held.version != 2],
    )

    held = told_of("casualties.killed", before, hidden)

    assert (held.cause, held.because) == ("marking", (2, 3))


def test_several_causes_are_told_and_the_first_names_the_change():
    held = fall(
        told("afp", killed(3, group=US), killed(3, group=GB), at_hour=17),
        told("afp", killed(1, group=GB), retraction(2), at_hour=18),
        told("desk", {"type": "context", "paraphrase": "a quiet night"}),
        then=2,
    )

    assert held.cause == "retraction"
    assert held.sentence.endswith(
        "because event 2 was retracted (withdrawn) and afp gave a newer figure."
    )


def test_a_long_note_is_cut_in_the_sentence():
    fixed = correction(2, killed(3), note="a very long note, " * 20)

    held = fall(told("afp", killed(30)), told("desk", fixed, at_hour=13))

    assert held.sentence.endswith("a very long note, a very long…).")
