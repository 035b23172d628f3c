"""DOMAIN.md §7: what was done about it, on two axes."""

import pytest

from tests.histories import origin, recorded, response, situation_of, told


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


def test_each_response_key_has_a_line_of_its_own():
    other = {**response("announced", "reported"), "response": "sanctions"}

    held = situation_of(recorded(told("afp", response("carried_out", "rumoured"), other))).responses

    assert [(one.response, one.execution) for one in held] == [
        ("strikes", "carried_out"),
        ("sanctions", "announced"),
    ]


@pytest.mark.parametrize(
    "execution", ["contemplated", "announced", "under_way", "carried_out", "called_off"]
)
def test_how_far_a_response_has_come_is_told_on_one_axis(execution):
    assert line(told("afp", response(execution, "reported"))).execution == execution


@pytest.mark.parametrize(
    "evidence",
    [
        "rumoured",
        "reported",
        "corroborated",
        "confirmed_by_actor",
        "denied_by_actor",
        "refuted",
    ],
)
def test_what_supports_a_response_is_told_on_the_other(evidence):
    assert line(told("afp", response("carried_out", evidence))).evidence == evidence


def test_evidence_that_is_not_said_is_that_of_a_report():
    report = {"type": "response", "response": "strikes", "execution": "announced"}

    assert axes(line(told("afp", report))) == ("announced", "reported")


def test_unnamed_speakers_of_one_class_do_not_corroborate_each_other():
    one, other = (origin(key, named=False) for key in ("an-official", "another-official"))

    held = line(
        told("fox", response("carried_out", "reported", origin=one)),
        told("cnn", response("carried_out", "reported", origin=other)),
    )

    assert axes(held) == ("carried_out", "reported")


def test_a_rumour_corroborates_nothing():
    held = line(
        told("afp", response("carried_out", "reported")),
        told("blog", response("carried_out", "rumoured")),
    )

    assert (axes(held), held.because) == (("carried_out", "reported"), (2,))


def test_who_tells_of_another_stage_does_not_corroborate():
    held = line(
        told("afp", response("carried_out", "reported"), at_hour=20),
        told("bbc", response("announced", "reported"), at_hour=19),
    )

    assert (axes(held), held.because) == (("carried_out", "reported"), (2,))


@pytest.mark.parametrize("evidence", ["confirmed_by_actor", "denied_by_actor", "refuted"])
def test_a_decisive_word_outweighs_two_who_corroborate_each_other(evidence):
    held = line(
        told("dod", response("called_off", evidence), at_hour=19),
        told("afp", response("carried_out", "reported"), at_hour=20),
        told("bbc", response("carried_out", "reported"), at_hour=21),
    )

    assert (axes(held), held.because) == (("called_off", evidence), (2,))


def test_of_two_decisive_words_the_later_speaks():
    held = line(
        told("dod", response("carried_out", "confirmed_by_actor"), at_hour=21),
        told("centcom", response("carried_out", "denied_by_actor"), at_hour=20),
    )

    assert (axes(held), held.because) == (("carried_out", "confirmed_by_actor"), (2,))


def test_a_later_word_of_one_origin_replaces_its_earlier_one():
    held = line(
        told("afp", response("announced", "reported"), at_hour=20),
        told("afp", response("called_off", "reported"), at_hour=21),
    )

    assert (axes(held), [one.because for one in held.says]) == (("called_off", "reported"), [(3,)])


def test_what_is_said_of_a_response_is_completed_from_older_words():
    held = line(
        told(
            "afp",
            response("announced", "reported", actor="US military", kind="strike", place="Syria"),
            at_hour=20,
        ),
        told("bbc", response("carried_out", "reported", target="bases", place="Iraq"), at_hour=21),
    )

    assert (held.actor, held.kind, held.target, held.place) == (
        "US military",
        "strike",
        "bases",
        "Iraq",
    )


def test_every_origin_is_listed_with_its_own_word():
    held = line(
        told("afp", response("announced", "reported")),
        told("blog", response("carried_out", "rumoured")),
    )

    assert [(one.origin, one.execution, one.evidence) for one in held.says] == [
        ("afp", "announced", "reported"),
        ("blog", "carried_out", "rumoured"),
    ]
