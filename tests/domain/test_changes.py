"""What differs between two situations: paths, values, causes, sentences (API.md, Reading one
incident).
"""

import pytest

from service.domain.changes import changes
from tests.histories import (
    counted,
    injured,
    killed,
    known_of,
    measure,
    outcome,
    recorded,
    response,
    retraction,
    says,
    settled,
    told,
)

MILITIA = "Kataib Hezbollah"


def between(before, after):
    """What the updates of `after` changed."""
    events = recorded(*before, *after)
    return changes(known_of(events[: len(recorded(*before))]), known_of(events))


def told_of(path, before, after):
    return next(change for change in between(before, after) if change.path == path)


def test_a_change_says_what_it_was_what_it_is_and_on_whose_word():
    events = recorded(
        told("afp", killed("at least 2", group={"nationality": "US", "role": "military"})),
    )

    first, group, affected = changes(known_of(events[:1]), known_of(events))

    assert first.path == "casualties.killed"
    assert (first.from_, first.to) == ({"low": 0, "high": None}, {"low": 2, "high": None})
    assert first.because == (2,)
    assert first.sentence == "Killed: none reported → at least 2 (US military)."
    assert group.path == "casualties.killed.by_group[nationality=US,role=military]"
    assert affected.sentence == "Affected: none reported → at least 2."


def test_nothing_changes_between_a_situation_and_itself():
    held = known_of(recorded(told("afp", killed(3))))

    assert changes(held, held) == ()


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        ({"type": "title", "title": "Rockets"}, "Title: A story → Rockets."),
        ({"type": "status", "status": "stable"}, "Status: developing → stable."),
        ({"type": "merge", "into": "other", "reason": "twice"}, "Told on as: itself → other."),
        (
            {"type": "link", "to": "k-1", "relation": "similar_to"},
            "Link to k-1: none → similar to.",
        ),
        (
            {"type": "time", "occurred": {"earliest": "2020-03-11T16:30:00Z"}},
            "Time: not reported → 2020-03-11 16:30 UTC.",
        ),
        (
            {
                "type": "time",
                "occurred": {"earliest": "2020-03-11T16:30:00Z", "latest": "2020-03-11T17:00:00Z"},
            },
            "Time: not reported → 2020-03-11 16:30 to 2020-03-11 17:00 UTC.",
        ),
        (
            {"type": "time", "occurred": {"earliest": "2020-03"}},
            "Time: not reported → 2020-03.",
        ),
        (
            {"type": "location", "role": "target", "name": "Camp Taji", "country": "IQ"},
            "Target: not reported → Camp Taji, IQ.",
        ),
        (
            {"type": "location", "role": "launch", "relative": {"of": "Rashidiya"}},
            "Launch: not reported → near Rashidiya.",
        ),
        (killed("2 to 4"), "Killed: none reported → 2 to 4."),
        (killed("unknown"), "Killed: none reported → not known how many."),
        (
            counted("unspecified", "multiple"),
            "Harmed in a way not said: none reported → at least 2.",
        ),
        (measure("rockets_impacted", 18), "Rockets impacted: none reported → 18."),
        (says("accusation", MILITIA), f"{MILITIA} as perpetrator: not named → speculated."),
        (
            response("carried_out", "confirmed_by_actor"),
            "Response strikes: not reported → carried out, confirmed by actor.",
        ),
        (says("no_claim"), "Responsibility: unclaimed → unclaimed (as of 2020-03-11)."),
    ],
)
def test_each_part_of_the_situation_tells_what_changed_in_a_sentence(report, sentence):
    first, *_ = between([], [told("afp", report)])

    assert first.sentence == sentence


@pytest.mark.parametrize(
    ("report", "path", "nothing", "value"),
    [
        ({"type": "title", "title": "Rockets"}, "title", "A story", "Rockets"),
        ({"type": "merge", "into": "other"}, "merged", None, "other"),
        (
            {"type": "link", "to": "k-1", "relation": "similar_to"},
            "links[k-1,similar_to]",
            None,
            "similar_to",
        ),
        (
            {"type": "time", "occurred": {"earliest": "2020-03-11"}},
            "overview.occurred",
            {"earliest": None, "latest": None, "precision": "unknown"},
            {
                "earliest": "2020-03-11T00:00:00.000000Z",
                "latest": "2020-03-11T23:59:59.999999Z",
                "precision": "day",
            },
        ),
        (
            {"type": "location", "role": "target", "geometry": {"type": "Point"}},
            "overview.locations.target",
            None,
            "a point on the map",
        ),
        (
            {"type": "location", "role": "target", "name": "a farm", "relative": {"of": "Taji"}},
            "overview.locations.target",
            None,
            "a farm",
        ),
        (killed(3), "casualties.affected", {"low": 0}, {"low": 3}),
        (
            measure("houses", 4, group={"cause": "fire"}),
            "overview.measures.houses.by_group[cause=fire]",
            {"low": 0, "high": None},
            {"low": 4, "high": 4},
        ),
        (
            says("claim", MILITIA, speaker=MILITIA),
            "attribution.responsibility",
            "unclaimed",
            "claimed",
        ),
        (
            says("denial", MILITIA, speaker=MILITIA),
            f"attribution.lines[{MILITIA},perpetrator]",
            None,
            {"level": "none", "flags": ("denied_by_subject",)},
        ),
        (
            response("announced", "reported"),
            "responses.strikes",
            None,
            {"execution": "announced", "evidence": "reported"},
        ),
    ],
)
def test_each_change_is_told_under_its_path_with_what_was_and_what_is(report, path, nothing, value):
    held = told_of(path, [], [told("afp", report)])

    assert (held.from_, held.to) == (nothing, value)


