"""DOMAIN.md §2 and §10: any question about the past equals a plain fold of the events."""

from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.moments import SECOND_US, read_moment
from service.domain.standing import Bounds, Origins, standing
from service.store.answers import Question
from service.store.index import standing_at
from service.store.lanes import lane_of
from tests.histories import (
    EDITOR,
    at,
    correction,
    counted,
    exactly,
    measure,
    new_incident,
    new_update,
    response,
    retraction,
    says,
    told,
)
from tests.store.folding import folded, log_of

PUBLISHERS = {"afp": "press", "bbc": "agency", "ministry": "official"}
SPEAKERS = [
    {"key": "army", "kind": "military"},
    {"key": "sources", "kind": "official", "named": False},
    {"key": "paper", "kind": "press"},
]
ENVELOPE = {"origin", "effective_at", "modality"}
SCOPES = ["origin", "publisher"]
KEYS = [*PUBLISHERS, *(speaker["key"] for speaker in SPEAKERS)]
US, GB = {"nationality": "US"}, {"nationality": "GB"}
GROUPS = [{}, {}, {}, US, GB, {**US, "role": "military"}]
COUNTED = ["killed"] * 6 + ["injured", "unspecified"]
KINDS = [*COUNTED, "measure", "word", "response", "outcome", "damage"]
HOURS = st.sampled_from([1, 9.5, 12, 12.5, 13, 30])
DICE = [0, 1, 2, 2, 2, 3, 4, 5, 6, 7]
MOODS = st.sampled_from([*[None] * 8, "denied", "conditional", "planned"])
QUANTITIES = st.sampled_from([0, 1, 2, 3, 5, "at least 2", "up to 4", "about 12", "several"])
ORIGINS = st.sampled_from([None, *SPEAKERS, SPEAKERS[0]])

slugs = count()


@st.composite
def claims(draw):
    kind = draw(st.sampled_from(KINDS))
    more = {}
    if draw(st.booleans()):
        more["effective_at"] = at(draw(HOURS))
    who = draw(ORIGINS)
    if who:
        more["origin"] = who
    mood = draw(MOODS)
    if mood:
        more["modality"] = mood
    if kind == "word":
        statement = draw(st.sampled_from(["claim", "denial", "accusation", "withdrawal"]))
        return says(statement, draw(st.sampled_from(["One", "Two"])), **more)
    if kind == "response":
        return response(draw(st.sampled_from(["announced", "carried_out"])), "reported", **more)
    if kind == "outcome":
        moved = {"from": "injured", "to": "killed", "quantity": exactly(draw(QUANTITIES))}
        return {"type": "casualty_outcome", **moved, **more}
    if kind == "damage":
        return {"type": "damage", "object": "hangar", "extent": "destroyed", **more}
    group = draw(st.sampled_from(GROUPS))
    scope = draw(st.sampled_from([None, None, None, "whole", "part", "additional"]))
    more |= {"group": group, **({"scope": scope} if scope else {})}
    if kind == "measure":
        return measure("rockets", draw(QUANTITIES), **more)
    return counted(kind, draw(QUANTITIES), **more)


@st.composite
def stories(draw):
    """Updates as functions of the version they begin at, so that acts can name what came before."""
    update = st.tuples(st.sampled_from(sorted(PUBLISHERS)), HOURS, acts())
    return draw(st.lists(update, min_size=1, max_size=12))


@st.composite
def acts(draw):
    return draw(
        st.lists(
            st.tuples(st.sampled_from(DICE), st.integers(0, 10**6), claims()),
            min_size=1,
            max_size=3,
        )
    )


