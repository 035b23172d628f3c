"""DOMAIN.md §7: what was done about it, on two axes."""

from tests.histories import recorded, response, situation_of, told


def line(*updates):
    (only,) = situation_of(recorded(*updates)).responses
    return only


def axes(held):
    return (held.execution, held.evidence)


def test_a_rumour_is_told_as_a_rumour():
    held = line(told("twitter", response("carried_out", "rumoured")))

    assert axes(held) == ("carried_out", "rumoured")
    assert held.because == (2,)


def test_two_independent_origins_corroborate():
    held = line(
        told("afp", response("carried_out", "reported")),
        told("bbc", response("carried_out", "reported")),
    )

    assert axes(held) == ("carried_out", "corroborated")
    assert held.because == (2, 3)


def test_two_rumours_are_still_a_rumour():
    held = line(
        told("a", response("carried_out", "rumoured")),
        told("b", response("carried_out", "rumoured")),
    )

    assert axes(held) == ("carried_out", "rumoured")


def test_the_actors_word_outweighs_later_reports():
    held = line(
        told("dod", response("carried_out", "confirmed_by_actor"), at_hour=20),
        told("blog", response("contemplated", "reported"), at_hour=21),
    )

    assert axes(held) == ("carried_out", "confirmed_by_actor")


def test_a_report_outweighs_a_later_rumour():
    held = line(
        told("afp", response("announced", "reported"), at_hour=20),
        told("blog", response("carried_out", "rumoured"), at_hour=21),
    )

    assert axes(held) == ("announced", "reported")


def test_the_latest_word_speaks_among_equals():
    held = line(
        told("afp", response("under_way", "reported"), at_hour=20),
        told("bbc", response("called_off", "reported"), at_hour=21),
    )

    assert axes(held) == ("called_off", "reported")
