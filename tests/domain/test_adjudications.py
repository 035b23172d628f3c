"""DOMAIN.md §5.4 and §5.8: figures that the desk settled."""

import pytest

from service.domain.policies import Policy
from tests.histories import (
    correction,
    injured,
    killed,
    measure,
    of_group,
    outcome,
    recorded,
    retraction,
    settled,
    shown,
    situation_of,
    told,
    toll,
)

US = {"nationality": "US"}
OF_THE_US = "casualties.killed.by_group[nationality=US]"
A_DISPUTE = (told("fox", killed(3), at_hour=17), told("army", killed(1), at_hour=18))


def state(held):
    return (held.adjudication.state, held.adjudication.touched_by)


def test_the_figure_that_the_desk_settled_holds_while_its_ruling_is_in_force():
    held = toll(*A_DISPUTE, told("desk", settled(2), at_hour=19))

    assert shown(held) == (2, 2, "adjudicated")
    assert (held.rule, held.because, state(held)) == ("adjudicated", (4,), ("in_force", ()))


def test_a_ruling_tells_what_the_reports_come_to_without_it():
    held = toll(*A_DISPUTE, told("desk", settled(2), at_hour=19)).adjudication

    assert (held.by, held.low, held.high, held.best) == (4, 2, 2, None)
    assert held.rationale == "the names are published"
    assert (held.reports_say.low, held.reports_say.high) == (1, 3)
    assert held.reports_say.because == (2, 3)


def test_a_ruling_leaves_floor_cap_envelope_and_disputes_as_the_reports_have_them():
    held = toll(*A_DISPUTE, told("desk", settled(2), at_hour=19))

    assert (held.floor, held.cap, held.envelope) == (3, 1, (1, 3))
    assert [dispute.cap.origin for dispute in held.disputes] == ["army"]
    assert held.origins == ("army", "fox")


def test_a_ruling_may_be_open_ended():
    held = toll(*A_DISPUTE, told("desk", settled({"low": 3}), at_hour=19))

    assert shown(held) == (3, None, "adjudicated")


def test_a_newer_report_of_the_cell_sends_a_ruling_back_to_review():
    held = toll(*A_DISPUTE, told("desk", settled(2), at_hour=19), told("bbc", killed("2+")))

    assert state(held) == ("needs_review", (5,))
    assert (held.status, held.rule) == ("needs_review", "range")
    assert (held.low, held.high, held.because) == (1, None, (2, 3, 5))


def test_newer_is_what_was_recorded_later_whatever_moment_it_speaks_of():
    held = toll(
        told("fox", killed(3), at_hour=17),
        told("desk", settled(2), at_hour=19),
        told("army", killed("up to 9"), at_hour=12),
    )

    assert state(held) == ("needs_review", (4,))


def test_a_newer_report_of_a_part_touches_the_whole():
    held = toll(told("fox", killed(3)), told("desk", settled(2)), told("bbc", killed(1, group=US)))

    assert state(held) == ("needs_review", (4,))


def test_a_newer_report_of_a_group_sends_the_groups_ruling_back_to_review():
    held = toll(
        told("fox", killed(3, group=US)),
        told("desk", settled(2, OF_THE_US)),
        told("bbc", killed(4, group=US)),
    )

    assert state(of_group(held, US)) == ("needs_review", (4,))


def test_a_newer_report_of_the_whole_does_not_touch_a_group():
    held = toll(
        told("fox", killed(3, group=US)),
        told("desk", settled(2, OF_THE_US)),
        told("bbc", killed(5)),
    )

    assert state(of_group(held, US)) == ("in_force", ())


def test_a_newer_report_of_another_harm_or_another_group_touches_nothing():
    held = toll(
        told("fox", killed(3, group=US)),
        told("desk", settled(2, OF_THE_US)),
        told("bbc", injured(5), killed(1, group={"nationality": "GB"})),
    )

    assert state(of_group(held, US)) == ("in_force", ())


def test_a_newer_correction_of_a_report_of_the_cell_touches_it():
    held = toll(
        told("fox", killed(3)), told("desk", settled(2)), told("desk", correction(2, killed(4)))
    )

    assert state(held) == ("needs_review", (4,))


def test_a_newer_change_of_outcome_touches_the_cells_on_both_sides():
    tolls = situation_of(
        recorded(
            told("fox", killed(3), injured(9)),
            told("desk", settled(3), settled(9, "casualties.injured")),
            told("fox", outcome("injured", "killed", 1), at_hour=20),
        )
    ).casualties

    assert state(tolls.killed) == ("needs_review", (6,))
    assert state(tolls.injured) == ("needs_review", (6,))


def test_a_change_of_outcome_outside_a_group_does_not_touch_it():
    held = toll(
        told("fox", killed(3, group=US)),
        told("desk", settled(2, OF_THE_US)),
        told("fox", outcome("injured", "killed", 1, group={"nationality": "GB"}), at_hour=20),
    )

    assert state(of_group(held, US)) == ("in_force", ())


def test_once_the_newer_report_is_retracted_the_ruling_is_in_force_again():
    held = toll(
        told("fox", killed(3)),
        told("desk", settled(2)),
        told("bbc", killed(4)),
        told("desk", retraction(4)),
    )

    assert shown(held) == (2, 2, "adjudicated")


