"""Lines for a terminal or a pipe."""

from service.commands.paper import heading, line


def test_what_others_wrote_moves_no_cursor_of_a_terminal():
    hostile = "Fire\x1b[2J\x9b31m\nat the harbour"

    lines = [heading(hostile), line(hostile)]

    assert [one.text.plain for one in lines] == ["Fire [2J 31m at the harbour"] * 2
