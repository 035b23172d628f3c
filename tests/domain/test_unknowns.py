"""DOMAIN.md §8: what is not known, since when, on whose word, and what would close it."""

import pytest

from tests.histories import (
    at,
    correction,
    counted,
    killed,
    measure,
    origin,
    recorded,
    response,
    retraction,
    says,
    settled,
    situation_of,
    told,
)

MILITIA = "Kataib Hezbollah"
US = {"nationality": "US"}
CONDITIONAL = {"type": "context", "paraphrase": "the first since", "modality": "conditional"}
QUESTION = {"type": "question", "question": "What next?"}


def unknowns(*updates):
    return {gap.what: gap for gap in situation_of(recorded(*updates)).unknowns}


def place(precision):
    return {"type": "location", "role": "target", "country": "IQ", "precision": precision}


def time(earliest):
    return {"type": "time", "occurred": {"earliest": earliest}}


@pytest.mark.parametrize(
    ("report", "what", "where", "closes_with"),
    [
        (
            killed("at least 2"),
            "open_ended_toll",
            "casualties.killed",
            "a count with an upper bound from an origin that can know",
        ),
        (killed(2), "single_origin", "casualties.killed", "a second, independent origin"),
        (
            measure("rockets", 15),
            "single_origin",
            "overview.measures.rockets",
            "a second, independent origin",
        ),
        (
            counted("unspecified", "multiple"),
            "unspecified_casualties",
            "casualties.unspecified",
            "a report that says whether they were killed or injured",
        ),
        (
            says("no_claim"),
            "unclaimed",
            "attribution.responsibility",
            "a claim of responsibility or a finding",
        ),
        (
            says("accusation", MILITIA),
            "attribution_below_assessed",
            f"attribution.lines[{MILITIA},perpetrator]",
            "a formal assessment, a claim or a finding",
        ),
        (
            response("carried_out", "rumoured"),
            "response_unconfirmed",
            "responses.strikes",
            "the actor's word, or a second independent origin",
        ),
        (
            response("carried_out", "reported"),
            "response_unconfirmed",
            "responses.strikes",
            "the actor's word, or a second independent origin",
        ),
        (CONDITIONAL, "conditional_report", "events.2", "a report without the condition"),
        (QUESTION, "open_question", "What next?", "an answer"),
        (
            place("country"),
            "imprecise_place",
            "overview.locations.target",
            "a report that names the locality or the facility",
        ),
        (
            time("2020-03"),
            "imprecise_time",
            "overview.occurred",
            "a time that all standing reports allow, or one by the hour",
        ),
    ],
)
def test_each_gap_is_named_with_where_since_when_on_whose_word_and_what_closes_it(
    report, what, where, closes_with
):
    gap = unknowns(told("afp", report, at_hour=17))[what]

    assert (gap.where, gap.closes_with) == (where, closes_with)
    assert (gap.since, gap.because) == ("2020-03-11T17:00:00.000000Z", (2,))


def test_a_gap_is_as_old_as_the_first_report_behind_it():
    gap = unknowns(
        told("afp", killed("at least 2"), at_hour=19), told("bbc", killed("2+"), at_hour=17)
    )["open_ended_toll"]

    assert (gap.since, gap.because) == ("2020-03-11T17:00:00.000000Z", (2, 3))


@pytest.mark.parametrize("harm", ["killed", "injured", "missing", "captured", "displaced"])
def test_the_toll_of_every_harm_can_be_open(harm):
    gap = unknowns(told("afp", counted(harm, "at least 2")))["open_ended_toll"]

    assert gap.where == f"casualties.{harm}"


def test_a_second_origin_with_a_count_closes_both():
    gaps = unknowns(told("afp", killed("at least 2")), told("bbc", killed(2)))

    assert {"open_ended_toll", "single_origin"} & set(gaps) == set()


def test_a_harm_that_nobody_reported_is_no_gap():
    gaps = situation_of(recorded(told("afp", killed(2)), told("bbc", killed(2)))).unknowns

    assert [gap.where for gap in gaps if gap.where.startswith("casualties")] == []


def test_unspecified_casualties_are_one_gap_only():
    gaps = situation_of(recorded(told("afp", counted("unspecified", "multiple")))).unknowns

    assert [gap.what for gap in gaps if gap.where == "casualties.unspecified"] == [
        "unspecified_casualties"
    ]


@pytest.mark.parametrize("group", [{}, US])
def test_a_disputed_figure_is_named_for_everyone_and_for_a_group(group):
    path = "casualties.killed.by_group[nationality=US]" if group else "casualties.killed"

    gap = unknowns(
        told("fox", killed(2, group=group), at_hour=17),
        told("bbc", killed(1, group=group), at_hour=18),
    )["disputed_figure"]

    assert (gap.where, gap.because) == (path, (2, 3))
    assert gap.closes_with == "a correction, a retraction or an adjudication"


def test_a_dispute_is_as_old_as_the_second_side_of_the_first_one():
    gap = unknowns(
        told("fox", killed(2), at_hour=17),
        told("bbc", killed(1), at_hour=18),
        told("cnn", killed(1), at_hour=19),
    )["disputed_figure"]

    assert (gap.since, gap.because) == ("2020-03-11T18:00:00.000000Z", (2, 3, 4))


def test_a_dispute_that_a_correction_brought_is_as_old_as_the_correction():
    gap = unknowns(
        told("fox", killed(2), at_hour=17),
        told("bbc", killed(2), at_hour=18),
        told("bbc", correction(3, killed(1)), at_hour=20),
    )["disputed_figure"]

    assert gap.since == "2020-03-11T20:00:00.000000Z"


