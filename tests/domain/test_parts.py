"""DOMAIN.md §5.3: the parts of what one origin counted, and the whole."""

from service.domain.policies import Policy
from service.domain.standing import standing
from tests.histories import killed, of_group, recorded, shown, told, toll

US = {"nationality": "US"}
US_MILITARY = {"nationality": "US", "role": "military"}
US_CONTRACTORS = {"nationality": "US", "role": "contractor"}
GB = {"nationality": "GB"}


def test_the_whole_and_a_part_of_it_do_not_supersede_one_another():
    held = toll(
        told("afp", killed(3, scope="whole"), at_hour=17),
        told("afp", killed(1, scope="part"), at_hour=18),
    )

    assert shown(held) == (3, 3, "single_origin")


def test_a_part_of_the_total_whose_group_is_not_told_is_a_floor_only():
    held = toll(told("afp", killed(2, scope="part")))

    assert shown(held) == (2, None, "single_origin")


def test_a_part_whose_group_is_not_told_is_never_added_to_another_part():
    held = toll(told("afp", killed(2, scope="part"), killed(1, group=GB)))

    assert held.low == 2


def test_parts_raise_the_floor_of_the_whole():
    held = toll(told("afp", killed("at least 2", group=US_MILITARY), killed(1, group=GB)))

    assert shown(held) == (3, None, "single_origin")
    assert held.because == (2, 3)


def test_overlapping_groups_are_never_added():
    held = toll(
        told(
            "afp", killed(2, group=US), killed(2, group={"role": "contractor"}), killed(1, group=GB)
        )
    )

    assert held.low == 3


def test_the_largest_sum_of_disjoint_parts_is_the_floor():
    held = toll(
        told(
            "afp",
            killed(3, group=US),
            killed(2, group=US_MILITARY),
            killed(2, group=US_CONTRACTORS),
            killed(1, group=GB),
        )
    )

    assert held.low == 5
    assert held.because == (3, 4, 5)


def test_parts_of_a_group_raise_that_group_too():
    held = toll(
        told("afp", killed(1, group=US_MILITARY), killed(1, group=US_CONTRACTORS)),
        told("bbc", killed(2, group=US)),
    )

    assert shown(of_group(held, US)) == (2, 2, "compatible")


def test_parts_never_lower_a_cap():
    held = toll(told("afp", killed({"low": 1, "high": 9}), killed(2, group=US)))

    assert (held.low, held.high) == (2, 9)


def test_parts_lift_the_floor_of_a_whole_that_was_given_as_a_range():
    held = toll(
        told("afp", killed({"low": 1, "high": 9}), killed(2, group=US), killed(1, group=GB))
    )

    assert shown(held) == (3, 9, "single_origin")
    assert held.because == (2, 3, 4)


def test_a_best_below_the_parts_is_dropped():
    held = toll(told("afp", killed({"low": 1, "high": 9, "best": 2}), killed(3, group=US)))

    assert (held.low, held.high, held.best) == (3, 9, None)


def test_silence_about_a_group_is_not_zero():
    held = toll(told("afp", killed(3), killed(2, group=US)))

    assert [part.group for part in held.by_group] == [US]


def test_an_older_total_below_newer_parts_is_overtaken_by_them():
    held = toll(
        told("afp", killed(2), at_hour=17),
        told("afp", killed(2, group=US), killed(1, group=GB), at_hour=18),
    )

    assert shown(held) == (3, None, "single_origin")
    assert held.because == (3, 4)


def test_a_total_below_parts_of_the_same_moment_is_inconsistent():
    held = toll(told("afp", killed(2), killed(2, group=US), killed(1, group=GB)))

    assert shown(held) == (2, 3, "inconsistent")
    assert held.because == (2, 3, 4)


def test_a_newer_total_below_older_parts_is_inconsistent_too():
    held = toll(
        told("afp", killed(2, group=US), killed(1, group=GB), at_hour=17),
        told("afp", killed(2), at_hour=18),
    )

    assert shown(held) == (2, 3, "inconsistent")


def test_a_groups_own_parts_can_contradict_it():
    held = toll(told("afp", killed(1, group=US), killed(2, group=US_MILITARY)))

    assert shown(of_group(held, US)) == (1, 2, "inconsistent")
    assert shown(of_group(held, US_MILITARY)) == (2, 2, "single_origin")


def test_parts_that_add_nothing_to_a_whole_do_not_stand_behind_it():
    fewer = toll(told("afp", killed(3), killed(2, group=US)))
    as_many = toll(told("afp", killed({"low": 2, "high": 9}), killed(2, group=US)))

    assert (fewer.because, as_many.because) == ((2,), (2,))


def test_a_group_of_whom_nobody_died_does_not_stand_behind_the_dead():
    held = toll(told("afp", killed(2, group=US), killed(0, group=GB)))

    assert (held.low, held.because) == (2, (2,))


def test_of_groups_of_whom_nobody_died_one_stands_behind_the_whole():
    held = toll(told("afp", killed(0, group=US), killed(0, group=GB)))

    assert (shown(held), held.because) == ((0, None, "single_origin"), (3,))


def test_parts_that_filled_a_whole_are_overtaken_with_it_by_a_newer_part():
    held = toll(
        told("afp", killed(3), killed(3, group=US), at_hour=17),
        told("afp", killed(1, group=GB), at_hour=18),
    )

    assert shown(held) == (4, None, "single_origin")


def test_a_floor_that_parts_lift_holds_from_the_moment_of_the_latest_of_them():
    held = toll(
        told("afp", killed({"low": 1, "high": 9}), at_hour=17),
        told("army", killed("up to 2"), at_hour=18),
        told("afp", killed(3, group=US), at_hour=19),
    )

    assert [late.origin for late in held.outdated] == ["army"]


def test_a_best_as_high_as_the_parts_is_kept():
    held = toll(told("afp", killed({"low": 1, "high": 9, "best": 3}), killed(3, group=US)))

    assert held.best == 3


def test_a_best_below_the_parts_is_dropped_when_its_origin_speaks_alone():
    held = toll(
        told("afp", killed({"low": 1, "high": 9, "best": 2}), killed(3, group=US)),
        policy=Policy.LATEST,
    )

    assert (held.low, held.best) == (3, None)


def test_of_a_groups_whole_and_a_part_of_it_the_later_word_counts():
    held = toll(
        told("afp", killed(2, group=US, scope="whole"), at_hour=17),
        told("afp", killed(3, group=US), at_hour=18),
    )

    assert shown(of_group(held, US)) == (3, 3, "single_origin")


def test_a_count_of_everyone_is_of_the_whole_and_a_count_of_a_group_of_a_part():
    everyone = toll(told("afp", killed(3)), told("afp", killed(2, scope="whole"), at_hour=13))
    group = recorded(
        told("afp", killed(3, group=US)), told("afp", killed(2, group=US, scope="part"), at_hour=13)
    )

    assert shown(everyone) == (2, 2, "single_origin")
    assert [held.version for held in standing(group)] == [3]


def test_three_ways_to_part_the_same_people_are_not_added():
    parts = (
        killed(3, group=US),
        killed(2, group={"role": "military"}),
        killed(1, group={"sex": "female"}),
    )

    held = toll(told("afp", *parts))

    assert (held.low, held.because) == (3, (2,))
