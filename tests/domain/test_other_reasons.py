"""Why something no longer holds that is no figure, or is counted otherwise (API.md, changes)."""

from service.domain.changes import changes
from service.domain.policies import Policy
from service.domain.standing import Bounds, Trust
from tests.histories import (
    correction,
    injured,
    killed,
    known_of,
    recorded,
    response,
    retraction,
    says,
    settled,
    told,
)

MILITIA = "Kataib Hezbollah"


def between(before, after, policy=Policy.COMPATIBLE):
    events = recorded(*before, *after)
    first = known_of(events[: len(recorded(*before))], policy=policy)
    return changes(first, known_of(events, policy=policy))


def told_of(path, before, after, policy=Policy.COMPATIBLE):
    return next(change for change in between(before, after, policy) if change.path == path)


def test_another_fact_says_why_it_no_longer_holds_where_its_report_was_withdrawn():
    path = f"attribution.lines[{MILITIA},perpetrator]"

    held = told_of(
        path,
        [told("centcom", says("accusation", MILITIA), kind="military")],
        [told("desk", retraction(2, reason="a misquote"))],
    )

    assert (held.cause, held.from_["level"], held.to) == ("retraction", "accused", None)
    assert held.sentence.endswith("not named, because event 2 was retracted (a misquote).")


def test_another_fact_that_only_moved_on_needs_no_cause():
    held = told_of(
        "status",
        [told("desk", {"type": "status", "status": "stable"})],
        [told("desk", {"type": "status", "status": "closed"}, at_hour=13)],
    )

    assert held.cause is None


def test_a_fall_of_the_affected_says_why_too():
    held = told_of(
        "casualties.affected",
        [told("afp", killed(5), injured(9), at_hour=17)],
        [told("afp", injured(2), at_hour=18)],
    )

    assert (held.from_, held.to) == ({"low": 14}, {"low": 7})
    assert (held.cause, held.because) == ("supersession", (2, 4))


def test_a_place_that_was_corrected_says_so():
    place = {"type": "location", "role": "target", "name": "Balad"}
    right = correction(2, {**place, "name": "Camp Taji"}, kind="place")

    held = told_of("overview.locations.target", [told("afp", place)], [told("desk", right)])

    assert held.cause == "correction"
    assert held.sentence == ("Target: Balad → Camp Taji, because event 2 was corrected (place).")


def test_a_response_that_is_left_out_says_so():
    events = recorded(told("afp", response("carried_out", "rumoured")))
    without = Trust(without_origins=frozenset({"afp"}))

    (held,) = changes(known_of(events), known_of(events, trust=without))

    assert (held.path, held.cause) == ("responses.strikes", "left_out")


def test_a_response_that_is_withheld_says_so():
    withheld = {"type": "marking", "targets": [2], "audience": "desk"}
    events = recorded(told("afp", response("carried_out", "rumoured")), told("desk", withheld))
    after = known_of(events)
    hidden = after._replace(
        situation=known_of([events[0], events[2]]).situation,
        standing=[held for held in after.standing if held.version != 2],
    )

    (held,) = changes(known_of(events[:2]), hidden)

    assert held.cause == "marking"


def test_a_single_death_that_is_retracted_says_why_nobody_is_left():
    held = told_of("casualties.killed", [told("afp", killed(1))], [told("desk", retraction(2))])

    assert held.cause == "retraction"


def test_a_retraction_without_a_reason_is_told_without_one():
    silent = retraction(2, reason=None)

    held = told_of("casualties.killed", [told("afp", killed(3))], [told("desk", silent)])

    assert held.sentence == "Killed: 3 → none reported, because event 2 was retracted."


def test_a_note_of_a_hundred_and_twenty_signs_is_told_whole():
    note = "x" * 120

    held = told_of(
        "casualties.killed",
        [told("afp", killed(30))],
        [told("desk", correction(2, killed(3), note=note))],
    )

    assert f"({note})" in held.sentence


def test_a_dispute_by_two_names_both():
    held = told_of(
        "casualties.killed",
        [told("fox", killed(3), at_hour=17)],
        [told("army", killed(1), at_hour=18), told("ministry", killed(2), at_hour=18)],
    )

    assert held.sentence == ("Killed: 3 → 1 to 3, disputed, because army and ministry dispute it.")


def test_newer_reports_that_say_less_are_told_as_such():
    held = told_of(
        "casualties.killed",
        [told("fox", killed(3), at_hour=17), told("army", killed(1), at_hour=18)],
        [told("bbc", killed("unknown"), at_hour=19)],
    )

    assert held.sentence == (
        "Killed: 1 to 3, disputed → not known how many, disputed, because newer reports say so."
    )


def test_a_ruling_that_does_not_speak_under_a_policy_is_no_cause_there():
    held = told_of(
        "casualties.killed",
        [told("fox", killed(9), at_hour=17)],
        [told("fox", killed(3), at_hour=18), told("desk", settled(4))],
        Policy.LATEST,
    )

    assert held.cause == "supersession"


def test_a_ruling_that_lapsed_long_ago_is_no_cause():
    held = told_of(
        "casualties.killed",
        [told("afp", killed(9)), told("desk", settled(8)), told("bbc", killed("1+"))],
        [told("afp", killed(3), at_hour=20)],
    )

    assert held.cause == "supersession"


def test_a_dispute_about_a_report_does_not_withhold_it():
    disputed = {"type": "dispute", "target": 2, "grounds": "a wrong list"}

    held = told_of(
        "casualties.killed",
        [told("afp", killed(5)), told("army", disputed)],
        [told("afp", killed(3), at_hour=20)],
    )

    assert held.cause == "supersession"


def test_the_retraction_of_what_another_source_said_is_no_cause():
    scope = {"origin": "rumour", "since": "2020-03-11"}

    held = told_of(
        "casualties.killed",
        [told("afp", killed(5)), told("rumour", injured(2))],
        [told("afp", killed(3), at_hour=20), told("desk", retraction() | {"targets": scope})],
    )

    assert held.cause == "supersession"


def test_another_word_of_the_same_origin_does_not_supersede_a_figure():
    events = recorded(told("afp", injured(2), at_hour=19), told("afp", killed(5), at_hour=17))

    held = next(
        change
        for change in changes(known_of(events), known_of(events, Bounds(version=2)))
        if change.path == "casualties.killed"
    )

    assert held.cause == "bounds"
