"""DOMAIN.md §4: quantities in numbers and in words."""

from decimal import Decimal

import pytest

from service.domain.quantity import LEXICON_VERSION, Quantity, amount, is_whole, tidy
from tests.histories import killed, recorded, situation_of, told

D = Decimal


@pytest.mark.parametrize(
    ("words", "low", "high", "best"),
    [
        ("2", 2, 2, 2),
        ("seven", 7, 7, 7),
        ("twenty-five", 25, 25, 25),
        ("1,200", 1200, 1200, 1200),
        ("two dozen", 24, 24, 24),
        ("a member", 1, 1, 1),
        ("at least 2", 2, None, None),
        ("At least  two", 2, None, None),
        ("12+", 12, None, None),
        ("more than 100", 101, None, None),
        ("up to 5", 0, 5, None),
        ("as many as five", 0, 5, None),
        ("3 to 5", 3, 5, None),
        ("3-5", 3, 5, None),
        ("about 15", 13, 17, 15),
        ("approximately 100", 90, 110, 100),
        ("around 5", 4, 6, 5),
        ("about a dozen", 10, 14, 12),
        ("multiple", 2, None, None),
        ("some", 2, None, None),
        ("several", 3, None, None),
        ("a few", 3, None, None),
        ("dozens", 12, None, None),
        ("hundreds", 100, None, None),
        ("many", 3, None, None),
        ("a dozen", 12, 12, 12),
        ("exactly 3", 3, 3, 3),
        ("1,200,000", 1200000, 1200000, 1200000),
        ("two thousand five hundred", 2500, 2500, 2500),
        ("none", 0, 0, 0),
        ("unknown", 0, None, None),
    ],
)
def test_words_of_quantity_are_read_as_the_lexicon_says(words, low, high, best):
    read = amount(words)

    assert (read.low, read.high, read.best) == (low, high, best)


@pytest.mark.parametrize("words", ["", "a", "lots", "at least", "two or so", "N", "1,2", "five to"])
def test_words_that_the_lexicon_lacks_are_refused_with_examples(words):
    with pytest.raises(ValueError, match="at least 2"):
        amount(words)


@pytest.mark.parametrize(
    ("quantity", "complaint"),
    [
        (Quantity(D(3), D(2)), "low 3 lies above high 2"),
        (Quantity(D(3), D(5), D(6)), "best 6 lies outside"),
        (Quantity(D(3), None, D(2)), "best 2 lies outside"),
        (Quantity(D(-1)), "low must lie between"),
        (Quantity(D("NaN")), "low must lie between"),
        (Quantity(D(0), D("Infinity")), "high must lie between"),
        (Quantity(D("0.1234567")), "more than 6 decimal places"),
        ("5 to 3", "low 5 lies above high 3"),
    ],
)
def test_an_impossible_quantity_is_refused_with_its_reason(quantity, complaint):
    with pytest.raises(ValueError, match=complaint):
        amount(quantity)


def test_a_measure_keeps_its_decimals_exactly():
    read = amount(Quantity(D("0.1"), D("0.3")))

    assert read.low + D("0.2") == read.high


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("about 1", 0, 2),
        ("about 2", 1, 3),
        ("about 9", 8, 10),
        ("about 10", 9, 11),
        ("about 11", 9, 13),
        ("about 25", 22, 28),
        ("about 1000", 900, 1100),
    ],
)
def test_about_is_a_tenth_either_way_and_never_narrower_than_one(words, low, high):
    read = amount(words)

    assert (read.low, read.high) == (low, high)


def test_about_none_reaches_not_below_none():
    read = amount("about 0")

    assert (read.low, read.high, read.best) == (0, 1, 0)


@pytest.mark.parametrize(
    "quantity",
    [
        Quantity(D(0), D(0), D(0)),
        Quantity(D(2), D(2), D(2)),
        Quantity(D(2), None, D(5)),
        Quantity(D(2)),
        Quantity(D(0), D(10) ** 12),
    ],
)
def test_bounds_that_meet_are_possible(quantity):
    assert amount(quantity) == quantity


def test_people_are_whole_numbers_and_measures_need_not_be():
    assert is_whole(Quantity(D(2), D("3.0"), D("2.00")))
    assert not is_whole(Quantity(D(2), D("3.5")))


def test_a_whole_number_is_shown_as_one():
    assert [str(tidy(value)) for value in (D("3.0"), D("6.10"), D("1E+3"))] == ["3", "6.1", "1000"]


def test_a_replay_says_which_version_of_the_lexicon_it_used():
    held = situation_of(recorded(told("afp", killed("several"))))

    assert held.lexicon == LEXICON_VERSION == "1"
