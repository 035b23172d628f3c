"""DOMAIN.md §5.6: casualties that nobody specified, and how many are affected at all."""

from tests.histories import (
    counted,
    injured,
    killed,
    outcome,
    recorded,
    retraction,
    settled,
    situation_of,
    told,
)


def affected(*updates):
    return situation_of(recorded(*updates)).casualties.affected


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


def test_affected_adds_what_one_origin_says_of_every_harm_but_displacement():
    held = affected(
        told(
            "un",
            killed(1),
            injured(2),
            counted("missing", 4),
            counted("captured", 8),
            counted("unspecified", 16),
            counted("displaced", 32),
        )
    )

    assert (held.low, held.because) == (31, (2, 3, 4, 5, 6))


def test_displaced_people_alone_make_nobody_affected():
    held = affected(told("un", counted("displaced", 500)))

    assert (held.low, held.because) == (0, ())


def test_affected_names_the_origin_with_the_highest_sum_only():
    held = affected(told("afp", killed(3), injured(9)), told("bbc", injured(10)))

    assert (held.low, held.because) == (12, (2, 3))


def test_a_figure_that_the_desk_settled_counts_for_affected_where_it_is_more():
    held = affected(told("afp", killed(3)), told("desk", settled(5), at_hour=13))

    assert (held.low, held.because) == (5, (3,))


def test_a_retracted_count_affects_nobody():
    held = affected(told("afp", killed(3), injured(9)), told("desk", retraction(3)))

    assert (held.low, held.because) == (3, (2,))


def test_nobody_is_affected_above_what_the_desk_settled():
    held = affected(
        told("afp", killed(3), injured(9)), told("desk", settled(2), at_hour=13, kind="desk")
    )

    assert (held.low, held.because) == (11, (3, 4))


def test_an_open_ended_ruling_lowers_nobody():
    held = affected(told("afp", killed(3)), told("desk", settled("at least 2"), at_hour=13))

    assert (held.low, held.because) == (3, (2,))


def test_a_ruling_under_review_lowers_nobody():
    held = affected(
        told("afp", killed(3)),
        told("desk", settled(2), at_hour=13),
        told("bbc", killed(1), at_hour=14),
    )

    assert (held.low, held.because) == (3, (2,))


def test_a_count_as_low_as_the_ruling_carries_itself():
    held = affected(told("afp", killed(2), injured(1)), told("desk", settled(2), at_hour=13))

    assert (held.low, held.because) == (3, (2, 3))


def test_a_death_that_somebody_else_tells_makes_nobody_less_affected():
    held = affected(
        told("afp", injured(9), at_hour=17),
        told("bbc", outcome("injured", "killed", 1), at_hour=18),
    )

    assert (held.low, held.because) == (9, (2,))


def test_of_deaths_that_several_tell_an_origins_own_move_its_people():
    held = affected(
        told("afp", injured(9), at_hour=17),
        told("afp", outcome("injured", "killed", 1), at_hour=18),
        told("bbc", outcome("injured", "killed", 2), at_hour=18),
    )

    assert (held.low, held.because) == (9, (2, 3))
