"""DOMAIN.md §5.5: `best` comes only from a source or the desk."""

from service.domain.policies import Policy
from tests.histories import killed, settled, told, toll


def test_best_comes_from_a_source_and_is_never_a_midpoint():
    nobody = toll(told("fox", killed({"low": 2, "high": 6})))
    someone = toll(
        told("fox", killed({"low": 2, "high": 6})),
        told("bbc", killed({"low": 2, "high": 6, "best": 5})),
    )

    assert nobody.best is None
    assert (someone.best, someone.because) == (5, (2, 3))


def test_of_several_best_figures_the_latest_within_the_headline_is_told():
    held = toll(
        told("fox", killed({"low": 2, "high": 6, "best": 3}), at_hour=17),
        told("bbc", killed({"low": 2, "high": 6, "best": 5}), at_hour=18),
        told("afp", killed({"low": 2, "high": 9, "best": 8}), at_hour=19),
    )

    assert (held.high, held.best) == (6, 5)


def test_best_may_come_from_the_desk():
    best = {"low": 2, "high": 6, "best": 4}

    held = toll(told("fox", killed("at least 2")), told("desk", settled(best), at_hour=13))

    assert (held.low, held.high, held.best) == (2, 6, 4)


def test_a_disputed_figure_has_no_best_for_that_would_take_a_side():
    three, one = {"low": 3, "high": 3, "best": 3}, {"low": 1, "high": 1, "best": 1}

    held = toll(told("fox", killed(three), at_hour=17), told("army", killed(one), at_hour=18))

    assert (held.status, held.best) == ("disputed", None)


def test_who_gave_the_best_stands_behind_the_figure():
    held = toll(
        told("fox", killed({"low": 3, "high": 9}), at_hour=17),
        told("bbc", killed({"low": 2, "high": 6}), at_hour=17),
        told("afp", killed({"low": 1, "high": 9, "best": 4}), at_hour=17),
    )

    assert (held.best, held.because) == (4, (2, 3, 4))


def test_the_latest_word_is_told_with_its_best():
    held = toll(told("fox", killed({"low": 2, "high": 6, "best": 3})), policy=Policy.LATEST)

    assert held.best == 3
