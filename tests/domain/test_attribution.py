"""DOMAIN.md §6: who did it, and how firm the word is."""

import pytest

from tests.histories import origin, recorded, retraction, says, situation_of, told

MILITIA = "Kataib Hezbollah"


def attribution(*updates):
    return situation_of(recorded(*updates)).attribution


def line(*updates):
    (only,) = attribution(*updates).lines
    return only


@pytest.mark.parametrize(
    ("update", "level"),
    [
        (told("blog", says("accusation", MILITIA), kind="press"), "speculated"),
        (told("think-tank", says("assessment", MILITIA), kind="ngo"), "speculated"),
        (told("cnn", says("accusation", MILITIA, speaker="a US official")), "suspected"),
        (
            told("cnn", says("accusation", MILITIA, origin=origin("officials", named=False))),
            "suspected",
        ),
        (told("centcom", says("accusation", MILITIA), kind="military"), "accused"),
        (
            told("odni", says("assessment", MILITIA, likelihood="likely"), kind="official"),
            "assessed",
        ),
        (told("odni", says("assessment", MILITIA, confidence="low"), kind="official"), "assessed"),
        (told("militia", says("claim", MILITIA), kind="party_to_conflict"), "claimed"),
        (told("un", says("finding", MILITIA), kind="official"), "established"),
        (told("the-judgment", says("finding", MILITIA), kind="document"), "established"),
        (told("joint-inquiry", says("finding", MILITIA), kind="other"), "established"),
        (told("bbc", says("finding", MILITIA, speaker="a UN inquiry")), "established"),
        (told("blog", says("finding", MILITIA)), "speculated"),
        (told("blog", says("finding", MILITIA, confidence="high")), "assessed"),
        (told("centcom", says("finding", MILITIA), kind="military"), "accused"),
        (told("army", says("finding", MILITIA), kind="party_to_conflict"), "accused"),
        (
            told(
                "army", says("finding", MILITIA, speaker="a UN inquiry"), kind="party_to_conflict"
            ),
            "accused",
        ),
    ],
)
def test_the_level_of_a_line_is_as_firm_as_its_word(update, level):
    assert line(update).level == level


def test_a_claim_made_for_the_subject_by_somebody_else_is_no_claim():
    held = line(told("cnn", says("claim", MILITIA, speaker="a rival group")))

    assert held.level == "suspected"


def test_a_denial_never_lowers_a_line_but_is_told():
    held = line(
        told("centcom", says("accusation", MILITIA), kind="military"),
        told("militia-media", says("denial", MILITIA, speaker=MILITIA)),
    )

    assert held.level == "accused"
    assert held.flags == ("denied_by_subject",)


def test_a_denial_by_somebody_else_is_not_the_subjects():
    held = line(
        told("centcom", says("accusation", MILITIA), kind="military"),
        told("iran", says("denial", MILITIA), kind="official"),
    )

    assert held.flags == ()


def test_a_retraction_lowers_a_line():
    held = line(
        told("blog", says("accusation", MILITIA)),
        told("centcom", says("accusation", MILITIA), kind="military"),
        told("desk", retraction(3)),
    )

    assert held.level == "speculated"


@pytest.mark.parametrize("statement", ["accusation", "assessment", "finding"])
def test_an_accuser_who_is_a_party_is_flagged(statement):
    held = line(told("other-side", says(statement, MILITIA), kind="party_to_conflict"))

    assert held.flags == ("accuser_is_party",)


def test_spelling_in_other_case_is_the_same_subject():
    held = line(
        told("centcom", says("accusation", MILITIA), kind="military"),
        told("dod", says("accusation", "KATAIB  Hezbollah"), kind="official"),
    )

    assert held.because == (2, 3)


def test_of_subjects_in_two_relations_each_has_a_line_of_its_own():
    sponsor = {**says("accusation", "Iran"), "relation": "sponsor"}

    held = attribution(
        told("centcom", says("accusation", MILITIA), sponsor, kind="military"),
    )

    assert [(one.subject, one.relation) for one in held.lines] == [
        (MILITIA, "perpetrator"),
        ("Iran", "sponsor"),
    ]


