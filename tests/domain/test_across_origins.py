"""DOMAIN.md §5.4: how counts of several origins become one figure."""

from tests.histories import killed, of_group, origin, shown, told, toll

US = {"nationality": "US"}


def test_the_floor_is_the_highest_floor_of_any_origin():
    held = toll(
        told("afp", killed("at least 2"), at_hour=17), told("bbc", killed("at least 3"), at_hour=18)
    )

    assert shown(held) == (3, None, "compatible")


def test_a_high_binds_only_from_the_moment_it_speaks_of():
    held = toll(
        told("afp", killed("up to 5"), at_hour=16), told("bbc", killed("at least 3"), at_hour=18)
    )

    assert (held.low, held.high) == (3, None)
    assert held.outdated == ()


def test_the_cap_is_the_lowest_high_among_those_that_speak_of_no_earlier_moment():
    held = toll(
        told("army", killed("up to 4"), at_hour=16),
        told("fox", killed("at least 3"), at_hour=17),
        told("bbc", killed("up to 9"), at_hour=18),
        told("afp", killed("up to 7"), at_hour=19),
    )

    assert (held.floor, held.cap) == (3, 7)
    assert (held.low, held.high, held.because) == (3, 7, (3, 5))


def test_a_high_for_the_very_moment_at_which_the_floor_was_reached_binds():
    held = toll(
        told("fox", killed("at least 3"), at_hour=17), told("bbc", killed("up to 5"), at_hour=17)
    )

    assert (held.low, held.high) == (3, 5)


def test_the_floor_counts_as_reached_when_the_first_origin_said_so():
    held = toll(
        told("fox", killed("at least 3"), at_hour=17),
        told("army", killed("up to 4"), at_hour=18),
        told("bbc", killed("at least 3"), at_hour=19),
    )

    assert (held.low, held.high, held.disputes) == (3, 4, ())


def test_without_an_explicit_high_a_figure_is_open_ended():
    held = toll(told("fox", killed("at least 3")), told("bbc", killed("several")))

    assert (held.low, held.high, held.cap) == (3, None, None)


def test_no_losses_at_17_and_three_dead_at_1830_is_overtaken_and_not_contradicted():
    held = toll(told("army", killed(0), at_hour=17), told("fox", killed(3), at_hour=18.5))

    assert shown(held) == (3, 3, "single_origin")
    assert [(late.origin, late.high) for late in held.outdated] == [("army", 0)]
    assert held.disputes == ()


def test_no_losses_said_at_the_same_moment_as_three_dead_is_a_contradiction():
    held = toll(told("army", killed(0), at_hour=18), told("fox", killed(3), at_hour=18))

    assert shown(held) == (0, 3, "disputed")
    assert held.outdated == ()


def test_a_lower_count_after_a_higher_one_is_a_dispute_that_names_both_sides():
    held = toll(told("fox", killed(3), at_hour=17), told("army", killed(1), at_hour=18))

    assert shown(held) == (1, 3, "disputed")
    assert (held.floor, held.cap, held.envelope) == (3, 1, (1, 3))
    (dispute,) = held.disputes
    assert (dispute.floor.origin, dispute.floor.low, dispute.floor.because) == ("fox", 3, (2,))
    assert (dispute.cap.origin, dispute.cap.high, dispute.cap.because) == ("army", 1, (3,))


def test_a_dispute_is_listed_for_each_origin_below_the_floor_against_its_latest_bearer():
    held = toll(
        told("fox", killed(3), at_hour=16),
        told("reuters", killed(3), at_hour=17),
        told("army", killed(1), at_hour=18),
        told("ministry", killed(2), at_hour=19),
    )

    sides = [
        (dispute.floor.origin, dispute.cap.origin, dispute.cap.high) for dispute in held.disputes
    ]
    assert sides == [("reuters", "army", 1), ("reuters", "ministry", 2)]
    assert held.because == (2, 3, 4, 5)


def test_a_dispute_of_a_group_is_the_groups_own():
    held = toll(
        told("fox", killed(2, group=US), at_hour=17), told("army", killed(1, group=US), at_hour=18)
    )

    assert shown(of_group(held, US)) == (1, 2, "disputed")
    assert shown(held) == (2, None, "compatible")


def test_the_envelope_leaves_out_what_is_outdated():
    held = toll(
        told("army", killed(0), at_hour=16),
        told("fox", killed({"low": 3, "high": 6}), at_hour=18),
        told("bbc", killed({"low": 2, "high": 4}), at_hour=18),
    )

    assert held.envelope == (2, 6)
    assert (held.low, held.high) == (3, 4)


def test_the_envelope_is_open_where_any_origin_heard_is_open():
    held = toll(told("fox", killed("at least 2")), told("bbc", killed({"low": 1, "high": 4})))

    assert held.envelope == (1, None)
    assert (held.low, held.high) == (2, 4)


def test_one_origin_alone_is_told_as_one():
    assert toll(told("fox", killed(3))).status == "single_origin"


def test_two_independent_origins_with_the_same_interval_agree():
    assert toll(told("fox", killed(3)), told("bbc", killed(3))).status == "agreed"


def test_two_origins_with_other_intervals_that_can_both_be_true_are_compatible():
    held = toll(told("fox", killed("at least 2")), told("bbc", killed(3)))

    assert shown(held) == (3, 3, "compatible")


def test_unnamed_speakers_of_one_class_count_once():
    one, other = (origin(key, named=False) for key in ("an-official", "another-official"))

    held = toll(told("fox", killed(3, origin=one)), told("bbc", killed(3, origin=other)))

    assert held.status == "single_origin"


def test_unnamed_speakers_of_two_classes_are_independent():
    official = origin("an-official", named=False)
    witness = origin("a-witness", "witness", named=False)

    held = toll(told("fox", killed(3, origin=official)), told("bbc", killed(3, origin=witness)))

    assert held.status == "agreed"


def test_an_origin_that_was_overtaken_does_not_count_as_a_second_voice():
    held = toll(told("army", killed(1), at_hour=16), told("fox", killed(3), at_hour=18))

    assert held.status == "single_origin"


def test_an_origin_that_contradicts_itself_makes_the_figure_inconsistent():
    held = toll(told("afp", killed(2), killed(3, group=US)), told("bbc", killed("at least 2")))

    assert shown(held) == (2, 3, "inconsistent")


def test_a_dispute_between_origins_outweighs_one_within_an_origin():
    held = toll(
        told("afp", killed(2), killed(3, group=US), at_hour=17), told("bbc", killed(1), at_hour=18)
    )

    assert held.status == "disputed"


def test_a_repeated_figure_speaks_anew():
    held = toll(
        told("army", killed(1), at_hour=16),
        told("fox", killed(3), at_hour=17),
        told("army", killed(1), at_hour=18),
    )

    assert held.status == "disputed"


def test_an_overtaken_report_is_told_with_its_bounds_and_events():
    held = toll(
        told("army", killed({"low": 1, "high": 2}), at_hour=16), told("fox", killed(3), at_hour=17)
    )

    (late,) = held.outdated
    assert (late.origin, late.low, late.high, late.because) == ("army", 1, 2, (2,))


def test_additions_without_a_whole_speak_from_the_moment_of_the_latest_report():
    held = toll(
        told("afp", killed(2, group=US), at_hour=16),
        told("army", killed("up to 2"), at_hour=17),
        told("afp", killed(1, scope="additional"), at_hour=18),
    )

    assert shown(held) == (3, None, "single_origin")
    assert [late.origin for late in held.outdated] == ["army"]
