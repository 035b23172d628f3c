"""DOMAIN.md §9: the same log under another question, without some, with only some."""

import pytest

from service.domain.policies import Policy
from service.domain.standing import Bounds, Origins, Trust
from tests.histories import (
    at,
    correction,
    killed,
    origin,
    recorded,
    retraction,
    settled,
    shown,
    situation_of,
    told,
)

UNNAMED = origin("officials", named=False)
STORY = (
    told("pentagon", killed(2), kind="official", at_hour=17),
    told("cnn", killed(4, origin=UNNAMED), at_hour=18),
    told("army", killed(3), kind="military", at_hour=19),
    told("blog", killed(9), kind="social", at_hour=20),
)


def killed_when(story, **asked):
    return situation_of(recorded(*story), **asked).casualties.killed


def test_the_same_log_can_be_asked_without_an_origin():
    without = Trust(without_origins=frozenset({"blog"}))

    held = killed_when(STORY, trust=without)

    assert shown(held) == (3, 4, "disputed")


def test_the_same_log_can_be_asked_without_a_publisher():
    without = Trust(without_publishers=frozenset({"cnn", "blog"}))

    held = killed_when(STORY, trust=without)

    assert (held.low, held.high, held.origins) == (3, 3, ("army",))


def test_leaving_out_an_origin_reaches_it_wherever_it_was_read():
    story = (told("fox", killed(4, origin=UNNAMED)), told("bbc", killed(4, origin=UNNAMED)))
    without = Trust(without_origins=frozenset({"officials"}))

    held = killed_when(story, trust=without)

    assert held.status == "unreported"


def test_leaving_out_a_publisher_leaves_an_origin_that_was_read_elsewhere():
    story = (told("fox", killed(4, origin=UNNAMED)), told("bbc", killed(4, origin=UNNAMED)))
    without = Trust(without_publishers=frozenset({"bbc"}))

    held = killed_when(story, trust=without)

    assert (held.low, held.because) == (4, (2,))


@pytest.mark.parametrize(
    ("origins", "heard"),
    [
        (Origins.ALL, ("blog",)),
        (Origins.NAMED, ("blog",)),
        (Origins.OFFICIAL, ("army", "officials")),
    ],
)
def test_the_same_log_can_be_asked_with_only_named_or_only_official_origins(origins, heard):
    held = killed_when(STORY, trust=Trust(origins=origins))

    assert held.origins == heard


def test_an_unnamed_origin_is_not_heard_among_the_named():
    held = killed_when(STORY[1:2], trust=Trust(origins=Origins.NAMED))

    assert held.status == "unreported"


def test_acts_of_the_desk_hold_whoevers_word_counts():
    story = (
        told("pentagon", killed(20), kind="official"),
        told("desk", correction(2, killed(2)), kind="desk"),
        told("desk", settled(3), kind="desk"),
        told("desk", {"type": "status", "status": "closed"}, kind="desk"),
    )

    held = situation_of(recorded(*story), trust=Trust(origins=Origins.OFFICIAL))

    assert (held.casualties.killed.low, held.status) == (3, "closed")
    assert held.casualties.killed.adjudication.reports_say.low == 2


def test_a_retraction_by_somebody_who_is_left_out_retracts_nothing():
    story = (told("afp", killed(2)), told("rival", retraction(2)))
    without = Trust(without_origins=frozenset({"rival"}))

    held = killed_when(story, trust=without)

    assert held.low == 2


def test_the_answer_says_what_was_left_out():
    without = Trust(without_origins=frozenset({"blog"}), without_publishers=frozenset({"cnn"}))

    held = situation_of(recorded(*STORY), trust=without)

    assert held.left_out == ("origin:blog", "publisher:cnn")
    assert [publisher.key for publisher in held.publishers] == ["army", "pentagon"]


def test_time_trust_and_policy_combine():
    events = recorded(*STORY)
    until = Bounds(version=4, published_us=events[3].published_us)
    without = Trust(without_origins=frozenset({"officials"}))

    held = situation_of(events, until, without, Policy.FLOOR).casualties.killed

    assert (held.low, held.high, held.rule) == (3, None, "floor")


def test_the_desk_adjudicates_for_everybody_until_it_is_left_out():
    story = (told("afp", killed(2)), told("desk", settled(3), kind="desk"))
    without = Trust(without_publishers=frozenset({"desk"}))

    held = killed_when(story, trust=without)

    assert shown(held) == (2, 2, "single_origin")


def test_a_retraction_of_all_that_a_source_said_reaches_only_what_is_seen():
    scope = {"type": "retraction", "targets": {"origin": "blog", "since": at(0)}}
    story = (*STORY, told("desk", scope, kind="desk", at_hour=21))

    held = killed_when(story, trust=Trust(without_origins=frozenset({"army"})))

    assert held.origins == ("officials",)
