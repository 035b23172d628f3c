"""Drawings of figures over time, in plain characters."""

from service.commands.plotting import Held, legend, plotted


def test_a_range_and_what_is_open_are_told_apart():
    steps = [Held(0, 1, 3), Held(5, 2, None), Held(8, 4, 4)]

    drawn = plotted(steps, 10, 14)

    assert drawn == [
        "  |",
        "4 |        ###",
        "3 |:::::^^^###",
        "2 |:::::######",
        "1 |###########",
        "0 +-----------",
    ]
    assert legend(steps) == "# at least   : at most   ^ or more"


def test_nothing_for_certain_is_nothing_drawn_and_something_is_always_seen():
    steps = [Held(0, 0, 0), Held(2, 1, 1), Held(4, 1000, 1000)]

    drawn = plotted(steps, 4, 11)

    assert drawn[0] == "     |"
    assert drawn[1] == "1000 |    #"
    assert drawn[-2] == " 100 |  ###"
    assert drawn[-1] == "   0 +-----"


def test_what_nobody_knows_is_open_from_the_ground():
    assert plotted([Held(0, 0, None)], 9, 6) == ["  |", "1 |^^^", "0 +---"]


def test_what_is_contested_is_marked_below():
    steps = [Held(0, 1, 1), Held(2, 1, 2, contested=True), Held(4, 2, 2)]

    drawn = plotted(steps, 4, 8)

    assert drawn[-2:] == ["0 +-----", "     !!"]
    assert legend(steps) == "# at least   : at most   ! contested"


def test_steps_of_one_moment_have_a_share_each():
    drawn = plotted([Held(7, 1, 1), Held(7, 2, 2)], 7, 7)

    assert drawn == ["  |", "2 |  ##", "1 |####", "0 +----"]
