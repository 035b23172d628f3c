"""DOMAIN.md §5: a change of outcome in one group, and what it does to others and to everyone."""

from tests.histories import injured, killed, of_group, outcome, recorded, shown, situation_of, told

US = {"nationality": "US"}
GB = {"nationality": "GB"}
US_MILITARY = {"nationality": "US", "role": "military"}
MILITARY = {"role": "military"}
DIED = outcome("injured", "killed", 1)


def tolls(*updates):
    return situation_of(recorded(*updates)).casualties


def interval(figure):
    return (figure.low, figure.high)


def test_a_change_within_a_group_moves_people_of_the_group_and_of_everyone():
    held = tolls(
        told("afp", killed(2, group=US), injured(5, group=US), injured(9), at_hour=17),
        told("afp", outcome("injured", "killed", 1, group=US_MILITARY), at_hour=18),
    )

    assert interval(of_group(held.killed, US)) == (3, 3)
    assert interval(of_group(held.injured, US)) == (4, 4)
    assert (interval(held.killed), interval(held.injured)) == ((3, None), (8, 8))


def test_a_change_outside_a_group_moves_nobody_of_it():
    held = tolls(
        told("afp", injured(5, group=US), killed(2, group=US), at_hour=17),
        told("afp", outcome("injured", "killed", 1, group=GB), at_hour=18),
    )

    assert interval(of_group(held.injured, US)) == (5, 5)
    assert interval(of_group(held.killed, US)) == (2, 2)
    assert interval(of_group(held.killed, GB)) == (1, None)


def test_a_change_in_a_group_that_overlaps_may_have_moved_people_of_this_one():
    held = tolls(
        told("afp", injured(5, group=US), killed(2, group=US), at_hour=17),
        told("afp", outcome("injured", "killed", 1, group=MILITARY), at_hour=18),
    )

    assert interval(of_group(held.injured, US)) == (4, 5)
    assert interval(of_group(held.killed, US)) == (2, 3)


def test_a_change_whose_group_nobody_told_may_have_moved_people_of_any():
    held = tolls(
        told("afp", injured(5, group=US), killed(2, group=US), at_hour=17),
        told("afp", DIED, at_hour=18),
    )

    assert interval(of_group(held.injured, US)) == (4, 5)
    assert interval(of_group(held.killed, US)) == (2, 3)


def test_a_group_of_whom_only_a_death_is_told_is_listed():
    held = tolls(told("afp", outcome("injured", "killed", 1, group=US)))

    assert [(part.group, part.low, part.high) for part in held.killed.by_group] == [(US, 1, None)]


def test_a_newer_count_of_one_part_knows_of_the_death_though_another_part_is_older():
    held = tolls(
        told("afp", killed(1, group=GB), injured(3, group=GB), at_hour=16),
        told("afp", killed(2, group=US), injured(6, group=US), at_hour=17),
        told("afp", outcome("injured", "killed", 1, group=US), at_hour=18),
        told("afp", killed(3, group=US), injured(5, group=US), at_hour=19),
    )

    assert interval(held.killed) == (4, None)
    assert interval(held.injured) == (8, None)
    assert held.affected.low == 12


def test_a_death_in_one_part_is_added_though_another_part_was_counted_after_it():
    held = tolls(
        told("afp", killed(2, group=US), injured(6, group=US), at_hour=17),
        told("afp", outcome("injured", "killed", 1, group=US), at_hour=18),
        told("afp", killed(1, group=GB), injured(3, group=GB), at_hour=19),
    )

    assert interval(held.killed) == (4, None)
    assert interval(held.injured) == (8, None)


def test_who_told_of_most_deaths_elsewhere_does_not_speak_for_a_group():
    held = tolls(
        told("hospital", injured(5, group=US), at_hour=17),
        told("afp", outcome("injured", "killed", 3, group=GB), at_hour=18),
        told("bbc", outcome("injured", "killed", 1, group=US), at_hour=18),
    )

    assert interval(of_group(held.injured, US)) == (4, 4)


def test_a_newer_count_of_none_in_a_group_knows_of_an_older_death_there():
    press = {"nationality": "US", "role": "press"}

    held = tolls(
        told("afp", killed(0, group=US_MILITARY), injured(1, group=US_MILITARY), at_hour=13),
        told("afp", killed(1, group=press), injured(2, group=press), at_hour=12),
        told("afp", outcome("injured", "killed", 1, group=US_MILITARY), at_hour=12.5),
    )

    assert (interval(held.killed), interval(held.injured)) == ((1, None), (3, None))
    assert held.affected.low == 4


def test_deaths_that_an_origin_told_raise_the_floor_of_its_later_range():
    held = tolls(
        told("afp", outcome("injured", "killed", 2, group=US), at_hour=17),
        told("afp", killed({"low": 1, "high": 6}), at_hour=18),
    )

    assert (interval(held.killed), held.killed.because) == ((2, 6), (2, 3))


def test_a_count_below_the_deaths_that_the_same_origin_told_is_inconsistent():
    held = tolls(
        told("afp", outcome("injured", "killed", 2, group=US), at_hour=17),
        told("afp", killed(1), at_hour=18),
    )

    assert (interval(held.killed), held.killed.status) == ((1, 2), "inconsistent")


def test_who_came_and_left_again_raises_no_later_count():
    held = tolls(
        told("army", outcome("missing", "captured", 3), at_hour=17),
        told("army", outcome("captured", "killed", 3), at_hour=18),
        told("army", {"type": "casualties", "harm": "captured", "quantity": "none"}, at_hour=19),
    )

    assert (interval(held.captured), held.captured.status) == ((0, 0), "single_origin")


def test_who_left_one_part_took_nobody_out_of_another():
    held = tolls(
        told("afp", injured(2, group=US), at_hour=17),
        told("afp", outcome("injured", "killed", "several"), at_hour=18),
        told("afp", injured(9, group=GB), at_hour=19),
    )

    assert (interval(held.injured), interval(of_group(held.injured, GB))) == ((9, None), (9, 9))


def test_deaths_in_groups_that_share_nobody_are_not_the_same_ones():
    held = tolls(
        told("afp", injured(9), at_hour=17),
        told("bbc", outcome("injured", "killed", 1, group=US), at_hour=18),
        told("cnn", outcome("injured", "killed", 2, group=GB), at_hour=18),
    )

    assert shown(held.injured) == (6, 6, "single_origin")


def test_of_deaths_in_groups_that_may_share_somebody_the_most_are_believed():
    held = tolls(
        told("afp", injured(9), at_hour=17),
        told("bbc", outcome("injured", "killed", 1, group=US), at_hour=18),
        told("cnn", outcome("injured", "killed", 2, group={"role": "military"}), at_hour=18),
    )

    assert shown(held.injured) == (7, 7, "single_origin")


def test_each_death_elsewhere_is_held_against_all_that_are_believed():
    held = tolls(
        told("afp", injured(9), at_hour=17),
        told(
            "bbc",
            outcome("injured", "killed", 2, group=US),
            outcome("injured", "killed", 2, group=GB),
            at_hour=18,
        ),
        told(
            "cnn",
            outcome("injured", "killed", 1, group=GB),
            outcome("injured", "killed", 1, group={"nationality": "IQ"}),
            at_hour=18,
        ),
    )

    assert shown(held.injured) == (4, 4, "single_origin")
