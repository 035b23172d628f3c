"""DOMAIN.md §5.5: the headline under each named policy."""

import pytest

from service.domain.policies import Policy
from tests.histories import (
    killed,
    measure,
    of_group,
    origin,
    recorded,
    shown,
    situation_of,
    told,
    toll,
)

THE_EVENING = (
    told("army", killed(0), at_hour=16),
    told("fox", killed({"low": 3, "high": 6, "best": 4}), at_hour=17),
    told("bbc", killed({"low": 2, "high": 5}), at_hour=18),
    told("afp", killed("at least 2", grading={"reliability": "A", "credibility": 2}), at_hour=19),
    told("reuters", killed({"low": 2, "high": 5}), at_hour=20),
)
A_DISPUTE = (told("fox", killed(3), at_hour=17), told("army", killed(1), at_hour=18))


@pytest.mark.parametrize(
    ("policy", "low", "high", "best", "because"),
    [
        ("compatible", 3, 5, 4, (3, 4, 6)),
        ("range", 2, None, 4, (3, 4, 5, 6)),
        ("floor", 3, None, None, (3,)),
        ("latest", 2, 5, None, (6,)),
        ("highest_graded", 2, None, None, (5,)),
    ],
)
def test_each_policy_chooses_its_headline_and_is_named(policy, low, high, best, because):
    held = toll(*THE_EVENING, policy=Policy(policy))

    assert (held.low, held.high, held.best, held.because) == (low, high, best, because)
    assert held.rule == policy


@pytest.mark.parametrize("policy", ["majority", "adjudicated"])
def test_a_policy_that_finds_nothing_falls_back_to_compatible_and_says_so(policy):
    held = toll(*THE_EVENING, policy=Policy(policy))

    assert (held.low, held.high, held.best) == (3, 5, 4)
    assert held.rule == "compatible"


@pytest.mark.parametrize("policy", list(Policy))
def test_a_policy_changes_neither_the_status_nor_floor_cap_and_envelope(policy):
    held = toll(*THE_EVENING, policy=policy)

    assert (held.status, held.floor, held.cap, held.envelope) == ("compatible", 3, 5, (2, None))
    assert [late.origin for late in held.outdated] == ["army"]


@pytest.mark.parametrize("policy", list(Policy))
def test_a_situation_names_its_policy_and_the_version_of_it(policy):
    held = situation_of(recorded(*THE_EVENING), policy=policy)

    assert (held.policy, held.policy_version) == (policy, "1")


@pytest.mark.parametrize("policy", list(Policy))
def test_what_nobody_reported_is_unreported_under_every_policy(policy):
    held = toll(told("desk", {"type": "context", "paraphrase": "a quiet day"}), policy=policy)

    assert (shown(held), held.rule) == ((0, None, "unreported"), "compatible")


def test_a_range_names_who_gave_its_ends():
    held = toll(
        told("fox", killed({"low": 3, "high": 4}), at_hour=17),
        told("bbc", killed({"low": 1, "high": 9}), at_hour=17),
        policy=Policy.RANGE,
    )

    assert (held.low, held.high, held.because) == (1, 9, (3,))


def test_compatible_falls_back_to_the_envelope_where_reports_are_disputed_and_says_so():
    held = toll(*A_DISPUTE)

    assert (held.low, held.high, held.rule) == (1, 3, "range")


@pytest.mark.parametrize(
    ("policy", "low", "high"), [("floor", 3, None), ("latest", 1, 1), ("range", 1, 3)]
)
def test_a_policy_that_takes_a_side_still_says_that_it_is_disputed(policy, low, high):
    held = toll(*A_DISPUTE, policy=Policy(policy))

    assert shown(held) == (low, high, "disputed")
    assert held.rule == policy


def test_a_group_is_chosen_by_the_same_policy():
    us = {"nationality": "US"}
    story = (
        told("fox", killed(3, group=us), at_hour=17),
        told("army", killed(1, group=us), at_hour=18),
    )

    held = of_group(toll(*story, policy=Policy.LATEST), us)

    assert (held.low, held.high, held.rule) == (1, 1, "latest")


def test_a_measure_is_chosen_by_the_same_policy():
    story = recorded(
        told("oir", measure("rockets", {"low": 15, "high": 20}), at_hour=17),
        told("iraq", measure("rockets", "up to 18"), at_hour=18),
    )

    held = situation_of(story, policy=Policy.FLOOR).overview.measures["rockets"]

    assert (held.low, held.high, held.rule) == (15, None, "floor")


def test_a_group_of_a_measure_is_chosen_by_the_same_policy():
    story = recorded(told("oir", measure("rockets", "15 to 20", group={"cause": "fire"})))

    (held,) = situation_of(story, policy=Policy.FLOOR).overview.measures["rockets"].by_group

    assert (held.low, held.high, held.rule) == (15, None, "floor")


def test_the_latest_is_who_spoke_of_the_latest_moment_and_not_who_was_read_last():
    held = toll(
        told("fox", killed(3, effective_at="2020-03-11T18:00:00Z"), at_hour=18),
        told("bbc", killed("up to 9", effective_at="2020-03-11T17:00:00Z"), at_hour=19),
        policy=Policy.LATEST,
    )

    assert (held.low, held.high, held.because) == (3, 3, (2,))