def test_a_disputed_measure_is_named():
    gap = unknowns(
        told("oir", measure("rockets", 18), at_hour=17),
        told("iraq", measure("rockets", 10), at_hour=18),
    )["disputed_figure"]

    assert gap.where == "overview.measures.rockets"


def test_a_disputed_group_of_a_measure_is_named():
    fire = {"cause": "fire"}

    gap = unknowns(
        told("mayor", measure("houses", 9, group=fire), at_hour=17),
        told("press", measure("houses", 4, group=fire), at_hour=18),
    )["disputed_figure"]

    assert gap.where == "overview.measures.houses.by_group[cause=fire]"


def test_an_origin_that_contradicts_itself_is_named():
    gap = unknowns(told("afp", killed(1), killed(2, group=US)))["inconsistent_figure"]

    assert (gap.where, gap.because) == ("casualties.killed", (2, 3))


def test_a_contradiction_is_as_old_as_the_word_that_completes_it():
    gap = unknowns(
        told("afp", killed(1, effective_at=at(16)), at_hour=17),
        told("afp", killed(2, group=US, effective_at=at(16)), at_hour=18),
    )["inconsistent_figure"]

    assert gap.since == "2020-03-11T18:00:00.000000Z"


def test_a_ruling_of_the_desk_closes_a_dispute():
    gaps = unknowns(
        told("fox", killed(2), at_hour=17),
        told("bbc", killed(1), at_hour=18),
        told("desk", settled(2), at_hour=19),
    )

    assert "disputed_figure" not in gaps


def test_a_ruling_that_has_to_be_reviewed_is_named_with_what_touched_it():
    gap = unknowns(
        told("fox", killed(2), at_hour=17),
        told("desk", settled(3), at_hour=19),
        told("bbc", killed(4), at_hour=20),
    )["adjudication_needs_review"]

    assert (gap.where, gap.because) == ("casualties.killed", (3, 4))
    assert gap.since == "2020-03-11T20:00:00.000000Z"
    assert gap.closes_with == "a new adjudication, or the retraction of the old one"


@pytest.mark.parametrize("statement", ["claim", "finding"])
def test_a_claim_or_a_finding_closes_who_did_it(statement):
    gaps = unknowns(told("kataib-hezbollah", says(statement, MILITIA), kind="other"))

    assert {"unclaimed", "attribution_below_assessed"} & set(gaps) == set()


def test_an_assessment_closes_the_line_but_not_who_did_it():
    gaps = unknowns(told("odni", says("assessment", MILITIA, confidence="high")))

    assert "attribution_below_assessed" not in gaps
    assert "unclaimed" in gaps


@pytest.mark.parametrize(
    "evidence", ["corroborated", "confirmed_by_actor", "denied_by_actor", "refuted"]
)
def test_a_decisive_word_closes_a_response(evidence):
    assert "response_unconfirmed" not in unknowns(told("dod", response("carried_out", evidence)))


@pytest.mark.parametrize("precision", ["exact", "vicinity", "locality", "facility", "city"])
def test_a_place_as_sharp_as_a_town_is_no_gap(precision):
    assert "imprecise_place" not in unknowns(told("afp", place(precision)))


@pytest.mark.parametrize("precision", ["adm2", "adm1", "country"])
def test_a_place_no_sharper_than_a_province_is_a_gap(precision):
    assert "imprecise_place" in unknowns(told("afp", place(precision)))


def test_a_sharper_place_of_the_same_role_closes_a_vague_one():
    gaps = unknowns(told("afp", place("country")), told("bbc", place("facility")))

    assert "imprecise_place" not in gaps


@pytest.mark.parametrize("earliest", ["2020-03-11", "2020-03"])
def test_a_time_no_sharper_than_a_day_is_a_gap(earliest):
    assert "imprecise_time" in unknowns(told("afp", time(earliest)))


def test_a_time_by_the_hour_is_no_gap():
    assert "imprecise_time" not in unknowns(told("afp", time("2020-03-11T16:30:00Z")))


def test_a_disputed_time_is_a_gap_however_sharp():
    gap = unknowns(
        told("a", time("2020-03-11T16:35:00Z"), at_hour=18),
        told("b", time("2020-03-11T16:52:00Z"), at_hour=19),
    )["imprecise_time"]

    assert gap.because == (3,)


def test_a_time_that_nobody_told_is_a_gap_since_nobody_knows_when():
    gap = unknowns(told("afp", killed(2)))["imprecise_time"]

    assert (gap.since, gap.because) == (None, ())


def test_an_answer_closes_a_question():
    gaps = unknowns(
        told("afp", QUESTION, at_hour=17),
        told("bbc", {"type": "answer", "question": "what  next?", "text": "Strikes."}, at_hour=18),
    )

    assert "open_question" not in gaps


def test_a_retracted_report_leaves_no_gap():
    gaps = unknowns(told("afp", killed("at least 2"), QUESTION), told("desk", retraction(2, 3)))

    assert {"open_ended_toll", "single_origin", "open_question"} & set(gaps) == set()


def test_a_report_that_stands_on_a_retracted_one_is_named_with_what_closes_it():
    gap = unknowns(
        told("afp", killed(2)),
        told("afp", {**says("no_claim"), "depends_on": [2]}),
        told("desk", retraction(2), at_hour=18),
    )["orphaned_report"]

    assert (gap.where, gap.since) == ("events.3", "2020-03-11T18:00:00.000000Z")
    assert gap.closes_with == ("a report that stands by itself, or the retraction of this one too")


def test_unnamed_speakers_of_one_class_are_a_single_origin():
    one, other = (origin(key, named=False) for key in ("an-official", "another-official"))

    gaps = unknowns(told("fox", killed(3, origin=one)), told("bbc", killed(3, origin=other)))

    assert gaps["single_origin"].because == (2, 3)
