"""DOMAIN.md §8: what is not known, since when, on whose word, and what would close it."""

from tests.histories import counted, killed, origin, recorded, response, says, situation_of, told


def unknowns(*updates):
    return {gap.what: gap for gap in situation_of(recorded(*updates)).unknowns}


def test_an_open_ended_toll_of_a_single_origin_is_named_with_its_reports():
    gaps = unknowns(told("afp", killed("at least 2"), at_hour=17))

    assert gaps["open_ended_toll"].where == "casualties.killed"
    assert gaps["open_ended_toll"].because == (2,)
    assert gaps["open_ended_toll"].since == "2020-03-11T17:00:00.000000Z"
    assert gaps["single_origin"].closes_with == "a second, independent origin"


def test_a_second_origin_with_a_count_closes_both():
    gaps = unknowns(told("afp", killed("at least 2")), told("bbc", killed(2)))

    assert {"open_ended_toll", "single_origin"} & set(gaps) == set()


def test_what_else_nobody_knows_is_named():
    gaps = unknowns(
        told(
            "afp",
            counted("unspecified", "multiple"),
            says("no_claim"),
            says("accusation", "Militia", origin=origin("officials", named=False)),
            response("carried_out", "rumoured"),
            {"type": "context", "paraphrase": "the first such loss", "modality": "conditional"},
            {"type": "question", "question": "What next?"},
            {"type": "time", "occurred": {"earliest": "2020-03"}},
            {"type": "location", "role": "target", "country": "IQ", "precision": "country"},
        )
    )

    assert set(gaps) == {
        "unspecified_casualties",
        "unclaimed",
        "attribution_below_assessed",
        "response_unconfirmed",
        "conditional_report",
        "open_question",
        "imprecise_time",
        "imprecise_place",
    }


def test_a_disputed_group_is_named():
    gaps = unknowns(
        told("fox", killed(2, group={"nationality": "US"}), at_hour=17),
        told("bbc", killed(1, group={"nationality": "US"}), at_hour=18),
    )

    assert gaps["disputed_figure"].where == "casualties.killed.by_group[nationality=US]"


def test_an_answer_closes_a_question():
    gaps = unknowns(
        told("afp", {"type": "question", "question": "What next?"}, at_hour=17),
        told("bbc", {"type": "answer", "question": "what  next?", "text": "Strikes."}, at_hour=18),
    )

    assert "open_question" not in gaps