def test_a_majority_is_more_than_half_of_the_independent_voices():
    story = (
        told("fox", killed(3), at_hour=17),
        told("bbc", killed(3), at_hour=17),
        told("afp", killed("at least 2"), at_hour=17),
    )

    two_of_three = toll(*story, policy=Policy.MAJORITY)
    two_of_four = toll(*story, told("dpa", killed("several"), at_hour=17), policy=Policy.MAJORITY)

    assert (two_of_three.low, two_of_three.high, two_of_three.rule) == (3, 3, "majority")
    assert two_of_three.because == (2, 3)
    assert two_of_four.rule == "compatible"


def test_unnamed_speakers_of_one_class_vote_once():
    one, other = (origin(key, named=False) for key in ("an-official", "another-official"))
    story = (
        told("fox", killed(2, origin=one), at_hour=17),
        told("cnn", killed(2, origin=other), at_hour=17),
        told("bbc", killed("at least 1"), at_hour=17),
    )

    held = toll(*story, policy=Policy.MAJORITY)

    assert held.rule == "compatible"


def test_unnamed_speakers_of_one_class_vote_with_their_latest_word():
    early, late = (origin(key, named=False) for key in ("an-official", "another-official"))
    story = (
        told("cnn", killed({"low": 2, "high": 4}, origin=late), at_hour=18),
        told("fox", killed({"low": 2, "high": 9}, origin=early), at_hour=17),
        told("bbc", killed({"low": 2, "high": 4}), at_hour=18),
    )

    held = toll(*story, policy=Policy.MAJORITY)

    assert (held.low, held.high, held.rule) == (2, 4, "majority")
    assert held.because == (2, 4)


def test_a_majority_tells_the_best_that_its_own_sources_gave():
    held = toll(
        told("fox", killed({"low": 2, "high": 6, "best": 3}), at_hour=17),
        told("bbc", killed({"low": 2, "high": 6}), at_hour=18),
        told("afp", killed({"low": 2, "high": 5, "best": 5}), at_hour=19),
        policy=Policy.MAJORITY,
    )

    assert (held.low, held.high, held.best) == (2, 6, 3)


def test_an_origin_that_was_overtaken_does_not_vote():
    held = toll(
        told("army", killed(0), at_hour=15),
        told("ministry", killed(0), at_hour=15),
        told("fox", killed(3), at_hour=17),
        policy=Policy.MAJORITY,
    )

    assert (held.low, held.high, held.rule) == (3, 3, "majority")


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"reliability": "A", "credibility": 3}, {"reliability": "B", "credibility": 1}),
        ({"reliability": "B", "credibility": 1}, {"reliability": "B", "credibility": 2}),
        ({"reliability": "E"}, {"credibility": 1}),
        ({"reliability": "E", "credibility": 5}, {"reliability": "E"}),
        ({"credibility": 5}, {"reliability": "F", "credibility": 6}),
        ({"reliability": "E", "credibility": 5}, {"reliability": "E", "credibility": 6}),
    ],
)
def test_the_better_grade_speaks_by_reliability_and_then_by_credibility(better, worse):
    held = toll(
        told("fox", killed(9, grading=worse), at_hour=18),
        told("bbc", killed({"low": 2, "high": 12}, grading=better), at_hour=17),
        policy=Policy.HIGHEST_GRADED,
    )

    assert (held.low, held.high, held.rule) == (2, 12, "highest_graded")


@pytest.mark.parametrize("grading", [None, {}, {"reliability": "F"}, {"credibility": 6}])
def test_a_grade_is_never_inferred(grading):
    graded = {} if grading is None else {"grading": grading}

    held = toll(
        told("pentagon", killed(3, **graded), kind="official"),
        told("blog", killed("at least 2"), kind="social"),
        policy=Policy.HIGHEST_GRADED,
    )

    assert (shown(held), held.rule) == ((3, 3, "compatible"), "compatible")


def test_what_stands_on_several_reports_is_as_good_as_the_weakest_of_them():
    held = toll(
        told(
            "fox",
            killed(2, grading={"reliability": "A"}),
            killed(1, scope="additional", grading={"reliability": "D"}),
        ),
        told("bbc", killed({"low": 2, "high": 4}, grading={"reliability": "B"})),
        policy=Policy.HIGHEST_GRADED,
    )

    assert (held.low, held.high, held.because) == (2, 4, (4,))


def test_what_stands_in_part_on_an_ungraded_report_has_no_grade():
    held = toll(
        told("fox", killed(2, grading={"reliability": "A"}), killed(1, scope="additional")),
        told("bbc", killed({"low": 2, "high": 4}, grading={"reliability": "E"})),
        policy=Policy.HIGHEST_GRADED,
    )

    assert (held.low, held.high) == (2, 4)


def test_origins_of_the_same_best_grade_are_reconciled_among_themselves():
    best = {"reliability": "A", "credibility": 1}
    held = toll(
        told("fox", killed("at least 2", grading=best), at_hour=17),
        told("bbc", killed("up to 5", grading=best), at_hour=18),
        told("blog", killed(9), at_hour=16),
        policy=Policy.HIGHEST_GRADED,
    )

    assert (held.low, held.high, held.because) == (2, 5, (2, 3))
    assert held.status == "disputed"


def test_the_best_grade_does_not_speak_for_an_origin_that_events_have_overtaken():
    held = toll(
        told("army", killed(0, grading={"reliability": "A"}), at_hour=17),
        told("fox", killed(3, grading={"reliability": "C"}), at_hour=18),
        policy=Policy.HIGHEST_GRADED,
    )

    assert (held.low, held.high, held.because) == (3, 3, (3,))
