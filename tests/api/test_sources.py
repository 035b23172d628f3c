"""GET /v1/publishers and /v1/origins: what became of each source's reports."""

import pytest

AFP = {"key": "afp", "name": "AFP", "kind": "agency"}
BBC = {"key": "bbc", "name": "BBC", "kind": "press"}
ARMY = {"key": "army", "name": "The Army", "kind": "military", "named": True}


def count(quantity, **more):
    return {"type": "casualties", "harm": "killed", "quantity": quantity, **more}


@pytest.fixture
def story(post):
    """AFP passes the army's two on and is corrected by itself; the BBC counts three."""
    post("/v1/incidents", {"incident": "taji", "title": "T", "kind": "other", "publisher": BBC})
    for publisher, report in (
        (AFP, count("2", origin=ARMY)),
        (AFP, {"type": "correction", "target": 2, "kind": "number", "replacement": count("3")}),
        (BBC, count("at least 2")),
    ):
        body = {"publisher": publisher, "reports": [report]}
        assert post("/v1/incidents/taji/updates", body).status_code == 201


def test_publishers_are_listed_with_what_became_of_their_reports(client, story):
    afp, bbc = client.get("/v1/publishers").json["publishers"]

    times = {name: afp.pop(name) for name in ("first_recorded_at", "last_recorded_at")}
    assert times["first_recorded_at"] < times["last_recorded_at"]
    assert afp == {
        "key": "afp",
        "name": "AFP",
        "kind": "agency",
        "incidents": 1,
        "updates": 2,
        "reports": 1,
        "acts": 1,
        "corrections": 1,
        "own_corrections": 1,
        "retractions": 0,
        "disputed": 0,
        "endorsed": 0,
        "first_figures": {"given": 1, "stood": 0, "fell": 1, "open": 0},
    }
    assert bbc["first_figures"] == {"given": 1, "stood": 1, "fell": 0, "open": 0}


def test_a_publisher_comes_with_its_origins_and_its_incidents(client, story):
    found = client.get("/v1/publishers/afp").json

    assert (found["publisher"]["reports"], found["next"]) == (1, None)
    assert [(one["key"], one["named"], one["reports"]) for one in found["origins"]] == [
        ("afp", True, 0),
        ("army", True, 1),
    ]
    assert [(one["incident"], one["reports"]) for one in found["incidents"]] == [("taji", 1)]


def test_an_origin_comes_with_the_publishers_that_passed_it_on(client, story):
    found = client.get("/v1/origins/army").json

    assert (found["origin"]["name"], found["origin"]["named"]) == ("The Army", True)
    assert [one["key"] for one in found["publishers"]] == ["afp"]
    assert [one["incident"] for one in found["incidents"]] == ["taji"]


def test_lists_go_on_from_page_to_page(client, story):
    first = client.get("/v1/origins?limit=2")
    second = client.get(first.headers["Link"].split(">")[0].lstrip("<"))

    assert [one["key"] for one in first.json["origins"]] == ["afp", "army"]
    assert [one["key"] for one in second.json["origins"]] == ["bbc"]
    assert (second.json["next"], "Link" in second.headers) == (None, False)


def test_lists_can_be_narrowed(client, story):
    def keys(path):
        (found,) = (value for name, value in client.get(path).json.items() if name != "next")
        return [one["key"] for one in found]

    assert keys("/v1/publishers?q=b") == ["bbc"]
    assert keys("/v1/publishers?origin=army") == ["afp"]
    assert keys("/v1/origins?publisher=afp") == ["afp", "army"]
    assert keys("/v1/origins?publisher=nobody") == []


def test_what_a_client_has_already_is_not_sent_again(client, story):
    for path in ("/v1/publishers", "/v1/publishers/afp", "/v1/origins", "/v1/origins/army"):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})

        assert (again.status_code, first.headers["Cache-Control"]) == (304, "no-cache")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/publishers/nobody", 404),
        ("/v1/origins/nobody", 404),
        ("/v1/publishers/No%20key", 404),
        ("/v1/publishers?limit=1001", 400),
        ("/v1/publishers?cursor=*", 400),
        ("/v1/publishers?cursor=AA", 400),
        ("/v1/publishers?kind=press", 400),
        ("/v1/publishers?q=%25", 400),
        ("/v1/publishers/afp?cursor=*", 400),
    ],
)
def test_what_is_not_there_or_not_asked_rightly_is_a_problem_document(client, story, path, status):
    answer = client.get(path)

    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