def test_a_later_ruling_replaces_an_earlier_one_and_takes_in_what_touched_it():
    held = toll(
        told("fox", killed(3)),
        told("desk", settled(2), at_hour=18),
        told("bbc", killed(4), at_hour=19),
        told("desk", settled(4), at_hour=20),
    )

    assert shown(held) == (4, 4, "adjudicated")
    assert held.because == (5,)


def test_of_two_editors_rulings_on_one_figure_the_later_stands():
    held = toll(
        told("fox", killed(3)),
        told("night-desk", settled(2), at_hour=20),
        told("day-desk", settled(4), at_hour=19),
    )

    assert (held.low, held.because) == (2, (3,))


def test_a_retracted_ruling_gives_the_word_back_to_the_reports():
    held = toll(*A_DISPUTE, told("desk", settled(2)), told("desk", retraction(4)))

    assert shown(held) == (1, 3, "disputed")
    assert held.adjudication is None


def test_a_corrected_ruling_holds_as_corrected():
    held = toll(
        *A_DISPUTE, told("desk", settled(20)), told("desk", correction(4, settled(2)), at_hour=20)
    )

    assert shown(held) == (2, 2, "adjudicated")
    assert held.because == (5,)


def test_a_group_can_be_settled_and_leaves_the_whole_to_the_reports():
    held = toll(told("fox", killed(3, group=US)), told("desk", settled(2, OF_THE_US)))

    assert shown(of_group(held, US)) == (2, 2, "adjudicated")
    assert shown(held) == (3, None, "single_origin")


def test_a_group_that_nobody_counted_can_be_settled():
    held = toll(told("fox", killed(3)), told("desk", settled(2, OF_THE_US)))

    assert shown(of_group(held, US)) == (2, 2, "adjudicated")
    assert state(of_group(held, US)) == ("in_force", ())


def test_a_figure_that_nobody_reported_can_be_settled():
    held = toll(told("desk", settled(2)))

    assert shown(held) == (2, 2, "adjudicated")
    assert (held.adjudication.reports_say.low, held.adjudication.reports_say.high) == (0, None)


def test_the_traits_of_a_settled_group_may_be_named_in_any_order():
    group = {"nationality": "US", "role": "military"}
    path = "casualties.killed.by_group[role=military,nationality=US]"

    held = toll(told("fox", killed(3, group=group)), told("desk", settled(2, path)))

    assert shown(of_group(held, group)) == (2, 2, "adjudicated")


def test_a_measure_can_be_settled():
    held = situation_of(
        recorded(
            told("iraq", measure("rockets", 10), at_hour=17),
            told("oir", measure("rockets", 15), at_hour=17),
            told("desk", settled(15, "overview.measures.rockets"), at_hour=18),
        )
    ).overview.measures["rockets"]

    assert shown(held) == (15, 15, "adjudicated")


def test_one_of_two_measures_of_one_name_can_be_settled_by_its_unit():
    held = situation_of(
        recorded(
            told("a", measure("burned", 900, unit="ha"), measure("burned", 9, unit="km2")),
            told("desk", settled(800, "overview.measures.burned [ha]")),
        )
    ).overview.measures

    assert (held["burned [ha]"].status, held["burned [km2]"].status) == (
        "adjudicated",
        "single_origin",
    )


@pytest.mark.parametrize(
    ("policy", "low", "high", "rule"),
    [
        ("compatible", 2, 2, "adjudicated"),
        ("adjudicated", 2, 2, "adjudicated"),
        ("range", 1, 3, "range"),
        ("floor", 3, None, "floor"),
        ("latest", 1, 1, "latest"),
        ("majority", 1, 3, "range"),
        ("highest_graded", 1, 3, "range"),
    ],
)
def test_a_ruling_in_force_is_the_headline_under_two_policies_and_told_under_all(
    policy, low, high, rule
):
    held = toll(*A_DISPUTE, told("desk", settled(2), at_hour=19), policy=Policy(policy))

    assert shown(held) == (low, high, "adjudicated")
    assert (held.rule, held.adjudication.low) == (rule, 2)
    assert (held.adjudication.reports_say.low, held.adjudication.reports_say.high) == (1, 3)


@pytest.mark.parametrize(
    ("policy", "low", "high", "rule"),
    [
        ("compatible", 1, 3, "range"),
        ("adjudicated", 2, 2, "adjudicated"),
        ("latest", 3, 3, "latest"),
    ],
)
def test_a_ruling_under_review_is_the_headline_only_of_who_asks_for_rulings(
    policy, low, high, rule
):
    story = (*A_DISPUTE, told("desk", settled(2)), told("bbc", killed(3), at_hour=21))

    held = toll(*story, policy=Policy(policy))

    assert shown(held) == (low, high, "needs_review")
    assert held.rule == rule


def test_a_ruling_on_what_is_no_figure_settles_nothing():
    held = toll(told("fox", killed(3)), told("desk", settled(2, "nonsense")))

    assert shown(held) == (3, 3, "single_origin")
