"""DOMAIN.md §6: claims, what corroborates and withdraws them, and who is held responsible."""

from tests.histories import killed, origin, recorded, says, situation_of, told

MILITIA = "Kataib Hezbollah"


def attribution(*updates):
    return situation_of(recorded(*updates)).attribution


def line(*updates):
    (only,) = attribution(*updates).lines
    return only


def test_a_claim_with_independent_corroboration_is_established():
    held = attribution(
        told("militia", says("claim", MILITIA), kind="party_to_conflict"),
        told("centcom", says("accusation", MILITIA), kind="military"),
    )

    assert held.lines[0].level == "established"
    assert held.responsibility == "established"


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


def test_a_withdrawn_accusation_lowers_a_line():
    held = line(
        told("blog", says("accusation", MILITIA), at_hour=17),
        told("centcom", says("accusation", MILITIA), kind="military", at_hour=18),
        told("centcom", says("withdrawal", MILITIA), kind="military", at_hour=19),
    )

    assert (held.level, held.flags) == ("speculated", ())


def test_a_claim_that_its_subject_withdrew_counts_no_more_whoever_told_of_it():
    held = attribution(
        told("telegram", says("claim", MILITIA, speaker=MILITIA), at_hour=17),
        told("reuters", says("withdrawal", MILITIA, speaker=MILITIA), at_hour=18),
    )

    assert held.responsibility == "unclaimed"
    assert (held.lines[0].level, held.lines[0].flags) == ("none", ("claim_withdrawn",))


def test_a_withdrawn_claim_is_no_longer_corroborated_but_what_others_say_stands():
    held = attribution(
        told("telegram", says("claim", MILITIA, speaker=MILITIA), at_hour=17),
        told("centcom", says("accusation", MILITIA), kind="military", at_hour=18),
        told("reuters", says("withdrawal", MILITIA, speaker=MILITIA), at_hour=19),
    )

    assert held.responsibility == "unclaimed"
    assert (held.lines[0].level, held.lines[0].flags) == ("accused", ("claim_withdrawn",))


def test_a_claim_that_is_made_again_after_its_withdrawal_counts():
    held = attribution(
        told("telegram", says("withdrawal", MILITIA, speaker=MILITIA), at_hour=17),
        told("reuters", says("claim", MILITIA, speaker=MILITIA), at_hour=18),
    )

    assert (held.responsibility, held.lines[0].level) == ("claimed", "claimed")


def test_what_somebody_else_withdraws_is_not_the_subjects_claim():
    held = attribution(
        told("telegram", says("claim", MILITIA, speaker=MILITIA), at_hour=17),
        told("iran", says("withdrawal", MILITIA), kind="official", at_hour=18),
    )

    assert (held.responsibility, held.lines[0].flags) == ("claimed", ())


def test_unnamed_officials_do_not_corroborate_a_claim():
    held = attribution(
        told("militia", says("claim", MILITIA), kind="party_to_conflict"),
        told("cnn", says("accusation", MILITIA, origin=origin("officials", named=False))),
    )

    assert (held.lines[0].level, held.responsibility) == ("claimed", "claimed")


def test_two_who_tell_of_one_claim_do_not_corroborate_it():
    held = attribution(
        told("telegram", says("claim", MILITIA, speaker=MILITIA)),
        told("reuters", says("claim", MILITIA, speaker=MILITIA)),
    )

    assert held.lines[0].level == "claimed"


def test_an_accusation_without_a_claim_establishes_nothing():
    held = attribution(
        told("centcom", says("accusation", MILITIA), kind="military"),
        told("dod", says("accusation", MILITIA), kind="official"),
    )

    assert (held.lines[0].level, held.responsibility) == ("accused", "unclaimed")


def test_a_claim_of_a_sponsor_is_no_claim_of_the_deed():
    held = attribution(
        told("iran", {**says("claim", "Iran"), "relation": "sponsor"}, kind="official")
    )

    assert (held.lines[0].level, held.responsibility) == ("claimed", "unclaimed")


def test_a_finding_about_a_sponsor_does_not_establish_who_did_it():
    held = attribution(
        told("un", {**says("finding", "Iran"), "relation": "sponsor"}, kind="official")
    )

    assert (held.lines[0].level, held.responsibility) == ("established", "unclaimed")


def test_a_claim_names_its_events_and_ends_the_dated_no_claim():
    held = attribution(
        told("reuters", says("no_claim"), at_hour=19),
        told("militia", says("claim", MILITIA), at_hour=20),
    )

    assert (held.responsibility, held.as_of, held.because) == ("claimed", None, (3,))


def test_no_claim_is_dated_by_the_latest_word_of_it():
    held = attribution(
        told("reuters", says("no_claim"), at_hour=20), told("afp", says("no_claim"), at_hour=19)
    )

    assert held.as_of == "2020-03-11T20:00:00.000000Z"
    assert held.because == (2, 3)


def test_without_any_word_it_is_unclaimed_as_of_no_date():
    held = attribution(told("afp", {"type": "context", "paraphrase": "a quiet day"}))

    assert (held.responsibility, held.as_of, held.because) == ("unclaimed", None, ())


def test_one_established_among_claimants_ends_the_competition():
    held = attribution(
        told("one", says("claim", "Group One"), kind="party_to_conflict"),
        told("two", says("claim", "Group Two"), kind="party_to_conflict"),
        told("un", says("finding", "Group One"), kind="official"),
    )

    assert held.responsibility == "established"
    assert held.because == (2, 4)
    assert [one.flags for one in held.lines] == [("competing_claims",)] * 2


def test_a_line_that_nobody_claims_does_not_compete():
    held = attribution(
        told("one", says("claim", "Group One"), kind="party_to_conflict"),
        told("centcom", says("accusation", "Group Two"), kind="military"),
    )

    assert [(one.subject, one.flags) for one in held.lines] == [
        ("Group One", ()),
        ("Group Two", ()),
    ]


def test_that_it_happened_does_not_depend_on_who_did_it():
    held = situation_of(recorded(told("afp", killed(3), says("no_claim"))))

    assert held.casualties.killed.status == "single_origin"
    assert held.attribution.responsibility == "unclaimed"