def test_a_relation_that_is_not_said_is_that_of_the_perpetrator():
    held = line(
        told("blog", {"type": "attribution", "statement": "accusation", "subject": MILITIA})
    )

    assert held.relation == "perpetrator"


def test_the_level_is_that_of_the_highest_standing_statement():
    held = line(
        told("odni", says("assessment", MILITIA, confidence="low"), kind="official", at_hour=17),
        told("blog", says("accusation", MILITIA), at_hour=18),
        told("centcom", says("accusation", MILITIA), kind="military", at_hour=19),
    )

    assert held.level == "assessed"
    assert held.because == (2, 3, 4)


def test_the_firmest_line_comes_first():
    held = attribution(
        told("blog", says("accusation", "A")),
        told("centcom", says("accusation", "Z"), kind="military"),
    )

    assert [(one.subject, one.level) for one in held.lines] == [
        ("Z", "accused"),
        ("A", "speculated"),
    ]


def test_an_assessment_without_likelihood_or_confidence_is_an_accusation():
    held = line(told("odni", says("assessment", MILITIA), kind="official"))

    assert held.level == "accused"


def test_a_later_word_of_the_same_speaker_replaces_its_earlier_one():
    held = line(
        told("odni", says("assessment", MILITIA, confidence="high"), kind="official", at_hour=17),
        told("odni", says("accusation", MILITIA), kind="official", at_hour=18),
    )

    assert (held.level, held.because) == ("accused", (3,))


def test_a_denial_does_not_replace_what_else_its_speaker_said():
    held = line(
        told("iran", says("accusation", MILITIA), kind="official", at_hour=17),
        told("iran", says("denial", MILITIA), kind="official", at_hour=18),
    )

    assert (held.level, held.because) == ("accused", (2, 3))


def test_a_line_that_is_only_denied_has_no_level():
    held = line(told("kh", says("denial", MILITIA, speaker=MILITIA)))

    assert (held.level, held.flags) == ("none", ("denied_by_subject",))


def test_a_denial_never_lowers_what_is_established():
    held = attribution(
        told("un", says("finding", MILITIA), kind="official"),
        told("kh", says("denial", MILITIA, speaker=MILITIA), at_hour=13),
    )

    assert (held.lines[0].level, held.responsibility) == ("established", "established")
    assert held.lines[0].flags == ("denied_by_subject",)


def test_each_statement_of_a_line_is_told_with_its_origin_and_its_odds():
    held = line(
        told("odni", says("assessment", MILITIA, likelihood="likely", confidence="low")),
        told("cnn", says("accusation", MILITIA, speaker="a US official")),
    )

    first, second = held.statements
    assert (first.origin, first.statement, first.likelihood, first.confidence) == (
        "odni",
        "assessment",
        "likely",
        "low",
    )
    assert (second.speaker, second.because) == ("a US official", (3,))


def test_a_party_that_only_denies_accuses_nobody():
    held = line(
        told("other-side", says("denial", MILITIA), kind="party_to_conflict"),
        told("blog", says("accusation", MILITIA)),
    )

    assert held.flags == ()


def test_one_accuser_of_two_subjects_accuses_both():
    held = attribution(
        told("centcom", says("accusation", "A"), says("accusation", "B"), kind="military")
    )

    assert [(one.subject, one.because) for one in held.lines] == [("A", (2,)), ("B", (3,))]


def test_one_accuser_of_a_subject_in_two_relations_says_both():
    sponsor = {**says("accusation", "Iran"), "relation": "sponsor"}

    held = attribution(told("dod", says("accusation", "Iran"), sponsor, kind="official"))

    assert [(one.relation, one.because) for one in held.lines] == [
        ("perpetrator", (2,)),
        ("sponsor", (3,)),
    ]
