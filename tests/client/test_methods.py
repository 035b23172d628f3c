"""Every method of both clients, asked of a real server over both engines."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import httpx
import msgspec
import pytest

from sitrep_client import (
    Denied,
    IncidentExists,
    NotFound,
    Problem,
    Refused,
    VersionConflict,
)
from tests.client.asking import asking, on_both_engines
from tests.histories import injured, killed, told
from tests.process.taji import TAJI

pytestmark = on_both_engines

HALF_PAST_SIX = "2020-03-11T18:30:00Z"


@pytest.fixture
def fire(client):
    """An incident of the test's own."""
    slug = f"fire-{uuid4().hex}"
    client.open_incident(
        {
            "incident": slug,
            "title": "Fire",
            "kind": "accident",
            "publisher": {"key": "radio", "kind": "local"},
        }
    )
    return slug


def test_a_situation_is_told_now_and_then(client):
    now = client.situation(TAJI)
    then = client.situation(TAJI, published_until=HALF_PAST_SIX)
    pinned = client.situation(TAJI, version=21, without_publisher=["fox-news-jennifer-griffin"])

    assert (now.casualties.killed.low, now.casualties.killed.high) == (3, 3)
    assert then.casualties.killed.high is None
    assert then.casualties.killed.outdated[0].origin == "iraqi-security-media-cell"
    assert (pinned.version, pinned.left_out) == (21, ("publisher:fox-news-jennifer-griffin",))


def test_a_moment_may_be_a_datetime_that_knows_its_offset(client):
    half_past_six = datetime(2020, 3, 11, 18, 30, tzinfo=UTC)

    then = client.situation(TAJI, published_until=half_past_six)

    assert then == client.situation(TAJI, published_until=HALF_PAST_SIX)
    with pytest.raises(ValueError, match="no offset"):
        client.situation(TAJI, published_until=half_past_six.replace(tzinfo=None))


def test_a_what_if_is_compared_with_the_plain_answer(client):
    compared = client.situation(TAJI, policy="range", origins="named", compare=True)

    assert compared.policy == "range"
    assert compared.changes
    assert client.situation(TAJI).changes is None


def test_lists_are_walked_to_their_end(client, taji):
    slugs = [brief.incident for brief in client.incidents(limit=2)]
    found = list(client.incidents(q="taji rocket*", kind=["attack"], country=["IQ"], min_killed=3))

    listed = httpx.get(f"{taji.url}/v1/incidents", params={"limit": 1000}).json()["incidents"]
    assert slugs == [brief["incident"] for brief in listed]
    assert [brief.incident for brief in found] == [TAJI]
    assert (found[0].killed.low, found[0].countries) == (3, ("IQ",))


def test_the_story_is_told_either_way(client, taji):
    newest_first = list(client.updates(TAJI, limit=7))
    oldest_first = list(client.updates(TAJI, order="asc"))

    assert newest_first == oldest_first[::-1]
    assert oldest_first[0].version == 1
    assert client.update(TAJI, oldest_first[3].update_id) == oldest_first[3]


def test_the_record_is_walked_event_by_event(client):
    events = list(client.events(TAJI, limit=10))
    counts = list(client.events(TAJI, after=50, types=["casualties_reported"]))

    assert [event.version for event in events] == list(range(1, 97))
    assert counts == [
        one for one in events if one.version > 50 and one.type == "casualties_reported"
    ]
    assert client.event(TAJI, 8) == events[7]


def test_what_changed_is_told_between_versions_and_between_moments(client):
    by_version = client.changes(TAJI, start=20, end=21)
    by_time = client.changes(
        TAJI, start="2020-03-11T17:30:00Z", end=HALF_PAST_SIX, axis="published"
    )

    assert (by_version.from_.version, by_version.to.version) == (20, 21)
    killed_at_last = next(one for one in by_time.changes if one.path == "casualties.killed")
    assert killed_at_last.sentence == "Killed: 0 → at least 3 (GB, US)."
    assert (killed_at_last.from_["low"], killed_at_last.because) == (0, (8, 9))


def test_a_figure_is_explained_page_by_page(client, fire):
    for count in (1, 2, 3):
        client.post_update(fire, told("radio", killed(count)))

    why = client.explain(fire, "casualties.killed", limit=1)
    more = client.explain(fire, "casualties.killed", limit=1, cursor=why.next)

    assert (why.holds["low"], [one.version for one in why.standing]) == (3, [4])
    assert [(one.version, one.fate, one.by) for one in why.fallen] == [(3, "superseded", 4)]
    assert (more.standing, [one.version for one in more.fallen]) == ((), [2])


def test_a_figure_is_followed_step_by_step(client):
    series = client.series(TAJI, "casualties.killed", axis="published", end=HALF_PAST_SIX)

    assert [(step.low, step.high) for step in series.steps] == [(0, 0), (3, None)]
    assert len(series.origins) == 2


def test_a_proof_is_kept_as_it_was_given(client, taji):
    proof = client.proof(TAJI, 8)

    assert proof == httpx.get(f"{taji.url}/v1/incidents/{TAJI}/proof/8").content


