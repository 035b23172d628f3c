"""DOMAIN.md §5: what a change of outcome does to a count's bounds, best, grade and moment."""

import pytest

from service.domain.policies import Policy
from tests.histories import (
    injured,
    killed,
    of_group,
    outcome,
    recorded,
    shown,
    situation_of,
    told,
)

US = {"nationality": "US"}
GB = {"nationality": "GB"}
DIED = outcome("injured", "killed", 1)


def tolls(*updates, policy=Policy.COMPATIBLE):
    return situation_of(recorded(*updates), policy=policy).casualties


def interval(figure):
    return (figure.low, figure.high)


def test_a_number_of_deaths_that_is_open_upwards_opens_both_sides():
    held = tolls(
        told("afp", killed(2), injured(9), at_hour=17),
        told("afp", outcome("injured", "killed", "several"), at_hour=18),
    )

    assert interval(held.killed) == (5, None)
    assert interval(held.injured) == (0, 6)


def test_a_number_of_deaths_given_as_a_range_widens_both_sides():
    held = tolls(
        told("afp", killed(2), injured(9), at_hour=17),
        told("afp", outcome("injured", "killed", "1 to 3"), at_hour=18),
    )

    assert interval(held.killed) == (3, 5)
    assert interval(held.injured) == (6, 8)


def test_an_open_ended_count_stays_open_when_people_leave_it_or_come():
    held = tolls(
        told("afp", killed("at least 2"), injured("at least 9"), at_hour=17),
        told("afp", DIED, at_hour=18),
    )

    assert interval(held.killed) == (3, None)
    assert interval(held.injured) == (8, None)


def test_best_moves_along_where_both_sources_gave_one():
    best = {"low": 7, "high": 9, "best": 8}

    held = tolls(
        told("afp", killed("2"), injured(best), at_hour=17),
        told("afp", outcome("injured", "killed", "1"), at_hour=18),
    )

    assert (held.killed.best, held.injured.best) == (3, 7)


def test_best_is_dropped_where_nobody_gave_one_for_those_who_were_moved():
    best = {"low": 2, "high": 9, "best": 8}

    held = tolls(
        told("afp", killed("2"), injured(best), at_hour=17),
        told("afp", outcome("injured", "killed", {"low": 1, "high": 3}), at_hour=18),
    )

    assert (held.killed.best, held.injured.best) == (None, None)


def test_more_deaths_than_were_counted_as_injured_leave_none():
    held = tolls(
        told("afp", injured(1), at_hour=17),
        told("afp", outcome("injured", "killed", 3), at_hour=18),
    )

    assert (interval(held.injured), interval(held.killed)) == ((0, 0), (3, None))


def test_an_exact_best_moves_along_and_stays_inside():
    held = tolls(
        told("afp", killed("2"), injured("9"), at_hour=17),
        told("afp", outcome("injured", "killed", "1"), at_hour=18),
    )

    assert (held.killed.best, held.injured.best) == (3, 8)


def test_the_best_of_an_open_ended_count_moves_along_too():
    best = {"low": 7, "high": None, "best": 8}

    held = tolls(
        told("afp", killed(best), injured(best), at_hour=17),
        told("afp", outcome("injured", "killed", "1"), at_hour=18),
    )

    assert (held.killed.best, held.injured.best) == (9, 7)


def test_a_best_that_would_fall_below_none_is_dropped():
    held = tolls(
        told("afp", injured("1"), at_hour=17),
        told("afp", outcome("injured", "killed", "3"), at_hour=18),
        policy=Policy.LATEST,
    )

    assert (interval(held.injured), held.injured.best) == ((0, 0), None)


def test_the_best_of_a_group_is_dropped_where_people_may_have_come_from_outside_it():
    held = tolls(
        told("afp", killed("2", group=US), at_hour=17),
        told("afp", outcome("injured", "killed", "1", group={"role": "military"}), at_hour=18),
    )

    assert interval(of_group(held.killed, US)) == (2, 3)
    assert of_group(held.killed, US).best is None


def test_a_figure_that_rests_on_a_change_rests_on_its_grade_too():
    held = tolls(
        told("afp", killed(2, grading={"reliability": "A"}), at_hour=17),
        told("afp", outcome("injured", "killed", 1, grading={"reliability": "D"}), at_hour=18),
        told("bbc", killed("at least 1", grading={"reliability": "B"}), at_hour=18),
        policy=Policy.HIGHEST_GRADED,
    )

    assert interval(held.killed) == (1, None)


def test_a_figure_that_people_left_rests_on_the_grade_of_that_report_too():
    held = tolls(
        told("afp", injured(9, grading={"reliability": "A"}), at_hour=17),
        told("afp", outcome("injured", "killed", 1, grading={"reliability": "D"}), at_hour=18),
        told("bbc", injured("at least 1", grading={"reliability": "B"}), at_hour=19),
        policy=Policy.HIGHEST_GRADED,
    )

    assert interval(held.injured) == (1, None)


@pytest.mark.parametrize(("worse", "high"), [("E", None), ("C", 2)])
def test_a_figure_on_two_grades_is_neither_as_good_as_the_better_nor_ungraded(worse, high):
    held = tolls(
        told("afp", killed("1+", grading={"reliability": "A"}), at_hour=17),
        told("afp", outcome("injured", "killed", 1, grading={"reliability": "D"}), at_hour=18),
        told("bbc", killed("up to 2", grading={"reliability": worse}), at_hour=18),
        policy=Policy.HIGHEST_GRADED,
    )

    assert held.killed.high == high


