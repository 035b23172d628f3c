"""DOMAIN.md §2 and §5.1: visible reports are those inside the bounds, not retracted, corrected ones
replaced.
"""

import pytest

from service.domain.moments import read_moment
from service.domain.standing import Bounds
from tests.histories import (
    at,
    correction,
    killed,
    of_group,
    recorded,
    retraction,
    shown,
    situation_of,
    told,
    toll,
)

US = {"nationality": "US"}
GB = {"nationality": "GB"}


def test_a_retracted_toll_gives_way_to_the_one_before_it():
    held = toll(
        told("afp", killed(3), at_hour=17),
        told("afp", killed(30), at_hour=18),
        told("desk", retraction(3)),
    )

    assert (held.low, held.high) == (3, 3)
    assert held.because == (2,)


def test_a_correction_holds_from_its_own_time_on_and_the_old_count_before_it():
    events = recorded(
        told("afp", killed(30), at_hour=17),
        told("desk", correction(2, killed(3)), at_hour=19),
    )

    before = situation_of(events, Bounds(version=2)).casualties.killed
    after = situation_of(events).casualties.killed

    assert (before.low, before.because) == (30, (2,))
    assert (after.low, after.high, after.because) == (3, 3, (3,))


def test_a_retraction_holds_from_its_own_time_on_in_both_kinds_of_replay():
    events = recorded(told("afp", killed(30), at_hour=17), told("desk", retraction(2), at_hour=19))
    then = [Bounds(recorded_us=events[1].recorded_us), Bounds(published_us=read_moment(at(18)))]
    now = [Bounds(recorded_us=events[2].recorded_us), Bounds(published_us=read_moment(at(19)))]

    before = [situation_of(events, bounds).casualties.killed.status for bounds in then]
    after = [situation_of(events, bounds).casualties.killed.status for bounds in now]

    assert before == ["single_origin"] * 2
    assert after == ["unreported"] * 2


def test_a_correction_speaks_for_the_moment_and_the_origin_of_what_it_corrects():
    held = toll(
        told("afp", killed(30), at_hour=17),
        told("bbc", killed(4), at_hour=18),
        told("desk", correction(2, killed(3)), at_hour=19),
    )

    assert shown(held) == (4, 4, "single_origin")
    assert [(late.origin, late.high, late.because) for late in held.outdated] == [("afp", 3, (4,))]


def test_a_correction_of_a_superseded_report_does_not_bring_it_back():
    held = toll(
        told("afp", killed(2), at_hour=17),
        told("afp", killed(5), at_hour=18),
        told("desk", correction(2, killed(1)), at_hour=19),
    )

    assert (held.low, held.because) == (5, (3,))


def test_the_latest_of_several_corrections_holds_and_its_retraction_revives_the_one_before():
    story = (
        told("afp", killed(30), at_hour=17),
        told("desk", correction(2, killed(3)), at_hour=18),
        told("desk", correction(2, killed(4)), at_hour=19),
    )

    corrected = toll(*story)
    revived = toll(*story, told("desk", retraction(4), at_hour=20))

    assert (corrected.low, corrected.because) == (4, (4,))
    assert (revived.low, revived.because) == (3, (3,))


def test_of_several_corrections_the_latest_published_holds_whichever_came_first():
    held = toll(
        told("afp", killed(30), at_hour=17),
        told("desk", correction(2, killed(4)), at_hour=19),
        told("desk", correction(2, killed(3)), at_hour=18),
    )

    assert (held.low, held.because) == (4, (3,))


def test_retracting_the_only_correction_brings_back_what_was_said():
    held = toll(
        told("afp", killed(30), at_hour=17),
        told("desk", correction(2, killed(3)), at_hour=18),
        told("desk", retraction(3), at_hour=19),
    )

    assert (held.low, held.because) == (30, (2,))


def test_a_retracted_report_does_not_come_back_by_its_correction():
    held = toll(
        told("afp", killed(30), at_hour=17),
        told("desk", correction(2, killed(3)), at_hour=18),
        told("desk", retraction(2), at_hour=19),
    )

    assert held.status == "unreported"


def test_a_correction_can_move_a_count_to_another_group():
    held = toll(
        told("afp", killed(2, group=US), at_hour=17),
        told("desk", correction(2, killed(2, group=GB)), at_hour=18),
    )

    assert [held.group for held in held.by_group] == [GB]


def test_a_correction_can_take_back_a_part_for_the_whole():
    held = toll(
        told("afp", killed(2), at_hour=17),
        told("desk", correction(2, killed(2, group=US), kind="coding"), at_hour=18),
    )

    assert shown(held) == (2, None, "single_origin")
    assert shown(of_group(held, US)) == (2, 2, "single_origin")


def test_everything_a_source_said_since_a_moment_can_be_retracted():
    held = toll(
        told("rumour", killed(2), at_hour=12),
        told("rumour", killed(40), at_hour=17),
        told("afp", killed(3), at_hour=18),
        told("desk", {"type": "retraction", "targets": {"origin": "rumour", "since": at(15)}}),
    )

    assert (held.low, held.high, held.origins) == (3, 3, ("afp",))
    assert [late.because for late in held.outdated] == [(2,)]


def test_everything_that_was_read_at_a_publisher_since_a_moment_can_be_retracted():
    held = toll(
        told("wire", killed(2, origin={"key": "mayor", "kind": "local"}), at_hour=12),
        told("wire", killed(40, origin={"key": "hospital", "kind": "local"}), at_hour=17),
        told("desk", {"type": "retraction", "targets": {"publisher": "wire", "since": at(15)}}),
    )

    assert (held.low, held.origins) == (2, ("mayor",))


def test_a_retraction_of_all_that_a_source_said_reaches_nothing_said_after_it():
    held = toll(
        told("rumour", killed(40), at_hour=17),
        told("desk", {"type": "retraction", "targets": {"origin": "rumour", "since": at(15)}}),
        told("rumour", killed(3), at_hour=19),
    )

    assert (held.low, held.because) == (3, (4,))


def test_a_retraction_of_all_that_a_source_said_undoes_no_other_retraction():
    scope = {"type": "retraction", "targets": {"origin": "rumour", "since": at(15)}}

    held = toll(
        told("afp", killed(9), at_hour=17),
        told("rumour", killed(40), at_hour=17),
        told("desk", retraction(2), at_hour=18),
        told("desk", scope, at_hour=19),
    )

    assert held.status == "unreported"


@pytest.mark.parametrize(
    "kind",
    ["number", "place", "time", "identity", "attribution", "translation", "coding", "other"],
)
def test_corrections_are_labelled_by_kind(kind):
    held = situation_of(
        recorded(told("afp", killed(30)), told("desk", correction(2, killed(3), kind=kind)))
    )

    assert [(act.target, act.by, act.kind) for act in held.corrections] == [(2, 3, kind)]
