"""What is denied or only supposed is kept, and is no figure (docs/adr/0011)."""

import pytest

from service.domain.changes import changes
from service.domain.policies import Policy
from tests.histories import (
    correction,
    injured,
    killed,
    known_of,
    measure,
    origin,
    outcome,
    person,
    recorded,
    response,
    says,
    settled,
    situation_of,
    told,
)

NOT_SO = ["denied", "conditional", "planned"]


def killed_in(*updates):
    return situation_of(recorded(*updates)).casualties.killed


def unknown(held):
    return {(gap.what, gap.because) for gap in held.unknowns}


@pytest.mark.parametrize("modality", NOT_SO)
def test_a_count_that_is_denied_or_supposed_counts_nobody(modality):
    held = situation_of(recorded(told("army", killed(3, modality=modality))))
    assert held.casualties.killed.status == "unreported"
    assert held.casualties.affected.low == 0
    assert held.casualties.killed.by_group == ()


@pytest.mark.parametrize("modality", ["asserted", "reportedly", "possible", "inferred"])
def test_a_count_that_is_hedged_counts(modality):
    toll = killed_in(told("army", killed(3, modality=modality)))
    assert (toll.low, toll.high, toll.because) == (3, 3, (2,))


def test_who_denies_a_count_of_another_takes_nothing_from_it():
    toll = killed_in(
        told("afp", killed(3), at_hour=17), told("army", killed(3, modality="denied"), at_hour=18)
    )
    assert (toll.low, toll.high, toll.status, toll.origins) == (3, 3, "single_origin", ("afp",))


def test_who_denies_its_own_count_takes_it_back():
    events = recorded(
        told("army", killed(3), at_hour=17), told("army", killed(3, modality="denied"), at_hour=18)
    )
    assert situation_of(events).casualties.killed.status == "unreported"
    told_since = changes(known_of(events[:2]), known_of(events))
    (change,) = [one for one in told_since if one.path == "casualties.killed"]
    assert (change.cause, change.because) == ("denial", (2, 3))
    assert change.sentence == "Killed: 3 → none reported, because army denied it."


def test_a_denied_count_is_told_among_what_is_not_known_until_its_origin_counts():
    denied = told("army", killed(3, modality="denied"), at_hour=17)
    (gap,) = [one for one in situation_of(recorded(denied)).unknowns if one.what == "denied_count"]
    assert (gap.where, gap.because) == ("events.2", (2,))
    assert gap.closes_with == "a count by whoever denies this one"
    counted = situation_of(recorded(denied, told("army", killed(1), at_hour=18)))
    assert not {what for what, _ in unknown(counted)} & {"denied_count"}


@pytest.mark.parametrize("modality", ["conditional", "planned"])
def test_a_supposed_count_takes_no_count_of_its_origin_away(modality):
    toll = killed_in(
        told("army", killed(3), at_hour=17), told("army", killed(5, modality=modality), at_hour=18)
    )
    assert (toll.low, toll.high) == (3, 3)


def test_a_newer_conditional_count_replaces_an_older_one():
    held = situation_of(
        recorded(
            told("army", killed(5, modality="conditional"), at_hour=17),
            told("army", killed(4, modality="conditional"), at_hour=18),
        )
    )
    assert {because for what, because in unknown(held) if what == "conditional_report"} == {(3,)}


def test_a_condition_is_met_when_its_origin_says_so_without_one():
    supposed = told("army", killed(5, modality="conditional"), at_hour=17)
    other = told("afp", killed(5), at_hour=18)
    same = told("army", killed(5), at_hour=18)
    assert ("conditional_report", (2,)) in unknown(situation_of(recorded(supposed, other)))
    assert ("conditional_report", (2,)) not in unknown(situation_of(recorded(supposed, same)))


def test_what_was_said_before_a_condition_does_not_meet_it():
    held = situation_of(
        recorded(
            told("army", killed(5), at_hour=17),
            told("army", killed(6, modality="conditional"), at_hour=18),
        )
    )
    assert ("conditional_report", (3,)) in unknown(held)


@pytest.mark.parametrize("modality", NOT_SO)
def test_a_death_that_is_denied_or_supposed_moves_nobody(modality):
    held = situation_of(
        recorded(
            told("army", injured(4), at_hour=17),
            told("army", outcome("injured", "killed", 1, modality=modality), at_hour=18),
        )
    )
    assert (held.casualties.injured.low, held.casualties.killed.status) == (4, "unreported")


@pytest.mark.parametrize("modality", NOT_SO)
def test_a_measure_that_is_denied_or_supposed_is_not_there(modality):
    held = situation_of(recorded(told("army", measure("rockets", 15, modality=modality))))
    assert held.overview.measures == {}


@pytest.mark.parametrize("modality", ["conditional", "planned"])
def test_a_supposed_measure_takes_no_measure_of_its_origin_away(modality):
    supposed = measure("rockets", 30, modality=modality)
    held = situation_of(
        recorded(
            told("army", measure("rockets", 15), at_hour=17), told("army", supposed, at_hour=18)
        )
    )
    assert held.overview.measures["rockets"].low == 15


def test_a_measure_that_one_denies_stands_as_others_count_it():
    held = situation_of(
        recorded(
            told("afp", measure("rockets", 15), at_hour=17),
            told("army", measure("rockets", 30, modality="denied"), at_hour=18),
        )
    )
    rockets = held.overview.measures["rockets"]
    assert (rockets.low, rockets.high, rockets.origins) == (15, 15, ("afp",))


