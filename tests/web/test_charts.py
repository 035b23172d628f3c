"""A figure over time, as the server draws it."""

import csv
import re
from io import StringIO

from tests.histories import injured, killed, marking, measure, origin, retraction, told

TAJI = "/incidents/taji"
BAND = re.compile(r'class="band"[^>]* d="([^"]*)"')
OPEN = re.compile(r'class="open"[^>]* d="([^"]*)"')
LOW = re.compile(r'class="low"[^>]* d="([^"]*)"')


def test_a_range_is_a_band_and_what_has_no_bound_is_open(reader, tell):
    tell(
        "taji",
        told("afp", killed({"low": 2}), at_hour=14),
        told("afp", killed("3 to 5"), at_hour=15),
        told("afp", killed(4), at_hour=16),
    )

    drawn = reader.get(f"{TAJI}/chart.svg").text

    assert OPEN.search(drawn)[1].count("M") == 1
    assert BAND.search(drawn)[1].count("M") == 2
    assert LOW.search(drawn)[1].count("M") == 1


def test_each_origin_is_a_line_and_what_was_taken_back_is_marked(reader, tell):
    tell(
        "taji",
        told("afp", killed(2, origin=origin("army")), killed(3, origin=origin("mayor"))),
        told("ap", killed(4)),
        told("desk", retraction(2), at_hour=14),
    )

    drawn = reader.get(f"{TAJI}/chart.svg").text

    assert drawn.count('<path class="origin') == 2 * 3
    assert "<title>retraction: desk</title>" in drawn


def test_a_chart_of_a_moment_knows_no_later_one(reader, tell):
    tell("taji", told("afp", killed(2)), told("ap", killed(777)))

    drawn = reader.get(f"{TAJI}/chart.svg?version=2")

    assert "777" not in drawn.text
    assert "ap" not in re.findall("<title>(.*?)</title>", drawn.text)
    assert drawn.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_chart_says_nothing_of_what_is_withheld(reader, tell):
    tell(
        "taji",
        told("afp", killed(2)),
        told("spy", killed(777)),
        told("desk", marking(3, audience="desk")),
    )

    answers = [reader.get(f"{TAJI}/chart{kind}").text for kind in ("", ".svg", ".csv")]

    assert not any("777" in answer or ">spy<" in answer for answer in answers)


def test_all_figures_that_were_given_can_be_drawn(reader, tell):
    us = {"nationality": "US", "role": "military"}
    tell("taji", told("afp", killed(2, group=us), injured(3), measure("rockets", 15)))

    page = reader.get(f"{TAJI}/chart?figure=overview.measures.rockets&axis=recorded")

    assert re.findall('<option value="([^"]*)"', page.text) == [
        "casualties.killed",
        "casualties.killed.by_group[nationality=US,role=military]",
        "casualties.injured",
        "overview.measures.rockets",
        "recorded",
        "published",
        "effective",
    ]
    assert "Rockets over time" in page.text


def test_numbers_are_rows_of_the_figure_and_of_each_origin(reader, tell):
    tell(
        "taji",
        told("afp", killed("2 to 4"), at_hour=14),
        told("ap", killed({"low": 3}), at_hour=15),
    )

    answer = reader.get(f"{TAJI}/chart.csv")
    rows = list(csv.DictReader(StringIO(answer.text)))

    assert answer.content_type == "text/csv; charset=utf-8"
    assert [(row["origin"], row["low"], row["high"], row["because"]) for row in rows] == [
        ("", "2", "4", "2"),
        ("", "3", "", "3"),
        ("afp", "2", "4", "2"),
        ("ap", "3", "", "3"),
    ]


def test_where_nobody_gave_a_figure_the_chart_says_so(reader, tell):
    tell("taji")

    assert "Nothing was reported." in reader.get(f"{TAJI}/chart").text
    assert "data-chart" not in reader.get(TAJI).text
