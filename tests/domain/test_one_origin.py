"""DOMAIN.md §5.1–2: what one origin's reports say of a cell."""

import pytest

from tests.histories import (
    correction,
    injured,
    killed,
    of_group,
    origin,
    recorded,
    shown,
    situation_of,
    told,
    toll,
)

US = {"nationality": "US"}
US_MILITARY = {"nationality": "US", "role": "military"}
US_CONTRACTORS = {"nationality": "US", "role": "contractor"}
GB = {"nationality": "GB"}


def test_silence_is_not_zero():
    held = situation_of(recorded(told("afp", injured(2)))).casualties.killed

    assert shown(held) == (0, None, "unreported")
    assert held.because == ()


def test_none_is_a_count_and_is_told_as_one():
    held = toll(told("army", killed("none")))

    assert shown(held) == (0, 0, "single_origin")
    assert held.because == (2,)


def test_unknown_is_asked_and_not_known_which_is_not_unreported():
    held = toll(told("army", killed("unknown")))

    assert shown(held) == (0, None, "single_origin")
    assert held.because == (2,)


@pytest.mark.parametrize(
    "trait",
    ["nationality", "role", "affiliation", "sex", "age_band", "severity", "cause"],
)
def test_a_cell_is_a_harm_and_a_group_of_any_traits(trait):
    group = {trait: "military"}

    held = toll(told("afp", killed(2, group=group)))

    assert [(part.group, part.low, part.high) for part in held.by_group] == [(group, 2, 2)]


def test_a_missing_trait_means_any():
    held = toll(
        told("afp", killed(2, group=US_MILITARY)), told("bbc", killed("at least 1", group=US))
    )

    assert of_group(held, US).low == 2
    assert of_group(held, US_MILITARY).origins == ("afp",)


def test_the_groups_of_one_harm_say_nothing_of_another():
    held = situation_of(recorded(told("afp", killed(2, group=US), injured(5)))).casualties

    assert (held.killed.low, held.injured.low) == (2, 5)
    assert held.injured.by_group == ()


def test_a_later_report_of_one_origin_replaces_its_earlier_one():
    held = toll(told("afp", killed(2), at_hour=17), told("afp", killed(5), at_hour=18))

    assert shown(held) == (5, 5, "single_origin")
    assert held.because == (3,)


def test_a_lower_count_of_the_same_origin_replaces_its_higher_one_too():
    held = toll(told("afp", killed(5), at_hour=17), told("afp", killed(3), at_hour=18))

    assert shown(held) == (3, 3, "single_origin")
    assert held.disputes == held.outdated == ()


def test_later_means_first_the_moment_a_figure_is_for():
    held = toll(
        told("afp", killed(9, effective_at="2020-03-11T17:00:00Z"), at_hour=18),
        told("afp", killed(4, effective_at="2020-03-11T16:00:00Z"), at_hour=19),
    )

    assert (held.low, held.because) == (9, (2,))


def test_later_means_then_when_it_was_published():
    eve = {"effective_at": "2020-03-11T16:00:00Z"}

    held = toll(
        told("afp", killed(9, **eve), at_hour=19), told("afp", killed(4, **eve), at_hour=18)
    )

    assert (held.low, held.because) == (9, (2,))


def test_later_means_last_the_version():
    held = toll(told("afp", killed(9), at_hour=18), told("afp", killed(4), at_hour=18))

    assert (held.low, held.because) == (4, (3,))


def test_a_report_that_arrives_late_does_not_replace_what_was_said_after_it():
    held = toll(told("afp", killed(5), at_hour=18), told("afp", killed(2), at_hour=17))

    assert (held.low, held.because) == (5, (2,))


def test_a_correction_of_an_old_days_count_never_overwrites_todays():
    held = toll(
        told("ministry", killed(10, effective_at="2020-03-09"), at_hour=1),
        told("ministry", killed(14, effective_at="2020-03-10"), at_hour=2),
        told("ministry", killed(11, effective_at="2020-03-09"), at_hour=3),
    )

    assert shown(held) == (14, 14, "single_origin")


def test_correcting_an_old_days_report_never_overwrites_todays_either():
    held = toll(
        told("ministry", killed(10, effective_at="2020-03-09"), at_hour=1),
        told("ministry", killed(14, effective_at="2020-03-10"), at_hour=2),
        told("ministry", correction(2, killed(11, effective_at="2020-03-09")), at_hour=30),
    )

    assert (held.low, held.high, held.because) == (14, 14, (3,))


def test_a_new_word_on_one_cell_leaves_the_other_cells_of_the_origin():
    held = toll(
        told("afp", killed(2, group=US), killed(1, group=GB), at_hour=17),
        told("afp", killed(3, group=US), at_hour=18),
    )

    assert [(part.group, part.low) for part in held.by_group] == [(GB, 1), (US, 3)]
    assert held.low == 4


def test_five_sites_that_reprint_one_agency_are_one_origin():
    reuters = origin("reuters", "agency")
    held = toll(
        told("site-one", killed(2, origin=reuters)), told("site-two", killed(2, origin=reuters))
    )

    assert held.status == "single_origin"
    assert held.because == (3,)


def test_one_publisher_that_cites_two_origins_reports_twice():
    held = toll(
        told("cnn", killed(2, origin=origin("pentagon")), at_hour=17),
        told("cnn", killed(3, origin=origin("downing-street")), at_hour=18),
    )

    assert held.origins == ("downing-street",)
    assert [late.origin for late in held.outdated] == ["pentagon"]


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


def test_an_addition_adds_to_the_count_that_it_names_though_a_newer_one_came_before_it():
    more = {"scope": "additional", "additional_to": [2], "effective_at": "2020-03-11T16:00:00Z"}

    held = toll(told("afp", killed(3), at_hour=17), told("afp", killed(2, **more), at_hour=18))

    assert (held.low, held.high, held.because) == (5, 5, (2, 3))


def test_an_addition_without_any_whole_lifts_the_floor_only():
    held = toll(
        told("afp", killed(2, group=US), at_hour=17),
        told("afp", killed(1, scope="additional"), at_hour=18),
    )

    assert shown(held) == (3, None, "single_origin")
    assert held.because == (2, 3)


def test_an_addition_of_unknown_size_opens_the_count_upwards():
    held = toll(
        told("afp", killed(3), at_hour=17),
        told("afp", killed("multiple", scope="additional"), at_hour=18),
    )

    assert shown(held) == (5, None, "single_origin")


def test_an_exact_addition_keeps_the_sum_of_what_the_source_gave_as_best():
    best = {"low": 2, "high": 4, "best": 3}

    held = toll(
        told("afp", killed(best), at_hour=17),
        told("afp", killed("1", scope="additional"), at_hour=18),
    )

    assert (held.low, held.high, held.best) == (3, 5, 4)
