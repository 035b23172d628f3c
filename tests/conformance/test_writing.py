"""DOMAIN.md §10.4–6: an update is there once, whole, in its place, or not at all."""

from uuid import uuid4

import pytest

from tests.conformance.site import WRITERS, good, in_order, killed, problem, together, update

EACH = 8


def test_versions_of_an_incident_have_neither_gap_nor_twin_under_many_writers(story):
    def write(number):
        return [story.tell(killed(str(n)), killed(str(n + 1))) for n in range(EACH)]

    receipts = [receipt for written in together(write) for receipt in written]
    events = story.events()

    assert [event["version"] for event in events] == list(range(1, 2 * WRITERS * EACH + 2))
    told = {event["event_id"]: event["version"] for event in events[1:]}
    assert told == {
        event["event_id"]: event["version"] for receipt in receipts for event in receipt["events"]
    }
    assert in_order([event["position"] for event in events])


def test_the_moments_of_recording_rise_from_update_to_update(story):
    together(lambda number: [story.tell(killed("1")) for _ in range(EACH)])

    moments = {}
    for event in story.events():
        moments.setdefault(event["update_id"], set()).add(event["recorded_at"])
    assert len(moments) == WRITERS * EACH + 1
    assert all(len(shared) == 1 for shared in moments.values())
    assert in_order([shared.pop() for shared in moments.values()])


def test_a_race_on_a_version_has_exactly_one_winner(story):
    def race(number):
        return story.post(update(killed(str(number))), If_Match='"1"')

    answers = together(race)

    assert sorted(answer.status_code for answer in answers) == [201] + [412] * (WRITERS - 1)
    beaten = [problem(answer) for answer in answers if answer.status_code == 412]
    assert {(told["expected"], told["actual"]) for told in beaten} == {(1, 2)}
    assert len(story.events()) == 2


def test_the_same_update_is_stored_once_and_answered_alike(story):
    body = update(killed("at least 2", key="us"), update_id=str(uuid4()))

    answers = together(lambda number: story.post(body))
    late = story.post(body)

    assert {answer.status_code for answer in answers} == {201}
    assert sum("Idempotent-Replay" not in answer.headers for answer in answers) == 1
    assert late.headers["Idempotent-Replay"] == "true"
    assert len({answer.content for answer in [*answers, late]}) == 1
    assert len({answer.headers["ETag"] for answer in [*answers, late]}) == 1
    assert len(story.events()) == 2


def test_an_id_in_the_header_means_the_same_as_one_in_the_body(story):
    update_id = str(uuid4())

    first = story.post(update(killed("1"), update_id=update_id))
    again = story.post(update(killed("1")), Idempotency_Key=update_id)

    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotent-Replay"] == "true"


def test_the_same_id_with_another_body_is_refused(story):
    update_id = str(uuid4())
    receipt = story.tell(killed("1"), update_id=update_id)

    other = story.post(update(killed("2"), update_id=update_id))

    assert problem(other)["status"] == 422
    assert story.situation()["casualties"]["killed"]["low"] == 1
    assert len(story.events()) == receipt["version"]


def test_an_opening_that_comes_again_is_answered_alike_and_another_is_refused(site):
    name, update_id = f"story-{uuid4()}", str(uuid4())
    opening = {**update(killed("1")), "incident": name, "title": "A story", "kind": "other"}

    answers = together(
        lambda number: site.post("/v1/incidents", {**opening, "update_id": update_id})
    )
    other = site.post("/v1/incidents", {**opening, "update_id": str(uuid4())})

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert problem(other)["status"] == 409


@pytest.mark.parametrize(
    ("bad", "pointer"),
    [
        (killed("lots"), "/reports/1/quantity"),
        (killed("2", hram="killed"), "/reports/1/hram"),
        ({"type": "rumour"}, "/reports/1/type"),
        ({"type": "retraction", "targets": [99], "reason": "wrong"}, "/reports/1/targets/0"),
        (killed("2", depends_on=["nobody"]), "/reports/1/depends_on/0"),
    ],
)
def test_one_bad_report_keeps_the_whole_update_out(site, story, bad, pointer):
    cursor, before = site.end_of_feed(), story.get().content

    answer = story.post(update(killed("1"), bad, killed("3"), update_id=str(uuid4())))

    assert problem(answer)["status"] == 422
    assert any(fault["pointer"].startswith(pointer) for fault in problem(answer)["errors"])
    assert story.get().content == before
    assert [event for event in site.feed(cursor) if event["incident"] == story.name] == []


def test_what_was_refused_may_be_sent_again_in_order_under_its_id(story):
    update_id = str(uuid4())

    refused = story.post(update(killed("lots"), update_id=update_id))
    receipt = story.tell(killed("3"), update_id=update_id)

    assert refused.status_code == 422
    assert (receipt["update_id"], receipt["version"]) == (update_id, 2)


def test_an_acknowledged_update_is_there_for_everybody_at_once(site, story):
    cursor = site.end_of_feed()

    receipt = story.tell(killed("3"))

    assert story.situation()["version"] == receipt["version"]
    assert good(story.get(f"/events/{receipt['version']}")).json()["position"]
    assert [event["event_id"] for event in site.feed(cursor, incident=story.name)] == [
        event["event_id"] for event in receipt["events"]
    ]
    assert good(story.get(f"/updates/{receipt['update_id']}")).json()["version"] == 2


def test_only_whoever_may_write_does(story):
    retraction = {"type": "retraction", "targets": [2], "reason": "wrong"}

    reported = story.post(update(killed("1")), role="reporter")
    turned_away = [
        story.post(update(killed("2")), role=None),
        story.post(update(killed("2")), role=None, Authorization="Bearer of-nobody"),
        story.post(update(killed("2")), role="reader"),
        story.post(update(retraction), role="reporter"),
    ]

    assert reported.status_code == 201
    assert [problem(answer)["status"] for answer in turned_away] == [401, 401, 403, 403]
    assert len(story.events()) == 2
