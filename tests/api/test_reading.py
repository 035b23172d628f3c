"""API.md, Reading and Everywhere: parameters, caching, pages, problems."""

import pytest

from service.domain.moments import read_instant, write_instant

PRESS = {"key": "afp", "kind": "press"}


@pytest.fixture
def story(post):
    """Three updates of an incident; the receipts."""
    opening = {
        "incident": "taji",
        "title": "Rockets",
        "kind": "attack.rocket",
        "publisher": PRESS,
        "published_at": "2020-03-11T16:00:00Z",
    }
    receipts = [post("/v1/incidents", opening).json]
    for number in (1, 2, 3):
        body = {
            "publisher": {**PRESS, "key": f"press-{number}"},
            "published_at": f"2020-03-11T1{6 + number}:00:00Z",
            "reports": [{"type": "casualties", "harm": "killed", "quantity": str(number)}],
        }
        receipts.append(post("/v1/incidents/taji/updates", body).json)
    return receipts


def killed(client, query=""):
    return client.get(f"/v1/incidents/taji{query}").json["casualties"]["killed"]["low"]


def just_before(moment):
    return write_instant(read_instant(moment) - 1)


def test_as_of_shows_what_we_knew_and_never_changes(client, story):
    second, third = story[2]["recorded_at"], story[3]["recorded_at"]

    at_second = client.get(f"/v1/incidents/taji?as_of={second}")
    before_third = client.get(f"/v1/incidents/taji?as_of={just_before(third)}")

    assert at_second.json["casualties"] == before_third.json["casualties"]
    assert at_second.json["casualties"]["killed"]["low"] == 2
    assert at_second.json["as_of"] == second
    assert at_second.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_the_two_clocks_a_version_and_a_publisher_combine(client, story):
    until = "published_until=2020-03-11T18:30:00Z"

    assert killed(client) == 3
    assert killed(client, f"?{until}") == 2
    assert killed(client, f"?{until}&without_publisher=press-2") == 1
    assert killed(client, f"?version=2&{until}") == 1
    assert killed(client, f"?as_of={story[1]['recorded_at']}&{until}") == 1


def test_an_answer_that_can_change_says_so(client, story):
    for query in ("", "?published_until=2020-03-11T18:30:00Z"):
        assert client.get(f"/v1/incidents/taji{query}").headers["Cache-Control"] == "no-cache"
    pinned = client.get("/v1/incidents/taji?version=2")
    assert pinned.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "path",
    [
        "/v1/incidents/taji",
        "/v1/incidents/taji?version=2",
        "/v1/incidents",
        "/v1/incidents/taji/updates",
        "/v1/incidents/taji/events",
        "/v1/incidents/taji/events/2",
        "/v1/events",
        "/openapi.json",
    ],
)
def test_what_a_client_has_already_is_not_sent_again(client, story, path):
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("as_of=yesterday", "as_of"),
        ("as_of=2020-03-11T17:00:00", "as_of"),
        ("as_of=2020-03-11T17:00:00+01:00", "as_of"),
        ("published_until=2020-13-01T00:00:00Z", "published_until"),
        ("version=0", "version"),
        ("version=x", "version"),
        ("policy=guess", "policy"),
        ("origins=some", "origins"),
        ("asof=2020-03-11T17:00:00Z", "asof"),
    ],
)
def test_a_bad_parameter_is_named(client, story, query, parameter):
    answer = client.get(f"/v1/incidents/taji?{query}")

    assert answer.status_code == 400
    assert [error["parameter"] for error in answer.json["errors"]] == [parameter]


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/v1/incidents?cursor=*", "cursor"),
        ("/v1/incidents?cursor=AAAA", "cursor"),
        ("/v1/incidents?as_of=2999-01-01T00:00:00Z", "as_of"),
        ("/v1/incidents/taji?as_of=2999-01-01T00:00:00Z", "as_of"),
        ("/v1/incidents/taji/updates?cursor=*", "cursor"),
        ("/v1/incidents/taji/timemap?cursor=AAAA", "cursor"),
        ("/v1/incidents/taji/explain?path=nowhere", "path"),
        ("/v1/incidents/taji/series?figure=nowhere", "figure"),
        ("/v1/incidents/taji/series?figure=casualties.killed&cursor=AAAA", "cursor"),
        ("/v1/publishers?cursor=*", "cursor"),
        ("/v1/events?after=one", "after"),
        ("/v1/events?after=-5", "after"),
    ],
)
def test_a_parameter_that_only_the_store_can_refuse_is_named_too(client, story, path, parameter):
    answer = client.get(path)

    assert answer.status_code == 400
    assert [error["parameter"] for error in answer.json["errors"]] == [parameter]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/incidents/taji?as_of=2999-01-01T00:00:00Z", 400),
        ("/v1/incidents/taji?as_of=2020-01-01T00:00:00Z", 404),
        ("/v1/incidents/taji?version=99", 404),
        ("/v1/incidents/nowhere", 404),
        ("/v1/incidents/nowhere/events", 404),
        ("/v1/incidents/taji/events/99", 404),
        ("/v1/incidents/taji/events/99999999999999999999", 404),
        ("/v1/incidents/taji/updates/one", 404),
        ("/v1/incidents?limit=1001", 400),
        ("/v1/incidents?limit=0", 400),
        ("/v1/incidents?cursor=x", 400),
        ("/v1/events?after=x", 400),
        ("/v1/nowhere", 404),
    ],
)
def test_every_failure_is_a_problem_document(client, story, path, status):
    answer = client.get(path)

    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert {"type", "title", "status", "detail"} <= set(answer.json)


