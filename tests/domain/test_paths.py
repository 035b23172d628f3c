"""What the parts of a situation are called: names that can be read again, and that stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.figures import counts, counts_people, figure_at
from service.domain.group import TOTAL, Group
from service.domain.paths import (
    FigurePath,
    LinePath,
    figure_path,
    line_path,
    read_figure_path,
    read_line_path,
)
from service.domain.reports import part_of
from tests.histories import (
    counted,
    killed,
    measure,
    outcome,
    recorded,
    response,
    retraction,
    says,
    settled,
    situation_of,
    told,
)

KILLED = FigurePath("casualties.killed", TOTAL)
TRAITS = st.dictionaries(
    st.sampled_from(Group.__struct_fields__), st.text("ab =,%[]()é", min_size=1), min_size=1
)


@given(TRAITS)
def test_a_path_of_a_group_can_be_read_again_whatever_the_group_is_called(traits):
    path = FigurePath("casualties.killed", frozenset(traits.items()))

    assert read_figure_path(figure_path(path)) == path


@given(st.text("ab =,%[]()é"))
def test_a_path_of_a_line_can_be_read_again_whoever_the_subject_is(subject):
    assert read_line_path(line_path(subject, "perpetrator")) == LinePath(subject, "perpetrator")


def test_a_path_names_the_traits_in_the_order_of_the_domain():
    cell = frozenset({("role", "military"), ("nationality", "US")})

    path = figure_path(FigurePath("casualties.killed", cell))

    assert path == "casualties.killed.by_group[nationality=US,role=military]"


def test_the_path_of_a_figure_of_everyone_is_that_of_what_is_counted():
    assert figure_path(KILLED) == "casualties.killed"


def test_signs_that_part_a_path_are_written_by_their_number():
    cell = frozenset({("severity", "serious, evacuated")})

    path = figure_path(FigurePath("casualties.injured", cell))

    assert path == "casualties.injured.by_group[severity=serious%2C evacuated]"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "casualties",
        "casualties.killed.by_group",
        "casualties.killed.by_group[]",
        "casualties.killed.by_group[nationality]",
        "casualties.killed.by_group[nationality=]",
        "casualties.killed.by_group[shoe_size=44]",
        "casualties.killed.by_group[nationality=US,nationality=US]",
        "casualties.killed.by_group[nationality=US,nationality=IQ]",
        "casualties.killed.low",
        "overview.measures.",
        "attribution.lines[A,perpetrator]",
    ],
)
def test_what_is_no_path_of_a_figure_is_read_as_none(path):
    assert read_figure_path(path) is None


@pytest.mark.parametrize("path", ["", "attribution.lines[A]", "casualties.killed"])
def test_what_is_no_path_of_a_line_is_read_as_none(path):
    assert read_line_path(path) is None


def test_every_figure_of_a_situation_is_found_under_its_path():
    us = {"nationality": "US"}
    held = situation_of(
        recorded(
            told("afp", killed(2, group=us), measure("rockets fired", 30, group={"cause": "x"}))
        )
    )

    lows = {
        path: figure.low
        for path in (
            "casualties.killed",
            "casualties.killed.by_group[nationality=US]",
            "casualties.injured",
            "overview.measures.rockets fired",
            "overview.measures.rockets fired.by_group[cause=x]",
        )
        if (figure := figure_at(held, read_figure_path(path))) is not None
    }

    assert list(lows.values()) == [2, 2, 0, 30, 30]


@pytest.mark.parametrize(
    "path",
    [
        "casualties.killed.by_group[nationality=GB]",
        "casualties.wounded",
        "overview.measures.rockets",
        "attribution.responsibility",
    ],
)
def test_where_a_situation_has_no_figure_there_is_none(path):
    held = situation_of(recorded(told("afp", killed(2, group={"nationality": "US"}))))

    assert figure_at(held, read_figure_path(path) or FigurePath(path, TOTAL)) is None


def test_a_report_counts_the_figure_of_its_cell_and_of_everyone():
    us = FigurePath("casualties.killed", frozenset({("nationality", "US")}))
    (_, report, other) = [
        event.report
        for event in recorded(
            told("afp", killed(2, group={"nationality": "US"}), counted("injured", 2))
        )
    ]

    assert [counts(report, path) for path in (KILLED, us)] == [True, True]
    assert [counts(other, path) for path in (KILLED, us)] == [False, False]


def test_people_are_counted_in_casualties_only():
    assert counts_people(KILLED)
    assert not counts_people(FigurePath("overview.measures.rockets", TOTAL))


@pytest.mark.parametrize(
    ("report", "part"),
    [
        (killed(2, group={"nationality": "US"}), "casualties.killed"),
        (outcome("injured", "killed", 1), "casualties"),
        (measure("rockets", 15), "overview.measures.rockets"),
        (says("accusation", "Militia"), "attribution"),
        (response("announced", "reported"), "responses.strikes"),
        ({"type": "time", "occurred": {"earliest": "2020-03-11"}}, "overview.occurred"),
        ({"type": "location", "role": "launch", "name": "a farm"}, "overview.locations.launch"),
        ({"type": "means", "weapon": "rocket"}, "overview.means"),
        ({"type": "actor", "actor": "militia", "role": "party"}, "overview.actors"),
        ({"type": "damage", "object": "hangar", "extent": "burnt"}, "overview.damage"),
        ({"type": "title", "title": "Rockets"}, "title"),
        ({"type": "status", "status": "closed"}, "status"),
        ({"type": "link", "to": "k-1", "relation": "follows"}, "links"),
        ({"type": "merge", "into": "k-1"}, "merged"),
        ({"type": "question", "question": "What next?"}, "questions"),
        ({"type": "context", "paraphrase": "a quiet day"}, "record"),
        (settled(2, "casualties.killed.by_group[nationality=US]"), "casualties.killed"),
        (retraction(2), "editorial"),
    ],
)
def test_each_report_speaks_of_one_part_of_the_situation(report, part):
    (_, event) = recorded(told("afp", report))

    assert part_of(event.report) == part