def test_a_time_that_is_told_again_changes_nothing():
    again = {"type": "time", "occurred": {"earliest": "2020-03-11"}}

    assert between([told("a", again)], [told("b", again, at_hour=13)]) == ()


def test_a_change_of_time_that_becomes_disputed_says_so():
    held = told_of(
        "overview.occurred",
        [told("a", {"type": "time", "occurred": {"earliest": "2020-03-11"}})],
        [told("b", {"type": "time", "occurred": {"earliest": "2020-03-10"}}, at_hour=13)],
    )

    assert held.sentence == "Time: 2020-03-11 → 2020-03-10 (disputed)."


def test_a_time_that_only_becomes_disputed_is_a_change():
    held = told_of(
        "overview.occurred",
        [told("a", {"type": "time", "occurred": {"earliest": "2020-03-11"}}, at_hour=19)],
        [told("b", {"type": "time", "occurred": {"earliest": "2020-03-10"}}, at_hour=18)],
    )

    assert held.sentence == "Time: 2020-03-11 → 2020-03-11 (disputed)."


def test_a_figure_that_only_becomes_disputed_is_a_change():
    held = told_of(
        "casualties.killed",
        [told("fox", killed({"low": 2, "high": 4}))],
        [
            told("bbc", killed({"low": 4, "high": 4}), at_hour=13),
            told("afp", killed({"low": 2, "high": 3}), at_hour=14),
        ],
    )

    assert held.from_ == held.to == {"low": 2, "high": 4}
    assert held.sentence == "Killed: 2 to 4 → 2 to 4, disputed."


def test_a_figure_that_the_desk_settled_as_it_was_is_a_change():
    held = told_of("casualties.killed", [told("fox", killed(3))], [told("desk", settled(3))])

    assert (held.from_, held.to, held.because) == ({"low": 3, "high": 3}, held.from_, (3,))


def test_a_further_source_that_changes_no_figure_changes_nothing():
    held = between([told("fox", killed(3))], [told("bbc", killed(3))])

    assert held == ()


def test_a_change_of_outcome_is_told_of_both_harms_and_of_nobody_more():
    held = between(
        [told("afp", killed(2), injured(9), at_hour=17)],
        [told("afp", outcome("injured", "killed", 1), at_hour=18)],
    )

    assert [change.sentence for change in held] == [
        "Killed: 2 → 3.",
        "Injured: 9 → 8, because people came under another harm.",
    ]


def test_changes_come_in_the_order_of_the_situation():
    held = between(
        [],
        [
            told(
                "afp",
                response("announced", "reported"),
                says("accusation", MILITIA),
                measure("rockets", 15),
                killed(3),
                {"type": "location", "role": "target", "country": "IQ"},
                {"type": "title", "title": "Rockets"},
            )
        ],
    )

    assert [change.path for change in held] == [
        "title",
        "overview.locations.target",
        "casualties.killed",
        "casualties.affected",
        "overview.measures.rockets",
        f"attribution.lines[{MILITIA},perpetrator]",
        "responses.strikes",
    ]


def test_a_subject_that_others_spell_otherwise_is_no_new_line():
    before = [
        told("afp", says("accusation", MILITIA), at_hour=17, kind="official"),
        told("bbc", says("accusation", "kataib hezbollah"), at_hour=18),
    ]

    (change,) = between(before, [told("desk", retraction(2), at_hour=19, kind="desk")])

    assert change.path == "attribution.lines[kataib hezbollah,perpetrator]"
    assert change.sentence.startswith("kataib hezbollah as perpetrator: accused → speculated")


def test_subjects_in_two_relations_are_two_lines():
    held = between([], [told("afp", says("accusation", "Iran"), as_sponsor("Iran"))])

    assert [change.path for change in held] == [
        "attribution.lines[Iran,perpetrator]",
        "attribution.lines[Iran,sponsor]",
    ]


def test_two_subjects_in_one_relation_are_two_lines():
    held = between([], [told("afp", says("accusation", "Iran"), says("accusation", MILITIA))])

    assert [change.path for change in held] == [
        "attribution.lines[Iran,perpetrator]",
        f"attribution.lines[{MILITIA},perpetrator]",
    ]


def as_sponsor(subject):
    return {**says("accusation", subject), "relation": "sponsor"}


def test_what_is_new_and_what_is_gone_come_where_they_stand_or_stood():
    before = [told("afp", killed(1), injured(2), counted("missing", 1), counted("captured", 1))]
    after = [
        told("desk", retraction(2, 4, 5), at_hour=18),
        told("afp", injured(3), counted("displaced", 9), at_hour=19),
    ]

    assert [change.path for change in between(before, after)] == [
        "casualties.killed",
        "casualties.injured",
        "casualties.missing",
        "casualties.captured",
        "casualties.displaced",
        "casualties.affected",
    ]
