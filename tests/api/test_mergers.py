"""DOMAIN.md §3: of two incidents that tell one story, both ids lead to it."""

import pytest

from tests.histories import at, killed

DESK = {"key": "desk", "kind": "desk"}


@pytest.fixture
def tell(post):
    def told(incident, *reports, role="editor"):
        body = {"publisher": DESK, "published_at": at(17), "reports": list(reports)}
        return post(f"/v1/incidents/{incident}/updates", body, role=role)

    return told


@pytest.fixture
def twins(post, tell):
    """The same rockets, opened by two desks."""
    for incident, toll in (("taji", 3), ("rockets-north-of-baghdad", 2)):
        opening = {"incident": incident, "title": incident, "kind": "attack.rocket"}
        post("/v1/incidents", {**opening, "publisher": DESK, "published_at": at(16)})
        tell(incident, killed(toll))


def merge(into):
    return {"type": "merge", "into": into, "reason": "the same rockets"}


def test_both_ids_lead_to_the_incident_that_tells_the_story_on(client, twins, tell):
    assert tell("rockets-north-of-baghdad", merge("taji")).status_code == 201

    left = client.get("/v1/incidents/rockets-north-of-baghdad")
    kept = client.get("/v1/incidents/taji")

    assert left.json == kept.json
    assert left.headers["Content-Location"] == "/v1/incidents/taji"
    assert left.headers["ETag"] != kept.headers["ETag"]


def test_a_merged_incident_keeps_its_record_and_its_past(client, twins, tell):
    before = client.get("/v1/incidents/rockets-north-of-baghdad").json
    merged = tell("rockets-north-of-baghdad", merge("taji")).json

    then = client.get(f"/v1/incidents/rockets-north-of-baghdad?as_of={before['recorded_at']}").json
    pinned = client.get("/v1/incidents/rockets-north-of-baghdad?version=3").json
    later = client.get(f"/v1/incidents/rockets-north-of-baghdad?as_of={merged['recorded_at']}").json

    assert (then["incident"], then["casualties"]["killed"]["low"]) == (before["incident"], 2)
    assert pinned["merged"] == {"into": "taji", "reason": "the same rockets", "because": [3]}
    assert later["incident"] == "taji"
    assert client.get("/v1/incidents/rockets-north-of-baghdad/events/2").status_code == 200


def test_the_receipt_of_a_merger_says_where_the_story_is_told_on(twins, tell):
    (change,) = tell("rockets-north-of-baghdad", merge("taji")).json["changes"]

    assert change["sentence"] == "Told on as: itself → taji."


def test_a_merged_incident_takes_nothing_but_what_undoes_the_merger(client, twins, tell):
    tell("rockets-north-of-baghdad", merge("taji"))

    refused = tell("rockets-north-of-baghdad", killed(4))
    undone = tell("rockets-north-of-baghdad", {"type": "retraction", "targets": [3], "reason": "x"})

    assert (refused.status_code, undone.status_code) == (422, 201)
    assert "merged into taji" in refused.json["detail"]
    held = client.get("/v1/incidents/rockets-north-of-baghdad").json
    assert (held["incident"], held["merged"]) == ("rockets-north-of-baghdad", None)


@pytest.mark.parametrize(
    ("into", "why"),
    [("rockets-north-of-baghdad", "into itself"), ("nowhere", "there is no incident nowhere")],
)
def test_a_merger_into_itself_or_into_nothing_is_refused(client, twins, tell, into, why):
    refused = tell("rockets-north-of-baghdad", merge(into))

    assert refused.status_code == 422
    (error,) = refused.json["errors"]
    assert error["pointer"] == "/reports/0/into"
    assert why in error["detail"]
    assert client.get("/v1/incidents/rockets-north-of-baghdad").json["version"] == 2


def test_a_merger_into_a_merged_incident_is_refused_so_that_none_goes_round(client, twins, tell):
    tell("rockets-north-of-baghdad", merge("taji"))

    refused = tell("taji", merge("rockets-north-of-baghdad"))

    assert refused.status_code == 422
    assert "was itself merged into taji" in refused.json["errors"][0]["detail"]


def test_a_merger_needs_an_editor(twins, tell):
    assert tell("rockets-north-of-baghdad", merge("taji"), role="reporter").status_code == 403


def test_the_page_of_a_merged_incident_leads_to_the_other(client, twins, tell):
    tell("rockets-north-of-baghdad", merge("taji"))

    page = client.get("/incidents/rockets-north-of-baghdad")

    assert (page.status_code, page.headers["Location"]) == (302, "/incidents/taji")
