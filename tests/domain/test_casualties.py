"""DOMAIN.md §5: how counts of several origins become one figure."""

from service.domain.standing import Bounds
from tests.histories import (
    at,
    correction,
    counted,
    injured,
    killed,
    origin,
    recorded,
    retraction,
    situation_of,
    told,
)

US = {"nationality": "US"}
US_MILITARY = {"nationality": "US", "role": "military"}
US_CONTRACTORS = {"nationality": "US", "role": "contractor"}
GB = {"nationality": "GB"}


def toll(*updates):
    return situation_of(recorded(*updates)).casualties.killed


def cell(figure, group):
    return next(held for held in figure.by_group if held.group == group)


def shown(figure):
    return (figure.low, figure.high, figure.status)


def test_silence_is_not_zero():
    held = situation_of(recorded(told("afp", injured(2)))).casualties.killed

    assert shown(held) == (0, None, "unreported")
    assert held.because == ()


def test_a_later_report_of_one_origin_replaces_its_earlier_one():
    held = toll(told("afp", killed(2), at_hour=17), told("afp", killed(5), at_hour=18))

    assert shown(held) == (5, 5, "single_origin")
    assert held.because == (3,)


def test_a_correction_of_an_old_days_count_never_overwrites_todays():
    held = toll(
        told("ministry", killed(10, effective_at="2020-03-09"), at_hour=1),
        told("ministry", killed(14, effective_at="2020-03-10"), at_hour=2),
        told("ministry", killed(11, effective_at="2020-03-09"), at_hour=3),
    )

    assert shown(held) == (14, 14, "single_origin")


def test_five_sites_that_reprint_one_agency_are_one_origin():
    reuters = origin("reuters", "agency")
    held = toll(
        told("site-one", killed(2, origin=reuters)), told("site-two", killed(2, origin=reuters))
    )

    assert held.status == "single_origin"
    assert held.because == (3,)


def test_additional_reports_do_not_supersede_and_add_to_the_count_before_them():
    held = toll(
        told("afp", killed(3), at_hour=17),
        told("afp", killed(2, scope="additional"), at_hour=18),
        told("afp", killed(1, scope="additional"), at_hour=19),
    )

    assert shown(held) == (6, 6, "single_origin")
    assert held.because == (2, 3, 4)


def test_a_new_total_takes_in_the_additions_before_it():
    held = toll(
        told("afp", killed(3), at_hour=17),
        told("afp", killed(2, scope="additional"), at_hour=18),
        told("afp", killed(5), at_hour=19),
    )

    assert shown(held) == (5, 5, "single_origin")


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

    assert shown(cell(held, US)) == (2, 2, "compatible")


def test_parts_never_lower_a_cap():
    held = toll(told("afp", killed({"low": 1, "high": 9}), killed(2, group=US)))

    assert (held.low, held.high) == (2, 9)


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


def test_no_losses_at_17_and_three_dead_at_1830_is_overtaken_and_not_contradicted():
    held = toll(told("army", killed(0), at_hour=17), told("fox", killed(3), at_hour=18.5))

    assert shown(held) == (3, 3, "single_origin")
    assert [(late.origin, late.high) for late in held.outdated] == [("army", 0)]
    assert held.disputes == ()


def test_a_lower_count_after_a_higher_one_is_a_dispute_that_names_both_sides():
    held = toll(told("fox", killed(3), at_hour=17), told("army", killed(1), at_hour=18))

    assert shown(held) == (1, 3, "disputed")
    assert (held.floor, held.cap, held.envelope) == (3, 1, (1, 3))
    (dispute,) = held.disputes
    assert (dispute.floor.origin, dispute.floor.low, dispute.floor.because) == ("fox", 3, (2,))
    assert (dispute.cap.origin, dispute.cap.high, dispute.cap.because) == ("army", 1, (3,))


def test_the_envelope_leaves_out_what_is_outdated():
    held = toll(
        told("army", killed(0), at_hour=16),
        told("fox", killed({"low": 3, "high": 6}), at_hour=18),
        told("bbc", killed({"low": 2, "high": 4}), at_hour=18),
    )

    assert held.envelope == (2, 6)
    assert (held.low, held.high) == (3, 4)