def test_a_denied_measure_sends_a_ruling_to_review():
    held = situation_of(
        recorded(
            told("afp", measure("rockets", 15), at_hour=17),
            told("desk", settled(18, "overview.measures.rockets"), at_hour=18, kind="desk"),
            told("army", measure("rockets", 18, modality="denied"), at_hour=19),
        )
    )
    assert held.overview.measures["rockets"].adjudication.touched_by == (4,)


def test_a_denied_measure_sets_no_course():
    level = measure("fires", 9, course="varies", modality="denied")
    held = situation_of(recorded(told("afp", measure("fires", 3)), told("army", level)))
    assert held.overview.measures["fires"].course == "accumulates"


@pytest.mark.parametrize("modality", NOT_SO)
def test_a_denied_or_supposed_count_sends_a_ruling_to_review(modality):
    toll = killed_in(
        told("afp", killed(3), at_hour=17),
        told("desk", settled(3), at_hour=18, kind="desk"),
        told("army", killed(3, modality=modality), at_hour=19),
    )
    assert (toll.adjudication.state, toll.adjudication.touched_by) == ("needs_review", (4,))


def test_a_correction_leaves_how_firmly_it_was_said():
    toll = killed_in(
        told("army", killed(3, modality="denied"), at_hour=17),
        told("army", correction(2, killed(4)), at_hour=18),
    )
    assert toll.status == "unreported"


def test_a_correction_leaves_how_it_was_graded():
    events = recorded(
        told("afp", killed(3, grading={"reliability": "A"}), at_hour=18),
        told("afp", correction(2, killed(4)), at_hour=19),
        told("bbc", killed(5, grading={"reliability": "C"}), at_hour=18),
    )
    assert situation_of(events, policy=Policy.HIGHEST_GRADED).casualties.killed.high == 4


@pytest.mark.parametrize(
    "report",
    [
        {"type": "means", "weapon": "chlorine", "modality": "denied"},
        {"type": "location", "role": "launch", "name": "Karbala", "modality": "denied"},
        {"type": "time", "occurred": {"earliest": "2020-03-11"}, "modality": "denied"},
        {"type": "actor", "actor": "Iran", "role": "party", "modality": "denied"},
        {"type": "damage", "object": "hangar", "extent": "destroyed", "modality": "denied"},
        person("Jane Doe", informed=True, modality="denied"),
    ],
)
def test_what_is_denied_is_no_part_of_the_story(report):
    held = situation_of(recorded(told("army", report)))
    places = (held.overview.means, held.overview.locations, held.overview.actors)
    assert (*places, held.overview.damage, held.people) == ((),) * 5
    assert held.overview.occurred.status == "unreported"


def test_who_denies_an_accusation_takes_back_its_own():
    held = situation_of(
        recorded(
            told("ministry", says("accusation", "Militia"), at_hour=17, kind="official"),
            told(
                "ministry",
                says("accusation", "Militia", modality="denied"),
                at_hour=18,
                kind="official",
            ),
        )
    )
    assert [(line.level, line.flags) for line in held.attribution.lines] == [("none", ())]


def test_an_accusation_that_its_subject_denies_is_denied_by_the_subject():
    denied = says("accusation", "Militia", modality="denied", speaker="the Militia")
    held = situation_of(
        recorded(
            told("ministry", says("accusation", "Militia"), kind="official"), told("afp", denied)
        )
    )
    assert [(line.level, line.flags) for line in held.attribution.lines] == [
        ("accused", ("denied_by_subject",))
    ]


def test_a_conditional_claim_is_speculation():
    supposed = says("claim", "Militia", speaker="Militia", modality="conditional")
    held = situation_of(recorded(told("afp", supposed)))
    assert held.attribution.responsibility == "unclaimed"
    assert [line.level for line in held.attribution.lines] == ["speculated"]


def test_a_condition_makes_a_denial_no_firmer():
    denial = says("denial", "Militia", speaker="Militia", modality="conditional")
    held = situation_of(recorded(told("afp", denial)))
    assert [line.level for line in held.attribution.lines] == ["none"]


def test_a_denied_withdrawal_withdraws_nothing():
    claim = says("claim", "Militia", speaker="Militia")
    denied = says("withdrawal", "Militia", speaker="Militia", modality="denied")
    held = situation_of(recorded(told("afp", claim, at_hour=17), told("bbc", denied, at_hour=18)))
    assert [(line.level, line.flags) for line in held.attribution.lines] == [("claimed", ())]


def test_that_nobody_claimed_it_may_be_denied():
    held = situation_of(recorded(told("afp", says("no_claim", modality="denied"))))
    assert (held.attribution.as_of, held.attribution.because) == (None, ())


def test_a_response_that_its_actor_denies_is_denied_by_the_actor():
    strikes = response("carried_out", "reported", actor="US military")
    denied = {**strikes, "modality": "denied", "origin": origin("us-military", "military")}
    held = situation_of(recorded(told("afp", strikes, at_hour=17), told("bbc", denied, at_hour=18)))
    assert [one.evidence for one in held.responses] == ["denied_by_actor"]


def test_a_response_that_somebody_else_denies_stands_as_it_was_reported():
    strikes = response("carried_out", "reported", actor="US military")
    denied = {**strikes, "modality": "denied", "origin": origin("iran")}
    held = situation_of(recorded(told("afp", strikes, at_hour=17), told("bbc", denied, at_hour=18)))
    assert [(one.evidence, one.because) for one in held.responses] == [("reported", (2,))]


def test_a_denial_that_tells_of_the_actors_own_keeps_its_evidence():
    denied = response("carried_out", "denied_by_actor", actor="US military", modality="denied")
    held = situation_of(recorded(told("afp", denied)))
    assert [one.evidence for one in held.responses] == ["denied_by_actor"]
