"""DOMAIN.md §2 and §10.3: what was known at any moment stays what it was."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.conformance.site import good, killed, problem

FEW = settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
HOURS = some.integers(0, 48)
ORIGINS = some.sampled_from(["army", "ministry", "witness"])
QUANTITIES = some.one_of(
    some.integers(0, 60).map(str),
    some.integers(0, 60).map(lambda n: f"at least {n}"),
    some.integers(1, 60).map(lambda n: f"about {n}"),
    some.builds(lambda low, more: {"low": low, "high": low + more}, HOURS, HOURS),
)


def moment(hour):
    told = datetime(2020, 3, 11, tzinfo=UTC) + timedelta(hours=hour)
    return told.strftime("%Y-%m-%dT%H:%M:%SZ")


def of(origin):
    return {"key": origin, "kind": "official", "named": True}


REPORTS = some.one_of(
    some.builds(lambda quantity, origin: killed(quantity, origin=of(origin)), QUANTITIES, ORIGINS),
    some.builds(
        lambda number, origin: {
            "type": "measure",
            "name": "buildings_destroyed",
            "quantity": str(number),
            "origin": of(origin),
        },
        HOURS,
        ORIGINS,
    ),
    some.builds(
        lambda statement, origin: {
            "type": "attribution",
            "statement": statement,
            "subject": "militia",
            "relation": "perpetrator",
            "origin": of(origin),
        },
        some.sampled_from(["claim", "denial", "accusation", "withdrawal"]),
        ORIGINS,
    ),
)
ACTS = some.one_of(
    some.builds(
        lambda target: {"type": "retraction", "targets": [target], "reason": "wrong"},
        some.integers(2, 6),
    ),
    some.builds(
        lambda number: {
            "type": "adjudication",
            "path": "casualties.killed",
            "quantity": str(number),
            "rationale": "counted",
        },
        HOURS,
    ),
)
UPDATES = some.tuples(
    HOURS, some.lists(REPORTS, min_size=1, max_size=3) | some.lists(ACTS, min_size=1, max_size=1)
)


def asked_again(held):
    """A situation without the words that say how it was asked for."""
    return {name: value for name, value in held.items() if name not in {"as_of", "policy"}}


@FEW
@given(told=some.lists(UPDATES, min_size=2, max_size=7))
def test_what_we_knew_at_any_moment_is_what_was_answered_then(site, told):
    story = site.open_story()
    answered = [(story.receipt, story.situation())]
    for hour, reports in told:
        body = {"publisher": {"key": "afp", "kind": "press"}, "published_at": moment(hour)}
        answer = story.post({**body, "reports": reports})
        assert answer.status_code in {201, 422}, answer.text
        if answer.status_code == 201:
            answered.append((answer.json(), story.situation()))

    following = [receipt["recorded_at"] for receipt, _ in answered[1:]] + [None]
    for (receipt, then), next_at in zip(answered, following, strict=True):
        by_version = story.get(version=receipt["version"])
        by_moment = story.get(as_of=receipt["recorded_at"])
        assert asked_again(by_version.json()) == asked_again(then)
        assert asked_again(by_moment.json()) == asked_again(then)
        assert "immutable" in by_version.headers["Cache-Control"]
        assert "immutable" in by_moment.headers["Cache-Control"]
        if next_at is not None:
            assert asked_again(story.situation(as_of=just_before(next_at))) == asked_again(then)


def just_before(recorded_at):
    told = datetime.fromisoformat(recorded_at) - timedelta(microseconds=1)
    return told.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def test_an_answer_about_the_past_never_changes(story):
    receipts = [story.tell(killed(str(number)), published_at=moment(number)) for number in range(4)]
    asked = [
        {name: receipt[of_receipt], **more}
        for receipt in receipts
        for name, of_receipt in (("version", "version"), ("as_of", "recorded_at"))
        for more in ({}, {"published_until": moment(1)}, {"policy": "range"}, {"origins": "named"})
    ]
    before = [good(story.get(**question)).content for question in asked]
    held = story.situation()["casualties"]

    story.tell(killed("50", origin=of("army")), published_at=moment(0))
    story.tell({"type": "retraction", "targets": [2, 3], "reason": "wrong"})
    story.tell(
        {"type": "correction", "target": 4, "kind": "number", "replacement": killed("9")},
        published_at=moment(2),
    )

    assert [good(story.get(**question)).content for question in asked] == before
    assert story.situation()["casualties"] != held


@FEW
@given(told=some.lists(some.tuples(HOURS, REPORTS), min_size=1, max_size=8), until=HOURS)
def test_what_the_world_had_published_is_what_a_store_of_that_alone_would_say(site, told, until):
    whole, part = site.open_story(published_at=moment(0)), site.open_story(published_at=moment(0))
    for hour, report in told:
        whole.tell(report, published_at=moment(hour))
        if hour <= until:
            part.tell(report, published_at=moment(hour))

    then, alone = whole.situation(published_until=moment(until)), part.situation()

    assert figures(then) == figures(alone)


def figures(held):
    """Without the versions that carry them, which differ."""
    killed_then = held["casualties"]["killed"]
    measured = held["overview"]["measures"].values()
    return (
        {name: killed_then[name] for name in ("low", "high", "best", "status", "envelope")},
        [(measure["low"], measure["high"], measure["status"]) for measure in measured],
        held["attribution"]["responsibility"],
        [(line["subject"], line["level"]) for line in held["attribution"]["lines"]],
    )


def test_the_two_clocks_combine(story):
    first = story.tell(killed("1", origin=of("army")), published_at=moment(10))
    story.tell(killed("7", origin=of("army")), published_at=moment(5))
    story.tell(killed("3", origin=of("army")), published_at=moment(20))

    low = {
        question: story.situation(**dict(question))["casualties"]["killed"]["low"]
        for question in [
            (),
            (("published_until", moment(12)),),
            (("published_until", moment(7)),),
            (("as_of", first["recorded_at"]), ("published_until", moment(7))),
        ]
    }

    assert list(low.values()) == [3, 1, 7, 0]


def test_the_future_is_not_told(story):
    answer = story.get(as_of="2999-01-01T00:00:00Z")

    assert problem(answer)["status"] == 400