def test_two_independent_origins_with_the_same_interval_agree():
    assert toll(told("fox", killed(3)), told("bbc", killed(3))).status == "agreed"


def test_unnamed_speakers_of_one_class_count_once():
    one, other = (origin(key, named=False) for key in ("an-official", "another-official"))

    held = toll(told("fox", killed(3, origin=one)), told("bbc", killed(3, origin=other)))

    assert held.status == "single_origin"


def test_best_comes_from_a_source_and_is_never_a_midpoint():
    nobody = toll(told("fox", killed({"low": 2, "high": 6})))
    someone = toll(
        told("fox", killed({"low": 2, "high": 6})),
        told("bbc", killed({"low": 2, "high": 6, "best": 5})),
    )

    assert nobody.best is None
    assert someone.best == 5


def test_a_disputed_figure_has_no_best_for_that_would_take_a_side():
    three, one = {"low": 3, "high": 3, "best": 3}, {"low": 1, "high": 1, "best": 1}

    held = toll(told("fox", killed(three), at_hour=17), told("army", killed(one), at_hour=18))

    assert (held.status, held.best) == ("disputed", None)


def test_unspecified_casualties_count_neither_as_killed_nor_as_injured():
    tolls = situation_of(
        recorded(told("afp", killed(3), counted("unspecified", "multiple", scope="additional")))
    ).casualties

    assert (tolls.killed.low, tolls.killed.high) == (3, 3)
    assert tolls.injured.status == "unreported"
    assert (tolls.affected.low, tolls.affected.because) == (5, (2, 3))


def test_affected_never_adds_the_counts_of_two_origins():
    tolls = situation_of(
        recorded(
            told("afp", killed(3)), told("bbc", injured(14)), told("dod", killed(3), injured(12))
        )
    ).casualties

    assert tolls.affected.low == 15


def test_a_retracted_toll_gives_way_to_the_one_before_it():
    held = toll(
        told("afp", killed(3), at_hour=17),
        told("afp", killed(30), at_hour=18),
        told("desk", retraction(3)),
    )

    assert (held.low, held.high) == (3, 3)
    assert held.because == (2,)


def test_a_correction_holds_from_its_own_time_on_and_the_old_count_before_it():
    events = recorded(
        told("afp", killed(30), at_hour=17),
        told("desk", correction(2, killed(3)), at_hour=19),
    )

    before = situation_of(events, Bounds(version=2)).casualties.killed
    after = situation_of(events).casualties.killed

    assert (before.low, before.because) == (30, (2,))
    assert (after.low, after.high, after.because) == (3, 3, (3,))


def test_a_correction_of_a_superseded_report_does_not_bring_it_back():
    held = toll(
        told("afp", killed(2), at_hour=17),
        told("afp", killed(5), at_hour=18),
        told("desk", correction(2, killed(1)), at_hour=19),
    )

    assert (held.low, held.because) == (5, (3,))


def test_the_latest_of_several_corrections_holds_and_its_retraction_revives_the_one_before():
    story = (
        told("afp", killed(30), at_hour=17),
        told("desk", correction(2, killed(3)), at_hour=18),
        told("desk", correction(2, killed(4)), at_hour=19),
    )

    corrected = toll(*story)
    revived = toll(*story, told("desk", retraction(4), at_hour=20))

    assert (corrected.low, corrected.because) == (4, (4,))
    assert (revived.low, revived.because) == (3, (3,))


def test_a_correction_can_move_a_count_to_another_group():
    held = toll(
        told("afp", killed(2, group=US), at_hour=17),
        told("desk", correction(2, killed(2, group=GB)), at_hour=18),
    )

    assert [held.group for held in held.by_group] == [GB]


def test_everything_a_source_said_since_a_moment_can_be_retracted():
    held = toll(
        told("rumour", killed(2), at_hour=12),
        told("rumour", killed(40), at_hour=17),
        told("afp", killed(3), at_hour=18),
        told("desk", {"type": "retraction", "targets": {"origin": "rumour", "since": at(15)}}),
    )

    assert (held.low, held.high, held.origins) == (3, 3, ("afp",))
    assert [late.because for late in held.outdated] == [(2,)]
