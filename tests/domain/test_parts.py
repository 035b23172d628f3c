"""DOMAIN.md §5.3: the parts of what one origin counted, and the whole."""

from tests.histories import killed, of_group, shown, told, toll

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
