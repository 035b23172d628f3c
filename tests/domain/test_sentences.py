"""The sentences that changes are told in: whom they name (API.md, changes)."""

import pytest

from service.domain.changes import changes
from tests.histories import killed, known_of, measure, recorded, says, told

MILITIA = "Kataib Hezbollah"


def between(before, after):
    """What the updates of `after` changed."""
    events = recorded(*before, *after)
    return changes(known_of(events[: len(recorded(*before))]), known_of(events))


def told_of(path, before, after):
    return next(change for change in between(before, after) if change.path == path)


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        (killed(2, group={"nationality": "US"}), "Killed, US: none reported → 2."),
        (measure("houses", 4, group={"nationality": "US"}), "Houses, US: none reported → 4."),
    ],
)
def test_a_change_of_a_group_names_what_is_counted_and_of_whom(report, sentence):
    held = between([], [told("afp", report)])

    assert sentence in [change.sentence for change in held]


def test_flags_of_a_line_are_told_in_its_sentence():
    first, *_ = between([], [told("afp", says("denial", MILITIA, speaker=MILITIA))])

    assert first.sentence == f"{MILITIA} as perpetrator: not named → none, denied by subject."


def test_three_groups_are_told_and_no_others():
    groups = [killed(1, group={"nationality": country}) for country in ("FR", "GB", "PL")]

    held = told_of("casualties.killed", [], [told("afp", *groups)])

    assert held.sentence == "Killed: none reported → at least 3 (FR, GB, PL)."


def test_a_sentence_about_everyone_names_the_first_three_groups_that_changed():
    groups = [killed(1, group={"nationality": country}) for country in ("FR", "GB", "PL", "US")]

    held = told_of("casualties.killed", [], [told("afp", *groups)])

    assert held.sentence == "Killed: none reported → at least 4 (FR, GB, PL and others)."


def test_a_sentence_about_everyone_leaves_out_the_groups_that_stayed():
    before = [told("afp", killed(1, group={"nationality": "US"}))]

    held = told_of(
        "casualties.killed", before, [told("afp", killed(1, group={"nationality": "GB"}))]
    )

    assert held.sentence == "Killed: at least 1 → at least 2 (GB)."