def posted(story, events, heard):
    """The reports of one update: claims, and corrections or retractions of earlier reports, also
    of all that a source among `heard` said since.
    """
    publisher, hour, told_acts = story
    kinds = dict(events)
    reports = []
    for dice, choice, claim in told_acts:
        targets = [v for v, kind in kinds.items() if kind not in {"opening", "retraction"}]
        corrected = [v for v in targets if kinds[v] in {"casualties", "correction"}]
        if dice == 0 and targets:
            reports.append(retraction(targets[choice % len(targets)]))
        elif dice == 1 and (source := (SCOPES[choice % 2], KEYS[choice % len(KEYS)])) in heard:
            since = dict([source], since=at(12.5))
            reports.append({"type": "retraction", "targets": since, "reason": "withdrawn"})
        elif dice == 2 and corrected:
            target, replacement = corrected[choice % len(corrected)], counted("killed", choice % 7)
            if claim["type"] == "casualties":
                replacement = {key: claim[key] for key in claim if key not in ENVELOPE}
            reports.append(correction(target, replacement, **spoken(claim)))
        elif dice == 3 and targets:
            remark = "dispute" if choice % 2 else "endorsement"
            target = targets[choice % len(targets)]
            reports.append({"type": remark, "target": target, **spoken(claim)})
        elif dice == 4 and targets:
            some = [targets[choice % len(targets)], targets[choice // 7 % len(targets)]]
            reports.append({"type": "marking", "targets": some, "sensitivity": ["graphic"]})
        else:
            reports.append(claim)
        lean(reports, [version for version in kinds if version > 1], (dice, choice))
    return told(publisher, *reports, at_hour=hour, kind=PUBLISHERS[publisher])


def lean(reports, earlier, drawn):
    """Let the last of these reports depend on earlier ones and on its siblings, in a circle too."""
    dice, choice = drawn
    on = [earlier[-1 - choice % min(len(earlier), 3)]] if earlier and choice % 3 else []
    last = len(reports) - 1
    if dice % 2 and last:
        on.append(f"r{last - 1}")
    if dice == 7 and last:
        reports[0]["depends_on"] = [f"r{last}"]
    reports[last] |= {"key": f"r{last}", **({"depends_on": on} if on else {})}


def sources(update):
    """Of whom something was said that a retraction by scope can reach."""
    publisher = update["publisher"]["key"]
    told_reports = [report for report in update["reports"] if report["type"] != "retraction"]
    origins = {report.get("origin", {"key": publisher})["key"] for report in told_reports}
    publishers = {("publisher", publisher)} if told_reports else set()
    return {("origin", key) for key in origins} | publishers


def spoken(claim):
    """Who made a claim."""
    return {"origin": claim["origin"]} if "origin" in claim else {}


@st.composite
def trusts(draw):
    """Whom two questions leave out: some by their names, and all who are not named or official."""
    keys = st.sampled_from(KEYS)
    publishers, origins = draw(st.sets(keys, max_size=1)), draw(st.sets(keys, min_size=1))
    heard = draw(st.sampled_from([Origins.NAMED, Origins.OFFICIAL]))
    few = draw(st.sets(keys, max_size=1))
    return [
        {"without_publishers": tuple(publishers), "without_origins": tuple(origins)},
        {"origins": heard, "without_origins": tuple(few)},
    ]


def build(store, ticks, story):
    """Record a story and give its incident back."""
    incident = f"story-{next(slugs)}"
    store.open(new_incident(incident), EDITOR)
    events = [(1, "opening")]
    heard = set()
    for step in story:
        update = posted(step, events, heard)
        if step[1] >= 12.5:
            heard |= sources(update)
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


def stands(log, question):
    """What stands by the plain fold, with what it lost."""
    return standing([event for event, _ in log], bounds_of(log, question), question.trust)


def found(store, log, incident, question):
    """What stands by the index, with what it lost."""
    lane, bounds = lane_of(incident, store.lanes), bounds_of(log, question)
    with store._reading() as connection:
        return standing_at(connection, lane, incident, bounds, question.trust)


def remembered(store, incident):
    """What stands by the writer's memory, which went from append to append."""
    return store._appender._memory._held[incident].ordered()


def bounds_of(log, question):
    recorded = [
        event.version
        for event, _ in log
        if question.as_of_us is None or event.recorded_us <= question.as_of_us
    ]
    return Bounds(version=recorded[-1], published_us=question.published_until_us)


def compare(store, log, incident, choices, trusts):
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
            for trust in ({}, *trusts):
                question = Question(as_of_us=as_of_us, published_until_us=until_us, **trust)
                assert store.situation(incident, question).body == folded(log, incident, question)
                assert found(store, log, incident, question) == stands(log, question)
    assert store.now(incident).body == folded(log, incident, Question())
    assert remembered(store, incident) == stands(log, Question())
    for event, _ in log:
        pinned = Question(version=event.version, published_until_us=untils[1])
        assert store.situation(incident, pinned).body == folded(log, incident, pinned)


def test_every_question_about_the_past_equals_a_plain_fold_of_the_events(database, open_store):
    ticks = []
    store = open_store(database, clock_from(ticks))

    @settings(max_examples=100, deadline=None)
    @given(
        story=stories(),
        choices=st.lists(st.integers(0, 10**6), min_size=4, max_size=4),
        trusts=trusts(),
    )
    def holds(story, choices, trusts):
        incident = build(store, ticks[0], story)
        next(ticks[0])
        compare(store, log_of(database, incident), incident, choices, trusts)

    holds()


def test_a_report_that_stands_by_way_of_its_sibling_on_a_retracted_one_is_born_orphaned(
    database, open_store
):
    store = open_store(database)
    store.open(new_incident("taji", counted("killed", 1)), EDITOR)
    store.append("taji", new_update(told("desk", retraction(2), at_hour=13)), EDITOR)
    between = {"type": "context", "paraphrase": "told", "key": "between", "depends_on": [2]}
    leaning = counted("injured", 5, depends_on=["between"])

    store.append("taji", new_update(told("afp", between, leaning, at_hour=14)), EDITOR)

    assert [held.lost[0].target for held in remembered(store, "taji") if held.lost] == [2]
    assert remembered(store, "taji") == stands(log_of(database, "taji"), Question())
