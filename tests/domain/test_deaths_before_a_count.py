"""DOMAIN.md §5: an origin's count, and the deaths that the same origin told before it."""

import pytest

from service.domain.policies import Policy
from tests.histories import injured, killed, outcome, recorded, shown, situation_of, told

US = {"nationality": "US"}
DIED = outcome("injured", "killed", 1)
TWO_DIED = outcome("injured", "killed", 2)


def tolls(*updates, policy=Policy.COMPATIBLE):
    return situation_of(recorded(*updates), policy=policy).casualties


def interval(figure):
    return (figure.low, figure.high)


def test_a_range_that_just_holds_the_deaths_is_no_contradiction():
    held = tolls(told("afp", TWO_DIED, at_hour=17), told("afp", killed("up to 2"), at_hour=18))

    assert shown(held.killed) == (2, 2, "single_origin")


def test_deaths_that_a_count_holds_anyway_do_not_stand_behind_it():
    held = tolls(told("afp", TWO_DIED, at_hour=17), told("afp", killed(2), at_hour=18))

    assert (interval(held.killed), held.killed.because) == ((2, 2), (3,))


@pytest.mark.parametrize(("best", "kept"), [(1, None), (2, 2), (3, 3)])
def test_the_best_of_a_range_is_kept_where_it_holds_the_deaths(best, kept):
    held = tolls(
        told("afp", TWO_DIED, at_hour=17),
        told("afp", killed({"low": 1, "high": 6, "best": best}), at_hour=18),
        policy=Policy.LATEST,
    )

    assert (interval(held.killed), held.killed.best) == ((2, 6), kept)


def test_a_count_that_deaths_contradict_has_no_best_and_names_both():
    held = tolls(
        told("afp", TWO_DIED, at_hour=17),
        told("afp", killed("1"), at_hour=18),
        policy=Policy.LATEST,
    )

    assert shown(held.killed) == (1, 2, "inconsistent")
    assert (held.killed.best, held.killed.because) == (None, (2, 3))


@pytest.mark.parametrize("count", [{"low": 1, "high": 6}, {"low": 1, "high": 1}])
@pytest.mark.parametrize(("other", "because"), [("E", (2, 3)), ("C", (4,))])
def test_a_count_and_the_deaths_before_it_are_as_good_as_the_weaker(count, other, because):
    held = tolls(
        told("afp", {**TWO_DIED, "grading": {"reliability": "D"}}, at_hour=17),
        told("afp", killed(count, grading={"reliability": "A"}), at_hour=18),
        told("bbc", killed({"low": 1, "high": 9}, grading={"reliability": other}), at_hour=18),
        policy=Policy.HIGHEST_GRADED,
    )

    assert held.killed.because == because


def test_a_floor_that_deaths_lift_holds_from_the_moment_of_the_deaths():
    held = tolls(
        told("afp", TWO_DIED, at_hour=16),
        told("army", killed("up to 3"), at_hour=17),
        told("afp", killed({"low": 1, "high": 6}), at_hour=18),
    )

    assert interval(held.killed) == (2, 3)


def test_a_death_is_taken_out_of_what_others_only_bounded_from_above():
    held = tolls(told("hospital", injured("up to 5"), at_hour=17), told("afp", DIED, at_hour=18))

    assert (interval(held.injured), held.injured.because) == ((0, 4), (2, 3))


def test_who_told_of_a_death_before_its_count_hears_of_the_next_from_others():
    held = tolls(
        told("hospital", DIED, at_hour=17),
        told("hospital", injured(9), at_hour=18),
        told("afp", DIED, at_hour=19),
    )

    assert interval(held.injured) == (8, 8)


def test_a_whole_knows_of_a_death_though_an_older_addition_was_made_to_it():
    more = {"scope": "additional", "additional_to": [2], "effective_at": "2020-03-11T16:00:00Z"}

    held = tolls(
        told("afp", killed(3), at_hour=17),
        told("afp", killed(2, **more), at_hour=18),
        told("afp", DIED, at_hour=16.5),
    )

    assert interval(held.killed) == (5, 5)
