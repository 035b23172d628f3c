"""Under any markings, persons, corrections and retractions, every question is answered as a plain
fold of the events answers it (docs/adr/0008).
"""

from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.moments import SECOND_US, read_moment, write_instant
from service.domain.standing import UNBOUNDED, standing
from service.domain.withholding import withheld_among
from service.store.answers import Question
from tests.histories import (
    EDITOR,
    correction,
    killed,
    marking,
    new_incident,
    new_update,
    person,
    retraction,
    told,
)
from tests.store.folding import bounds_of, folded, log_of

BEGUN_US = read_moment("2020-03-13T00:00:00Z")
HOUR_US = 3600 * SECOND_US
PUBLISHERS = {"afp": "press", "bbc": "agency", "desk": "desk"}
HOURS = st.sampled_from([10, 12, 12.5, 13, 30])
SAYS = [
    {"audience": "desk"},
    {"audience": "public"},
    {"embargo_hours": 2},
    {"embargo_hours": 5},
    {"embargo_hours": 5, "audience": "public"},
    {"embargo_hours": -60},
    {"sensitivity": ["graphic"]},
]
KNOWN = st.sampled_from([None, False, True])
CHOICE = st.integers(0, 10**6)
KINDS = ["killed", "person", "correction", "correction", "marking", "marking", "marking"]
TRUSTS = [{}, {"without_publishers": ("desk",)}, {"without_origins": ("afp",)}, {"desk": True}]

slugs = count()


@st.composite
def stories(draw):
    act = st.tuples(
        st.sampled_from([*KINDS, "retraction", "dispute"]), CHOICE, st.sampled_from(SAYS), KNOWN
    )
    acts = st.lists(act, min_size=1, max_size=3)
    update = st.tuples(st.sampled_from(sorted(PUBLISHERS)), HOURS, acts)
    return draw(st.lists(update, min_size=2, max_size=9))


def posted(acts, kinds, now_us):
    """The reports of one update. `kinds` has of each version what it tells, a correction what its
    target does, and is kept up to date.
    """
    earlier = dict(kinds)
    reports = []
    for act in acts:
        report, told_of = one_report(act, earlier, now_us)
        kinds[2 + len(kinds)] = told_of
        reports.append(report)
    return reports


def one_report(act, earlier, now_us):
    """A report, and its kind. What has no target yet is a plain count."""
    kind, choice, says, informed = act
    allowed = {
        "correction": {"killed", "person"},
        "retraction": {"killed", "person", "marking", "dispute"},
        "marking": set(KINDS) | {"retraction", "dispute"},
        "dispute": set(KINDS),
    }
    targets = [version for version in earlier if earlier[version] in allowed.get(kind, ())]
    marked = [version for version in targets if earlier[version] == "marking"]
    if kind == "retraction" and choice % 2:
        targets = marked or targets
    target = targets[choice % len(targets)] if targets else None
    match kind:
        case "person":
            return person("A" if choice % 3 else "C", informed=informed), kind
        case "marking" if target:
            return marking(target, **said(says, now_us)), kind
        case "correction" if target:
            becomes = killed(choice % 7)
            if earlier[target] == "person":
                becomes = person("B", informed=informed)
            return correction(target, becomes), earlier[target]
        case "retraction" if target:
            return retraction(target), kind
        case "dispute" if target:
            return {"type": "dispute", "target": target}, kind
    return killed(choice % 7), "killed"


def said(says, now_us):
    hours = says.get("embargo_hours")
    if hours is None:
        return says
    rest = {key: word for key, word in says.items() if key != "embargo_hours"}
    return {**rest, "embargo_until": write_instant(now_us + hours * HOUR_US)}


def build(store, clock, story):
    incident = f"withheld-{next(slugs)}"
    store.open(new_incident(incident), EDITOR)
    kinds = {}
    for publisher, hour, acts in story:
        clock["us"] += HOUR_US
        reports = posted(acts, kinds, clock["us"])
        update = told(publisher, *reports, at_hour=hour, kind=PUBLISHERS[publisher])
        store.append(incident, new_update(update), EDITOR)
    return incident


def compare(store, log, incident, choices, now_us):
    events = [event for event, _ in log]
    recorded = sorted({event.recorded_us for event in events})
    published = sorted({event.published_us for event in events})
    as_ofs = [None, recorded[choices[0] % len(recorded)], recorded[-1] - HOUR_US // 2]
    untils = [None, published[choices[1] % len(published)]]
    for as_of_us in as_ofs:
        for until_us in untils:
            for trust in TRUSTS:
                asked = Question(as_of_us=as_of_us, published_until_us=until_us, **trust)
                assert store.situation(incident, asked).body == folded(log, incident, asked, now_us)
    for pinned in (Question(version=event.version) for event in events):
        assert store.situation(incident, pinned).body == folded(log, incident, pinned, now_us)
    assert store.now(incident).body == folded(log, incident, Question(), now_us)
    unseen = withheld_among(events, UNBOUNDED, now_us)
    page = store.events(incident, after_version=0, types=(), limit=99).events
    assert unseen <= {event.version for event in page if event.report is None}


def test_every_answer_to_the_public_equals_a_plain_fold_of_what_it_may_see(database, open_store):
    clock = {"us": BEGUN_US}
    store = open_store(database, lambda: clock["us"])

    @settings(max_examples=100, deadline=None)
    @given(
        story=stories(), choices=st.lists(CHOICE, min_size=2, max_size=2), wait=st.integers(0, 6)
    )
    def holds(story, choices, wait):
        clock["us"] = max(clock["us"], BEGUN_US)
        incident = build(store, clock, story)
        log = log_of(database, incident)
        last, _ = log[-1]
        asked = bounds_of(log, Question(version=last.version), last, last.recorded_us)
        remembered = store._appender._memory._held[incident].ordered()

        assert remembered == standing([event for event, _ in log], asked)
        for _ in range(2):
            compare(store, log, incident, choices, clock["us"])
            clock["us"] += wait * HOUR_US

    holds()
