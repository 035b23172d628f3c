"""Situations as rows (docs/formats.md): ranges survive, and what is not known stays empty."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.formats import acled, table, ucdp
from service.formats.table import guarded, unguarded, written
from tests.formats.stories import POINT, SITE, happened, place, retold, rich
from tests.formats.validators import read_table
from tests.histories import killed, says, settled, told


def row_of(columns, *updates):
    held = retold(*updates).situation
    return read_table(written(columns.COLUMNS, [columns.row(held, SITE)]))[0]


@pytest.mark.parametrize("columns", [ucdp, acled])
def test_a_hostile_story_is_one_row_that_no_spreadsheet_runs(columns):
    row = row_of(columns, *rich())

    assert list(row) == list(columns.COLUMNS)
    assert not [cell for cell in row.values() if cell.startswith(tuple("=+@\t\r"))]


@pytest.mark.parametrize(
    ("quantity", "best", "low", "high"),
    [
        (3, "3", "3", "3"),
        ("at least 2", "", "2", ""),
        ("3 to 5", "", "3", "5"),
        ("up to 4", "", "0", "4"),
        ("about 20", "20", "18", "22"),
        ("none", "0", "0", "0"),
        ("unknown", "", "", ""),
    ],
)
def test_a_range_of_killed_stays_a_range(quantity, best, low, high):
    by_ucdp = row_of(ucdp, told("afp", killed(quantity)))
    by_acled = row_of(acled, told("afp", killed(quantity)))

    assert (by_ucdp["best"], by_ucdp["low"], by_ucdp["high"]) == (best, low, high)
    assert by_acled["fatalities"] == best
    assert (by_acled["fatalities_low"], by_acled["fatalities_high"]) == (low, high)


def test_where_nobody_reported_no_cell_has_a_zero():
    by_ucdp, by_acled = row_of(ucdp, told("afp", place())), row_of(acled, told("afp", place()))

    assert [by_ucdp[name] for name in ("best", "low", "high", "deaths_civilians")] == [""] * 4
    assert [by_acled[name] for name in ("fatalities", "fatalities_low", "injured_low")] == [""] * 3
    assert "0" not in {*by_ucdp.values(), *by_acled.values()}


def test_acled_notes_say_the_range_that_its_one_number_cannot():
    row = row_of(acled, told("afp", killed({"low": 3})))

    assert row["fatalities"] == ""
    assert "Killed: at least 3 (one origin only)." in row["notes"]


def test_who_is_merely_accused_is_no_actor():
    accused = row_of(acled, told("mod", says("accusation", "A militia"), kind="official"))
    claimed = row_of(acled, told("a-militia", says("claim", "A militia", speaker="A militia")))

    assert (accused["actor1"], accused["attribution"]) == ("", "A militia as perpetrator: accused")
    assert claimed["actor1"] == "A militia"


def test_a_day_is_a_date_and_a_window_of_days_is_two():
    day = row_of(acled, told("afp", happened("2020-03-11T16:30:00Z", "2020-03-11T17:00:00Z")))
    days = row_of(acled, told("afp", happened("2020-03-11", "2020-03-14")))
    month = row_of(ucdp, told("afp", happened("2020-03")))

    assert (day["event_date"], day["time_precision"]) == ("2020-03-11", "1")
    assert (days["event_date"], days["date_from"], days["date_to"]) == (
        "",
        "2020-03-11",
        "2020-03-14",
    )
    assert (month["date_prec"], month["date_start"], month["date_end"]) == (
        "4",
        "2020-03-01",
        "2020-03-31",
    )


@pytest.mark.parametrize(
    ("first", "last", "precision"), [(1, 1, 1), (1, 6, 2), (1, 7, 3), (1, 8, 4)]
)
def test_the_precision_of_a_date_is_the_length_of_its_window(first, last, precision):
    row = row_of(ucdp, told("afp", happened(f"2020-03-{first:02}", f"2020-03-{last:02}")))

    assert row["date_prec"] == str(precision)


def test_only_a_point_that_somebody_drew_has_coordinates():
    drawn = row_of(ucdp, told("afp", place(geometry=POINT, precision="adm1")))
    named = row_of(ucdp, told("afp", place(precision="country")))

    assert (drawn["latitude"], drawn["longitude"], drawn["where_prec"]) == ("33.52", "44.26", "4")
    assert (named["latitude"], named["longitude"], named["where_prec"]) == ("", "", "6")


def test_where_it_was_fired_from_is_not_where_it_happened():
    launch = {**place("Rashidiya", geometry=POINT), "role": "launch"}

    row = row_of(ucdp, told("afp", launch))

    assert (row["latitude"], row["where_coordinates"]) == ("", "")
    assert "launch: Rashidiya" in row["where_description"]


def test_a_figure_that_the_desk_settled_says_so():
    row = row_of(ucdp, told("afp", killed("3 to 5")), told("desk", settled(4), kind="desk"))

    assert (row["best"], row["low"], row["high"], row["killed_status"]) == (
        "4",
        "4",
        "4",
        "adjudicated",
    )


@given(st.lists(st.text(max_size=30), min_size=1, max_size=4))
def test_any_text_comes_back_from_a_table_and_runs_in_none(texts):
    kept = [text.encode("utf-8", "replace").decode() for text in texts]

    body = table.written([str(number) for number in range(len(kept))], [kept])
    _, row = csv.reader(StringIO(body.decode(), newline=""), strict=True)

    assert [unguarded(cell) for cell in row] == kept
    assert not [cell for cell in row if cell[:1] in set("=+-@\t\r\n＝＋－＠")]


def test_a_number_is_no_formula():
    assert written(["longitude"], [[-77.03]]) == b"longitude\r\n-77.03\r\n"
    assert guarded("-77.03") == "'-77.03"
    assert guarded("'Abd") == unguarded("'Abd") == "'Abd"
