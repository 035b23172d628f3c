"""Every report behind a figure is explained once, with a fate that the plain fold bears out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.editorial import ReportCorrected
from service.domain.reports import part_of, slot_of
from service.domain.standing import Bounds, is_seen, standing, stands_for
from service.domain.topics import topic_of
from service.errors import NotFound
from service.store.answers import Question
from tests.histories import EDITOR, killed, new_incident, new_update, retraction, told
from tests.store.folding import log_of
from tests.store.test_replay import build, clock_from, stories, trusts

PATHS = [
    "casualties.killed",
    "casualties.killed.by_group[nationality=US]",
    "casualties.injured",
    "overview.measures.rockets",
    "attribution.responsibility",
    "responses.strikes",
]
ALWAYS = {"casualties.killed", "casualties.injured", "attribution.responsibility"}
"""What every situation has, also where nobody has said anything of it."""


def speakers(events):
    """Whatever speaks for a report, itself or a correction of it, with that report."""
    by_version = {event.version: event for event in events}
    for event in events:
        yield event, event
        if isinstance(event.report, ReportCorrected):
            yield event, by_version[event.refs.targets[0]]


def told_of(topic, events):
    """The versions and roots of everything that was ever told of a topic."""
    found = {}
    for event, root in speakers(events):
        held = stands_for(event, root)
        slot = slot_of(held.report, held.origin, held.root)
        if slot is not None and part_of(held.report) in topic.parts and topic.concerns(held.report):
            found[held.version, held.root] = (event, root, slot)
    return found


def explained(store, incident, path, question):
    pages, cursor = [], None
    while not pages or cursor:
        page, _ = store.explain(incident, path, question, cursor=cursor, limit=2)
        pages.append(page)
        cursor = page.next
    fallen = [one for page in pages for one in page.fallen]
    return pages[0].standing, fallen


def check(store, incident, log, path, question):
    topic = topic_of(path)
    events = [event for event, _ in log if event.version <= (question.version or len(log))]
    bounds, trust = Bounds(published_us=question.published_until_us), question.trust
    told = told_of(topic, events)
    if not told and path not in ALWAYS:
        with pytest.raises(NotFound):
            explained(store, incident, path, question)
        return
    stand = {
        (held.version, held.root)
        for held in standing(events, bounds, trust)
        if part_of(held.report) in topic.parts and topic.concerns(held.report)
    }

    standing_now, fallen = explained(store, incident, path, question)

    assert {(one.version, one.root) for one in standing_now} == stand
    listed = [(one.version, one.root) for one in fallen]
    assert sorted(listed) == sorted(told.keys() - stand)
    slots = {told[speaker][2]: speaker[0] for speaker in stand}
    for one in fallen:
        event, root, slot = told[one.version, one.root]
        seen = is_seen(event, bounds, trust) and is_seen(root, bounds, trust)
        assert (one.fate in {"outside_bounds", "left_out"}) != seen
        if one.fate == "superseded":
            assert one.by == slots[slot]
        if one.fate in {"corrected", "retracted"}:
            assert is_seen(next(act for act in events if act.version == one.by), bounds, trust)


def test_every_report_behind_a_figure_is_explained_once_and_truly(database, open_store):
    ticks = []
    store = open_store(database, clock_from(ticks))

    @settings(max_examples=25, deadline=None)
    @given(story=stories(), left_out=trusts(), dice=st.integers(0, 10**6))
    def holds(story, left_out, dice):
        incident = build(store, ticks[0], story)
        log = log_of(database, incident)
        published = sorted({event.published_us for event, _ in log})
        until_us = published[dice % len(published)]
        path = PATHS[dice % len(PATHS)]
        for question in (
            Question(),
            Question(published_until_us=until_us),
            Question(published_until_us=until_us, **left_out[dice % 2]),
            Question(version=1 + dice % len(log)),
        ):
            for asked in {path, "casualties.killed"}:
                check(store, incident, log, asked, question)

    holds()


US = "casualties.killed.by_group[nationality=US]"


@pytest.mark.parametrize(("others", "limit"), [(30, 2), (100, 1)])
def test_a_fallen_report_is_found_below_many_others(store, others, limit):
    store.open(new_incident("taji", killed(2, group={"nationality": "US"})), EDITOR)
    store.append("taji", new_update(told("desk", retraction(2))), EDITOR)
    tell_of_others(store, others)

    pages, cursor = [], None
    while not pages or cursor:
        page, _ = store.explain("taji", US, Question(), cursor=cursor, limit=limit)
        pages.append(page)
        cursor = page.next

    assert [(one.version, one.fate) for page in pages for one in page.fallen] == [(2, "retracted")]


def test_what_nobody_told_below_many_others_is_not_there(store):
    store.open(new_incident("taji"), EDITOR)
    tell_of_others(store, 30)

    with pytest.raises(NotFound):
        store.explain("taji", US, Question(), cursor=None, limit=2)


def tell_of_others(store, count):
    british = [killed(number, group={"nationality": "GB"}) for number in range(count)]
    store.append("taji", new_update(told("afp", *british)), EDITOR)