def test_a_method_that_is_not_allowed_says_which_are(client):
    answer = client.delete("/v1/incidents")

    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].replace(" ", "").split(","))


def test_pages_link_to_the_next(client, story):
    first = client.get("/v1/incidents/taji/updates?limit=3")
    second = client.get(first.headers["Link"].split(">")[0].lstrip("<"))

    assert [told["version"] for told in first.json["updates"]] == [4, 3, 2]
    assert ([told["version"] for told in second.json["updates"]], second.json["next"]) == (
        [1],
        None,
    )
    assert "Link" not in second.headers


def test_events_come_as_lines_on_request(client, story):
    answer = client.get("/v1/incidents/taji/events", headers={"Accept": "application/x-ndjson"})

    assert answer.content_type == "application/x-ndjson"
    assert len(answer.data.splitlines()) == 4


def test_an_event_has_its_envelope_and_what_was_posted(client, story):
    event = client.get("/v1/incidents/taji/events/2").json

    assert event["report"] == {"type": "casualties", "harm": "killed", "quantity": "1"}
    assert (event["publisher"]["key"], event["origin"]["key"]) == ("press-1", "press-1")
    assert (event["recorded_by"], event["type"]) == ("reporter", "casualties_reported")
    assert (len(event["commitment"]), len(event["leaf"])) == (64, 64)


def test_the_feed_goes_on_where_it_ended(client, story):
    first = client.get("/v1/events?limit=3").json
    second = client.get(f"/v1/events?after={first['cursor']}").json
    third = client.get(f"/v1/events?after={second['cursor']}").json

    assert [event["position"] for event in first["events"] + second["events"]] == [1, 2, 3, 4]
    assert (second["next"], third["events"], third["cursor"]) == (None, [], "4")


def test_the_service_says_that_it_is_well(client):
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200
    assert client.get("/docs").status_code == 200


def test_the_page_of_the_document_shows_code_as_code_and_what_holds_where_nothing_is_said(client):
    page = client.get("/docs").text

    assert "`" not in page
    assert "The <code>next</code> of the page before." in page
    assert "integer 1–1000, <code>100</code> where it is not said" in page
