"""DOMAIN.md §2 and §10: any question about the past equals a plain fold of the events."""

from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.moments import SECOND_US, read_moment
from service.store.answers import Question
from tests.histories import (
    EDITOR,
    at,
    correction,
    counted,
    measure,
    new_incident,
    new_update,
    response,
    retraction,
    says,
    told,
)
from tests.store.folding import folded, log_of

PUBLISHERS = ["afp", "bbc", "desk"]
US, GB = {"nationality": "US"}, {"nationality": "GB"}
GROUPS = [{}, {}, {}, US, GB, {**US, "role": "military"}]
KINDS = ["killed"] * 6 + ["injured", "unspecified", "measure", "word", "response"]
HOURS = st.sampled_from([1, 9.5, 12, 12.5, 13, 30])
QUANTITIES = st.sampled_from([0, 1, 2, 3, 5, "at least 2", "up to 4", "about 12", "several"])
ORIGINS = st.sampled_from([None, "army", "army"])

slugs = count()


@st.composite
def claims(draw):
    kind = draw(st.sampled_from(KINDS))
    more = {}
    if draw(st.booleans()):
        more["effective_at"] = at(draw(HOURS))
    who = draw(ORIGINS)
    if who:
        more["origin"] = {"key": who, "kind": "military"}
    if kind == "word":
        statement = draw(st.sampled_from(["claim", "denial", "accusation", "withdrawal"]))
        return says(statement, draw(st.sampled_from(["One", "Two"])), **more)
    if kind == "response":
        return response(draw(st.sampled_from(["announced", "carried_out"])), "reported", **more)
    group = draw(st.sampled_from(GROUPS))
    scope = draw(st.sampled_from([None, None, None, "whole", "part", "additional"]))
    more |= {"group": group, **({"scope": scope} if scope else {})}
    if kind == "measure":
        return measure("rockets", draw(QUANTITIES), **more)
    return counted(kind, draw(QUANTITIES), **more)


@st.composite
def stories(draw):
    """Updates as functions of the version they begin at, so that acts can name what came before."""
    return draw(
        st.lists(st.tuples(st.sampled_from(PUBLISHERS), HOURS, acts()), min_size=1, max_size=12)
    )


@st.composite
def acts(draw):
    return draw(
        st.lists(
            st.tuples(st.integers(0, 5), st.integers(0, 10**6), claims()), min_size=1, max_size=3
        )
    )


def posted(story, events, heard):
    """The reports of one update: claims, and corrections or retractions of earlier reports, also
    of all that a publisher among `heard` said since.
    """
    publisher, hour, told_acts = story
    kinds = dict(events)
    reports = []
    for dice, choice, claim in told_acts:
        targets = [v for v, kind in kinds.items() if kind not in {"opening", "retraction"}]
        corrected = [v for v in targets if kinds[v] in {"casualties", "correction"}]
        if dice == 0 and targets:
            reports.append(retraction(targets[choice % len(targets)]))
        elif dice == 1 and PUBLISHERS[choice % 3] in heard:
            since = {"publisher": PUBLISHERS[choice % 3], "since": at(12.5)}
            reports.append({"type": "retraction", "targets": since, "reason": "withdrawn"})
        elif dice == 2 and corrected and claim["type"] == "casualties":
            replacement = {
                key: value for key, value in claim.items() if key not in {"origin", "effective_at"}
            }
            reports.append(correction(corrected[choice % len(corrected)], replacement))
        else:
            reports.append(claim)
    return told(publisher, *reports, at_hour=hour)


def build(store, ticks, story):
    """Record a story and give its incident back."""
    incident = f"story-{next(slugs)}"
    store.open(new_incident(incident), EDITOR)
    events = [(1, "opening")]
    heard = set()
    for step in story:
        update = posted(step, events, heard)
        if step[1] >= 12.5 and any(report["type"] != "retraction" for report in update["reports"]):
            heard.add(step[0])
        next(ticks)
        store.append(incident, new_update(update), EDITOR)
        first = len(events) + 1
        events += [(first + i, report["type"]) for i, report in enumerate(update["reports"])]
    return incident


def clock_from(ticks):
    now = {"us": read_moment("2020-03-13T00:00:00Z")}

    def clock():
        return now["us"]

    def tick():
        while True:
            now["us"] += 60 * SECOND_US
            yield now["us"]

    ticks.append(tick())
    return clock


def compare(url, store, ticks, story, choices):
    incident = build(store, ticks, story)
    next(ticks)
    log = log_of(url, incident)
    recorded = sorted({event.recorded_us for event, _ in log})
    published = sorted({event.published_us for event, _ in log})
    moments = [recorded[choices[0] % len(recorded)], recorded[choices[1] % len(recorded)] + 1]
    untils = [
        None,
        published[choices[2] % len(published)],
        published[choices[3] % len(published)] - 1,
    ]

    for as_of_us in (None, *moments):
        for until_us in untils:
            for without in ((), (PUBLISHERS[choices[4] % 3],)):
                question = Question(
                    as_of_us=as_of_us, published_until_us=until_us, without_publishers=without
                )
                assert store.situation(incident, question).body == folded(log, incident, question)
    assert store.now(incident).body == folded(log, incident, Question())
    for event, _ in log:
        pinned = Question(version=event.version, published_until_us=untils[1])
        assert store.situation(incident, pinned).body == folded(log, incident, pinned)


def test_every_question_about_the_past_equals_a_plain_fold_of_the_events(database, open_store):
    ticks = []
    store = open_store(database, clock_from(ticks))

    @settings(max_examples=100, deadline=None)
    @given(story=stories(), choices=st.lists(st.integers(0, 10**6), min_size=5, max_size=5))
    def holds(story, choices):
        compare(database, store, ticks[0], story, choices)

    holds()