@pytest.mark.parametrize(("worse", "high"), [("E", 8), ("C", 9)])
def test_a_figure_that_people_left_has_the_weaker_grade_and_not_none(worse, high):
    held = tolls(
        told("afp", injured(9, grading={"reliability": "A"}), at_hour=17),
        told("afp", outcome("injured", "killed", 1, grading={"reliability": "D"}), at_hour=18),
        told("bbc", injured("up to 9", grading={"reliability": worse}), at_hour=19),
        policy=Policy.HIGHEST_GRADED,
    )

    assert held.injured.high == high


def test_a_death_that_changes_no_bound_does_not_stand_behind_a_figure():
    overlap = outcome("injured", "killed", 1, group={"role": "military"})

    held = tolls(
        told("afp", killed("2+", group=US), injured("up to 5"), at_hour=17),
        told("afp", overlap, at_hour=18),
        told("afp", outcome("injured", "killed", "up to 2"), at_hour=19),
    )

    assert of_group(held.killed, US).because == (2,)
    assert (interval(held.injured), held.injured.because) == ((0, 4), (3, 4))


def test_additions_without_a_whole_can_be_the_latest_word():
    held = tolls(told("afp", killed(1, scope="additional")), policy=Policy.LATEST)

    assert interval(held.killed) == (1, None)


def test_what_only_a_change_tells_is_as_good_as_the_change():
    held = tolls(
        told("afp", outcome("injured", "killed", 1, grading={"reliability": "A"}), at_hour=17),
        told("bbc", killed(3, group={"sex": "male"}, grading={"reliability": "B"}), at_hour=18),
        policy=Policy.HIGHEST_GRADED,
    )

    assert interval(held.killed) == (1, None)


def test_deaths_that_lift_a_later_range_lend_it_their_grade():
    held = tolls(
        told("afp", outcome("injured", "killed", 2, grading={"reliability": "D"}), at_hour=17),
        told("afp", killed({"low": 1, "high": 6}, grading={"reliability": "A"}), at_hour=18),
        told("bbc", killed("at least 1", grading={"reliability": "B"}), at_hour=18),
        policy=Policy.HIGHEST_GRADED,
    )

    assert interval(held.killed) == (1, None)


def test_a_death_that_may_not_have_happened_does_not_move_the_moment_of_a_floor():
    held = tolls(
        told("afp", killed(2), at_hour=17),
        told("bbc", killed("up to 3"), at_hour=17.5),
        told("afp", outcome("injured", "killed", "up to 2"), at_hour=18),
    )

    assert interval(held.killed) == (2, 3)


def test_a_death_moves_the_moment_from_which_a_floor_holds():
    held = tolls(
        told("afp", killed(2), at_hour=17),
        told("bbc", killed(2), at_hour=17.5),
        told("afp", DIED, at_hour=18),
    )

    assert shown(held.killed) == (3, 3, "single_origin")
    assert [late.origin for late in held.killed.outdated] == ["bbc"]


def test_a_death_does_not_renew_a_count_that_was_overtaken():
    held = tolls(
        told("afp", injured(9), at_hour=17),
        told("bbc", injured(12), at_hour=17.5),
        told("ministry", DIED, at_hour=18),
    )

    assert shown(held.injured) == (11, 11, "single_origin")
    assert [late.origin for late in held.injured.outdated] == ["afp"]


def test_a_death_is_added_to_a_part_of_the_total_whose_group_is_not_told():
    held = tolls(told("afp", killed(2, scope="part"), at_hour=17), told("afp", DIED, at_hour=18))

    assert interval(held.killed) == (3, None)


def test_a_death_is_added_to_additions_without_a_whole():
    held = tolls(
        told("afp", killed(2, group=US), killed(1, scope="additional"), at_hour=17),
        told("afp", DIED, at_hour=18),
    )

    assert interval(held.killed) == (4, None)


def test_a_death_is_added_to_both_sides_of_what_contradicts_itself():
    held = tolls(
        told("afp", killed(2), killed(3, group=US), at_hour=17), told("afp", DIED, at_hour=18)
    )

    assert shown(held.killed) == (3, 4, "inconsistent")


def test_a_death_that_newer_parts_know_of_still_widens_an_older_whole():
    held = tolls(
        told("afp", killed({"low": 1, "high": 9}), at_hour=17),
        told("afp", outcome("injured", "killed", 1, group=US), at_hour=18),
        told("afp", killed(3, group=US), at_hour=19),
        policy=Policy.LATEST,
    )

    assert interval(held.killed) == (3, 10)


def test_a_death_in_another_group_is_passed_over_on_the_way_to_one_in_this():
    held = tolls(
        told("afp", killed(2, group=US), at_hour=17),
        told("afp", outcome("injured", "killed", 1, group=GB), at_hour=18),
        told("afp", outcome("injured", "killed", 1, group=US), at_hour=19),
    )

    assert interval(of_group(held.killed, US)) == (3, 3)


def test_who_only_told_of_a_death_in_a_wider_group_says_nothing_of_this_one():
    held = tolls(
        told("afp", outcome("injured", "killed", 1, group={"role": "military"}), at_hour=17),
        told("bbc", killed(2, group=US), at_hour=18),
    )

    assert of_group(held.killed, US).origins == ("bbc",)