def test_the_feed_is_read_until_it_is_caught_up_and_gone_on_from(client, fire):
    *_, last = client.feed(limit=1000)
    client.post_update(fire, told("radio", killed(1)))
    new = [event for page in client.feed(after=last.cursor) for event in page.events]

    assert last.next is None
    assert [(event.incident, event.type) for event in new] == [(fire, "casualties_reported")]


def test_an_update_is_answered_with_its_receipt(client, fire):
    update = told("radio", killed(2), injured(3))

    receipt = client.post_update(fire, update, expecting=1)
    again = client.post_update(fire, {**update, "update_id": receipt.update_id})

    assert (receipt.version, receipt.replayed) == (3, False)
    assert [change.path for change in receipt.changes][:2] == [
        "casualties.killed",
        "casualties.injured",
    ]
    assert again.replayed
    assert again.events == receipt.events


def test_what_an_update_would_change_is_told_and_nothing_of_it_is_stored(client, fire):
    update = {**told("radio", killed(2)), "update_id": str(uuid4())}

    before = client.preview(fire, update, expecting=1)
    stored = client.situation(fire).version
    receipt = client.post_update(fire, update)
    after = client.preview(fire, update)

    assert stored == before.follows == 1
    assert (before.recorded, before.version, before.changes) == (False, 2, receipt.changes)
    assert [event.type for event in before.events] == ["casualties_reported"]
    assert (after.recorded, after.changes) == (True, receipt.changes)
    with pytest.raises(VersionConflict):
        client.preview(fire, told("radio", killed(3)), expecting=1)


def test_what_became_of_each_source_is_told(client, taji):
    ask = {"q": "iraqi", "limit": 1}
    publishers, origins = (
        httpx.get(f"{taji.url}/v1/{name}", params={"q": "iraqi", "limit": 1000}).json()[name]
        for name in ("publishers", "origins")
    )

    told_of = [msgspec.to_builtins(one) for one in client.publishers(**ask)]
    heard = [msgspec.to_builtins(one) for one in client.origins(**ask)]

    assert [{**one, "named": None} for one in publishers] == told_of
    assert heard == origins != []


def test_decimals_stay_exact_on_the_way_there_and_back(client, fire):
    burnt = {"type": "measure", "name": "burnt", "quantity": {"low": Decimal("12.10")}}

    client.post_update(fire, told("radio", burnt))

    assert client.situation(fire).overview.measures["burnt"].low == Decimal("12.1")


def test_an_incident_without_a_name_is_given_one(client):
    opened = client.open_incident(
        {"title": "Flood", "kind": "disaster", "publisher": {"key": "radio", "kind": "local"}}
    )

    assert opened.incident.startswith("flood-")
    assert client.situation(opened.incident).title == "Flood"


def test_a_version_that_somebody_else_took_is_told_with_both_versions(client, fire):
    client.post_update(fire, told("radio", killed(2)))

    with pytest.raises(VersionConflict) as conflict:
        client.post_update(fire, told("radio", killed(3)), expecting=1)

    assert (conflict.value.expected, conflict.value.actual, conflict.value.status) == (1, 2, 412)


def test_what_is_wrong_is_told_place_by_place(client, fire):
    with pytest.raises(Refused) as refused:
        client.post_update(fire, told("radio", killed({"low": 9, "high": 1}), {"type": "rumour"}))

    places = [fault.pointer for fault in refused.value.errors]
    assert refused.value.status == 422
    assert refused.value.type == "/problems/refused"
    assert "/reports/1/type" in places
    assert all(fault.detail for fault in refused.value.errors)


@pytest.mark.parametrize(
    ("ask", "error", "status", "wording"),
    [
        (lambda client: client.situation("nowhere"), NotFound, 404, "nowhere"),
        (lambda client: client.situation(TAJI, version=999), NotFound, 404, "999"),
        (lambda client: client.explain(TAJI, "casualties"), Refused, 400, "path"),
        (lambda client: list(client.incidents(kind=["picnic"])), Refused, 400, "kind"),
        (lambda client: next(iter(client.follow("nowhere"))), NotFound, 404, "nowhere"),
        (lambda client: next(iter(client.follow(after="x"))), Refused, 400, "given out"),
    ],
)
def test_a_failure_is_of_its_kind_and_says_why(client, ask, error, status, wording):
    with pytest.raises(error, match=wording) as failure:
        ask(client)

    assert failure.value.status == status


def test_there_is_one_incident_of_a_name(client, fire):
    with pytest.raises(IncidentExists):
        client.open_incident(
            {
                "incident": fire,
                "title": "Fire",
                "kind": "accident",
                "publisher": {"key": "tv", "kind": "press"},
            }
        )


@pytest.mark.parametrize(("role", "status"), [(None, 401), ("reader", 403)])
def test_who_may_not_write_is_told(taji, kind, role, status):
    key = None if role is None else taji.keys[role]
    with asking(kind, taji.url, key=key) as client, pytest.raises(Denied) as denied:
        client.post_update(TAJI, told("radio", killed(1)))

    assert denied.value.status == status


def test_what_is_no_sitrep_is_said_to_be_none(taji, kind):
    with asking(kind, f"{taji.url}/docs?") as client, pytest.raises(Problem, match="not answer"):
        client.situation(TAJI)
