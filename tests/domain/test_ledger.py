"""First figures against last ones (service/domain/ledger.py)."""

import pytest

from service.domain.ledger import Interval, Outcome, interval_of, outcome

STOOD, FELL, OPEN = Outcome.STOOD, Outcome.FELL, Outcome.OPEN


def fares(first, present, *, amended=False, level=False):
    interval = interval_of(present)
    return outcome(interval_of(first), interval._replace(level=level), amended=amended)


@pytest.mark.parametrize(
    ("first", "present", "expected"),
    [
        ("3", "3", STOOD),
        ("at least 2", "3", STOOD),
        ("at least 2", "at least 3", STOOD),
        ("2 to 5", "3 to 4", STOOD),
        ("about 15", "16", STOOD),
        ("2", "3", FELL),
        ("none", "at least 1", FELL),
        ("up to 4", "at least 5", FELL),
        ("more than 4", "3 to 4", FELL),
        ("3", "at least 2", OPEN),
        ("up to 4", "at least 2", OPEN),
        ("3 to 5", "2 to 4", OPEN),
    ],
)
def test_a_first_figure_stands_around_the_present_one_and_falls_apart_from_it(
    first, present, expected
):
    assert fares(first, present) is expected


def test_a_number_stands_whatever_was_done_about_its_report():
    assert fares("3", "3", amended=True) is STOOD


def test_where_nothing_is_reported_any_more_only_an_amended_figure_fell():
    assert outcome(Interval(3, 3), None, amended=True) is FELL
    assert outcome(Interval(3, 3), None, amended=False) is OPEN


def test_a_level_leaves_the_first_one_open():
    assert fares("50", "200", level=True) is OPEN


def test_unknown_excludes_nothing_and_is_no_figure():
    assert interval_of("unknown") is None
    assert interval_of("none") == Interval(0, 0)
