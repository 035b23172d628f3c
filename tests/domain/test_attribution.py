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
    ],
)
def test_the_level_of_a_line_is_as_firm_as_its_word(update, level):
    assert line(update).level == level


def test_a_claim_made_for_the_subject_by_somebody_else_is_no_claim():
    held = line(told("cnn", says("claim", MILITIA, speaker="a rival group")))

    assert held.level == "suspected"


def test_a_claim_with_independent_corroboration_is_established():
    held = attribution(
        told("militia", says("claim", MILITIA), kind="party_to_conflict"),
        told("centcom", says("accusation", MILITIA), kind="military"),
    )

    assert held.lines[0].level == "established"
    assert held.responsibility == "established"


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


def test_a_withdrawal_takes_the_place_of_the_claim():
    publisher = {"key": "kataib-hezbollah", "name": MILITIA, "kind": "party_to_conflict"}
    story = [
        told("x", says("claim", MILITIA), at_hour=12),
        told("x", says("withdrawal", MILITIA), at_hour=13),
    ]
    for update in story:
        update["publisher"] = publisher

    held = attribution(*story)

    assert held.responsibility == "unclaimed"
    assert (held.lines[0].level, held.lines[0].flags) == ("none", ("claim_withdrawn",))


def test_a_retraction_lowers_a_line():
    held = line(
        told("blog", says("accusation", MILITIA)),
        told("centcom", says("accusation", MILITIA), kind="military"),
        told("desk", retraction(3)),
    )

    assert held.level == "speculated"


def test_no_claim_is_a_dated_fact():
    held = attribution(told("reuters", says("no_claim"), at_hour=19))

    assert (held.responsibility, held.as_of) == ("unclaimed", "2020-03-11T19:00:00.000000Z")
    assert held.because == (2,)


def test_two_claimants_compete():
    held = attribution(
        told("one", says("claim", "Group One"), kind="party_to_conflict"),
        told("two", says("claim", "Group Two"), kind="party_to_conflict"),
    )

    assert held.responsibility == "competing"
    assert [held.flags for held in held.lines] == [("competing_claims",)] * 2


def test_an_accuser_who_is_a_party_is_flagged():
    held = line(told("other-side", says("accusation", MILITIA), kind="party_to_conflict"))

    assert held.flags == ("accuser_is_party",)


def test_spelling_in_other_case_is_the_same_subject():
    held = line(
        told("centcom", says("accusation", MILITIA), kind="military"),
        told("dod", says("accusation", "KATAIB  Hezbollah"), kind="official"),
    )

    assert held.because == (2, 3)
