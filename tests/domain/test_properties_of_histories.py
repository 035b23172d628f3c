"""DOMAIN.md §2 and §9, over random histories: who is left out, what is corrected, what changed."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec import structs

from service.domain.changes import changes
from service.domain.standing import Bounds, Trust
from tests.domain.lifelike import NAMED, counts, histories
from tests.histories import correction, known_of, recorded, situation_of, told

often = settings(max_examples=100, deadline=None, derandomize=True)
FIGURES = ("casualties.", "overview.measures.")


def without_frame(held):
    """What is told, whichever record and question it was told from."""
    return structs.replace(held, version=0, position=0, recorded_at="", left_out=(), as_of=None)


@often
@given(histories(), st.sampled_from(NAMED))
def test_leaving_out_an_origin_equals_a_history_in_which_it_never_spoke(story, who):
    events = recorded(*story)
    silent = [event for event in events if event.origin.key != who]

    left_out = situation_of(events, trust=Trust(without_origins=frozenset({who})))

    assert without_frame(left_out) == without_frame(situation_of(silent))


@often
@given(histories(), st.sampled_from(NAMED))
def test_leaving_out_a_publisher_equals_a_history_in_which_it_was_not_read(story, where):
    events = recorded(*story)
    unread = [event for event in events if event.publisher.key != where]

    left_out = situation_of(events, trust=Trust(without_publishers=frozenset({where})))

    assert without_frame(left_out) == without_frame(situation_of(unread))


@often
@given(histories(acts=False), counts(), st.data())
def test_a_correction_equals_the_corrected_history_from_its_time_on_and_the_old_one_before(
    story, replacement, data
):
    events = recorded(*story)
    counted = [event for event in events if event.report.__struct_config__.tag == "casualties"]
    assume(counted)
    wrong = data.draw(st.sampled_from(counted))
    kept = {"effective_at", "origin"}
    right = {key: value for key, value in replacement.items() if key not in kept}

    act = told("desk", correction(wrong.version, right), at_hour=23, kind="desk")
    corrected = recorded(*story, act)
    rewritten = [
        structs.replace(event, report=as_corrected(event, right))
        if event.version == wrong.version
        else event
        for event in events
    ]

    assert said(situation_of(corrected, Bounds(version=len(events)))) == said(situation_of(events))
    assert said(situation_of(corrected)) == said(situation_of(rewritten))


def as_corrected(event, right):
    (_, rewritten) = recorded(told("anybody", right))
    return structs.replace(
        rewritten.report,
        origin=event.report.origin,
        effective_at=event.report.effective_at,
        modality=event.report.modality,
        grading=event.report.grading,
    )


def said(held):
    """What the figures say, and who says it, whichever events carry it."""
    tolls = held.casualties
    harms = [getattr(tolls, harm) for harm in tolls.__struct_fields__ if harm != "affected"]
    return (
        [
            [
                (one.low, one.high, one.best, one.status, one.floor, one.cap, one.envelope)
                for one in (toll, *toll.by_group)
            ]
            for toll in harms
        ],
        tolls.affected.low,
        [(line.subject, line.level, line.flags) for line in held.attribution.lines],
    )


@often
@given(histories(), st.data())
def test_changes_from_a_to_c_are_those_from_a_to_b_and_from_b_to_c_taken_together(story, data):
    events = recorded(*story)
    points = data.draw(st.lists(st.integers(1, len(events)), min_size=3, max_size=3).map(sorted))
    a, b, c = (known_of(events[:point]) for point in points)
    first, then, both = (told_by_path(pair) for pair in ((a, b), (b, c), (a, c)))

    assert set(both) <= set(first) | set(then)
    for path, change in both.items():
        steps = [step[path] for step in (first, then) if path in step]
        assert change.from_ == steps[0].from_
        assert change.to == steps[-1].to
    for path in set(first) & set(then):
        assert first[path].to == then[path].from_


def told_by_path(pair):
    told_of = changes(*pair)
    assert len({change.path for change in told_of}) == len(told_of)
    return {change.path: change for change in told_of}


@often
@given(histories())
def test_nothing_changes_between_a_situation_and_itself(story):
    held, again = known_of(recorded(*story)), known_of(recorded(*story))

    assert changes(held, held) == changes(held, again) == ()


@often
@given(histories())
def test_every_fall_of_a_figure_has_a_cause(story):
    events = recorded(*story)

    for version in range(1, len(events)):
        known = {event.version for event in events[: version + 1]}
        for change in changes(known_of(events[:version]), known_of(events[: version + 1])):
            assert known.issuperset(change.because)
            if change.path.startswith(FIGURES) and change.from_["low"] > change.to["low"]:
                assert change.cause not in {None, "reconciled", "bounds", "left_out", "policy"}
                assert ", because " in change.sentence


@often
@given(histories(), st.sampled_from(NAMED))
def test_a_fall_by_leaving_somebody_out_has_a_cause_too(story, who):
    events = recorded(*story)
    without = Trust(without_origins=frozenset({who}))

    for change in changes(known_of(events), known_of(events, trust=without)):
        if change.path.startswith(FIGURES) and change.from_["low"] > change.to["low"]:
            assert change.cause is not None
