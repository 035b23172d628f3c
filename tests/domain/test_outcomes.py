"""DOMAIN.md §3 and §5: a change of outcome moves people and never counts them twice."""

import pytest

from service.domain.standing import Bounds
from tests.histories import (
    correction,
    counted,
    injured,
    killed,
    outcome,
    recorded,
    retraction,
    shown,
    situation_of,
    told,
)

DIED = outcome("injured", "killed", 1)


def tolls(*updates):
    return situation_of(recorded(*updates)).casualties


def interval(figure):
    return (figure.low, figure.high)


def test_who_died_of_wounds_leaves_the_injured_and_comes_to_the_killed():
    held = tolls(told("afp", killed(2), injured(9), at_hour=17), told("afp", DIED, at_hour=18))

    assert (interval(held.killed), interval(held.injured)) == ((3, 3), (8, 8))
    assert (held.killed.because, held.injured.because) == ((2, 4), (3, 4))


def test_affected_stays_as_it_was_when_an_injured_person_dies():
    story = (told("afp", killed(2), injured(9), at_hour=17), told("afp", DIED, at_hour=18))

    before, after = tolls(*story[:1]).affected, tolls(*story).affected

    assert (before.low, after.low) == (11, 11)
    assert after.because == (2, 3, 4)


def test_a_change_told_in_the_update_that_counts_acts_on_the_count_before_it_there():
    held = tolls(told("afp", killed(2), injured(9), DIED))

    assert (interval(held.killed), interval(held.injured)) == ((3, 3), (8, 8))


def test_a_count_that_is_newer_than_the_change_knows_of_it():
    held = tolls(
        told("afp", killed(2), injured(9), at_hour=17),
        told("afp", DIED, at_hour=18),
        told("afp", killed(3), injured(8), at_hour=19),
    )

    assert (interval(held.killed), interval(held.injured)) == ((3, 3), (8, 8))
    assert (held.killed.because, held.injured.because) == ((5,), (6,))


def test_newer_goes_by_the_moment_a_count_is_for_and_not_by_when_it_came():
    held = tolls(
        told("afp", DIED, at_hour=18),
        told("afp", killed(2), injured(9), at_hour=17),
    )

    assert (interval(held.killed), interval(held.injured)) == ((3, 3), (8, 8))


def test_two_who_died_one_after_the_other_are_two():
    held = tolls(
        told("afp", killed(2), injured(9), at_hour=17),
        told("afp", DIED, at_hour=18),
        told("afp", DIED, at_hour=19),
    )

    assert (interval(held.killed), interval(held.injured)) == ((4, 4), (7, 7))


def test_a_change_takes_people_out_of_what_others_counted_before_it():
    held = tolls(
        told("bbc", injured(9), at_hour=17),
        told("afp", killed(2), injured(9), at_hour=17),
        told("afp", DIED, at_hour=18),
    )

    assert shown(held.injured) == (8, 8, "agreed")
    assert held.injured.because == (2, 4, 5)


def test_a_change_adds_nobody_to_what_others_counted():
    held = tolls(
        told("bbc", killed(2), at_hour=17),
        told("afp", killed(2), injured(9), at_hour=17),
        told("afp", DIED, at_hour=18),
    )

    assert interval(held.killed) == (3, 3)
    assert [(late.origin, late.high) for late in held.killed.outdated] == [("bbc", 2)]


def test_a_change_leaves_what_others_counted_after_it():
    held = tolls(
        told("afp", killed(2), injured(9), at_hour=17),
        told("afp", DIED, at_hour=18),
        told("bbc", injured(8), at_hour=19),
    )

    assert shown(held.injured) == (8, 8, "agreed")
    assert held.injured.because == (3, 4, 5)


def test_two_tellers_of_a_death_may_tell_of_the_same_one():
    held = tolls(
        told("hospital", injured(9), at_hour=17),
        told("afp", DIED, at_hour=18),
        told("bbc", outcome("injured", "killed", 2), at_hour=18),
    )

    assert interval(held.injured) == (7, 7)
    assert interval(held.killed) == (2, None)


def test_who_counted_and_told_of_a_death_is_not_lowered_by_another_teller():
    held = tolls(
        told("afp", injured(9), DIED, at_hour=17),
        told("bbc", outcome("injured", "killed", 2), at_hour=18),
    )

    assert interval(held.injured) == (8, 8)


def test_an_origin_that_never_counted_knows_of_those_who_came_only():
    held = tolls(told("afp", DIED))

    assert shown(held.killed) == (1, None, "single_origin")
    assert shown(held.injured) == (0, None, "unreported")
    assert held.affected.low == 1


def test_an_origin_that_never_counted_adds_up_the_deaths_that_it_told():
    held = tolls(told("afp", DIED, at_hour=18), told("afp", DIED, at_hour=19))

    assert (interval(held.killed), held.killed.because) == ((2, None), (2, 3))


def test_deaths_add_up_in_whichever_order_they_were_read():
    held = tolls(told("afp", DIED, at_hour=19), told("afp", DIED, at_hour=18))

    assert (interval(held.killed), held.killed.because) == ((2, None), (2, 3))


@pytest.mark.parametrize(
    ("before", "after"),
    [("missing", "captured"), ("missing", "killed"), ("unspecified", "killed")],
)
def test_people_move_from_any_harm_to_any_other(before, after):
    held = tolls(
        told("army", counted(before, 4), counted(after, 1), at_hour=17),
        told("army", outcome(before, after, 2), at_hour=18),
    )

    assert interval(getattr(held, before)) == (2, 2)
    assert interval(getattr(held, after)) == (3, 3)
    assert held.affected.low == 5


def test_a_retracted_change_moves_nobody():
    held = tolls(
        told("afp", killed(2), injured(9), at_hour=17),
        told("afp", DIED, at_hour=18),
        told("desk", retraction(4)),
    )

    assert (interval(held.killed), interval(held.injured)) == ((2, 2), (9, 9))


def test_a_corrected_change_moves_as_many_as_the_correction_says_from_then_on():
    events = recorded(
        told("afp", killed(2), injured(9), at_hour=17),
        told("afp", DIED, at_hour=18),
        told("desk", correction(4, outcome("injured", "killed", 2)), at_hour=19),
    )

    before = situation_of(events, Bounds(version=4)).casualties
    after = situation_of(events).casualties

    assert (interval(before.killed), interval(before.injured)) == ((3, 3), (8, 8))
    assert (interval(after.killed), interval(after.injured)) == ((4, 4), (7, 7))
