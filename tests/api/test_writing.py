"""API.md, Writing and Everywhere: what a writer is told, each bad input's status and pointer."""

import pytest

from service.app import create_app
from service.settings import Settings

UPDATE_ID = "0196c0de-0000-7000-8000-000000000001"
PRESS = {"key": "afp", "kind": "press"}


def casualties(quantity="at least 2", **more):
    return {"type": "casualties", "harm": "killed", "quantity": quantity, **more}


def update(*reports, **more):
    return {"publisher": PRESS, "published_at": "2020-03-11", "reports": list(reports), **more}


@pytest.fixture
def taji(post):
    opening = {"incident": "taji", "title": "Rockets", "kind": "attack.rocket", "publisher": PRESS}
    assert post("/v1/incidents", {**opening, "reports": []}).status_code == 201
    return "/v1/incidents/taji"


def problem(answer):
    assert answer.content_type == "application/problem+json"
    assert answer.json["status"] == answer.status_code
    return answer.json


def pointers(answer):
    return [error["pointer"] for error in problem(answer)["errors"]]


def test_opening_an_incident_answers_where_it_is(post):
    opening = {"incident": "taji", "title": "Rockets", "kind": "attack.rocket", "publisher": PRESS}

    first = post("/v1/incidents", opening)
    again = post("/v1/incidents", opening)

    assert (first.status_code, first.headers["ETag"]) == (201, '"1"')
    assert first.headers["Location"] == "/v1/incidents/taji"
    assert (again.status_code, problem(again)["title"]) == (409, "The incident exists already")


def test_an_update_is_answered_with_versions_and_changes(post, taji):
    answer = post(f"{taji}/updates", update(casualties(key="us"), update_id=UPDATE_ID))

    receipt = answer.json
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"2"')
    assert answer.headers["Location"] == f"{taji}/updates/{UPDATE_ID}"
    assert (receipt["update_id"], receipt["version"], receipt["position"]) == (UPDATE_ID, 2, 2)
    assert receipt["events"][0]["key"] == "us"
    assert receipt["changes"][0] == {
        "path": "casualties.killed",
        "from": {"low": 0, "high": None},
        "to": {"low": 2, "high": None},
        "because": [2],
        "sentence": "Killed: none reported → at least 2.",
    }


def test_a_retry_is_answered_alike_and_says_so(post, taji):
    body = update(casualties(), update_id=UPDATE_ID)

    first, again = post(f"{taji}/updates", body), post(f"{taji}/updates", body)
    by_header = post(f"{taji}/updates", update(casualties()), Idempotency_Key=UPDATE_ID)
    other = post(f"{taji}/updates", update(casualties("3"), update_id=UPDATE_ID))

    assert "Idempotent-Replay" not in first.headers
    assert again.headers["Idempotent-Replay"] == by_header.headers["Idempotent-Replay"] == "true"
    assert again.json == by_header.json == first.json
    assert (other.status_code, problem(other)["type"]) == (422, "/problems/id-reused")


def test_an_expected_version_that_has_passed_is_answered_with_the_current_one(post, taji):
    kept = post(f"{taji}/updates", update(casualties()), If_Match='"1"')
    late = post(f"{taji}/updates", update(casualties()), If_Match='"1"')
    strange = post(f"{taji}/updates", update(casualties()), If_Match="one")

    assert kept.status_code == 201
    assert (late.status_code, late.headers["ETag"]) == (412, '"2"')
    assert (problem(late)["expected"], problem(late)["actual"]) == (1, 2)
    assert strange.status_code == 400


@pytest.mark.parametrize(
    ("body", "at"),
    [
        (update(casualties({"low": 3, "high": 2})), "/reports/0/quantity"),
        (update(casualties("lots")), "/reports/0/quantity"),
        (update(casualties({"low": 1.5})), "/reports/0/quantity/low"),
        (update(casualties(), casualties(harm="hurt")), "/reports/1/harm"),
        (update(casualties(hram="killed")), "/reports/0/hram"),
        (update({"type": "rumour"}), "/reports/0/type"),
        (update({"harm": "killed"}), "/reports/0/type"),
        (update(casualties(effective_at="yesterday")), "/reports/0/effective_at"),
        (update(casualties(), published_at="2020-03-11T17:00:00"), "/published_at"),
        (update(casualties(), published_at="2999-01-01"), "/published_at"),
        (update(casualties(), publisher={"key": "afp"}), "/publisher/kind"),
        (update(casualties(), summary="x" * 281), "/summary"),
        (update(), "/reports"),
        (update(casualties(), update_id="one"), "/update_id"),
        (update(casualties(depends_on=["nobody"])), "/reports/0/depends_on/0"),
        (update(casualties(key="a"), casualties(key="a")), "/reports/1/key"),
    ],
)
def test_what_cannot_be_is_refused_with_the_place_where_it_stands(client, post, taji, body, at):
    answer = post(f"{taji}/updates", body)

    assert answer.status_code == 422
    assert any(pointer.startswith(at) for pointer in pointers(answer))
    assert client.get(taji).json["version"] == 1


def test_all_faults_of_a_body_are_told_at_once(post, taji):
    body = update(casualties("lots"), {"type": "rumour"}, published_at="soon", extra=1)

    answer = post(f"{taji}/updates", body)

    assert set(pointers(answer)) == {
        "/extra",
        "/published_at",
        "/reports/0/quantity",
        "/reports/1/type",
    }


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b'{"a":NaN}', b"\xff"])
def test_what_is_no_json_object_is_malformed(client, taji, body):
    headers = {
        "Authorization": f"Bearer {client.keys['reporter']}",
        "Content-Type": "application/json",
    }

    answer = client.post(f"{taji}/updates", data=body, headers=headers)

    assert (answer.status_code, problem(answer)["type"]) == (400, "/problems/malformed")


def test_another_content_type_is_not_taken(client, taji):
    headers = {"Authorization": f"Bearer {client.keys['reporter']}", "Content-Type": "text/plain"}

    assert problem(client.post(f"{taji}/updates", data=b"{}", headers=headers))["status"] == 415


def test_a_body_that_is_too_long_is_not_read(database):
    app = create_app(Settings(database_url=database, max_body_bytes=1024))
    store = app.extensions["sitrep"]
    headers = {"Authorization": f"Bearer {store.add_key('a', 'reporter')}"}

    answer = app.test_client().post("/v1/incidents", json={"x": "y" * 2000}, headers=headers)
    store.close()

    assert problem(answer)["status"] == 413


def test_nothing_is_written_without_a_key_that_may(client, post, taji):
    without = client.post(f"{taji}/updates", json=update(casualties()))
    unknown = client.post(
        f"{taji}/updates", json=update(casualties()), headers={"Authorization": "Bearer x"}
    )
    reader = post(f"{taji}/updates", update(casualties()), "reader")
    retraction = {"type": "retraction", "targets": [1], "reason": "x"}
    reporter = post(f"{taji}/updates", update(retraction))

    assert [without.status_code, unknown.status_code] == [401, 401]
    assert without.headers["WWW-Authenticate"] == "Bearer"
    assert [reader.status_code, reporter.status_code] == [403, 403]
    assert client.get(taji).json["version"] == 1


def test_an_incident_that_is_not_there_takes_no_update(post):
    answer = post("/v1/incidents/nowhere/updates", update(casualties()))

    assert problem(answer)["status"] == 404


def test_decimals_of_a_measure_come_back_as_they_were_posted(client, taji):
    body = (
        '{"publisher": {"key": "usgs", "kind": "official"}, "reports": [{"type": "measure",'
        ' "name": "magnitude", "quantity": {"low": 6.1, "high": 6.10}}]}'
    )
    headers = {
        "Authorization": f"Bearer {client.keys['reporter']}",
        "Content-Type": "application/json",
    }

    assert client.post(f"{taji}/updates", data=body, headers=headers).status_code == 201

    held = client.get(taji).json["overview"]["measures"]["magnitude"]
    raw = client.get(f"{taji}/events/2").get_data(as_text=True)
    assert (held["low"], held["high"]) == (6.1, 6.1)
    assert '"quantity":{"low":6.1,"high":6.10}' in raw


def test_a_preview_tells_what_an_update_would_change_and_stores_nothing(client, post, taji):
    body = update(casualties(key="us"))

    foreseen = post(f"{taji}/preview", body)
    stale = post(f"{taji}/preview", body, If_Match='"7"')
    wrong = post(f"{taji}/preview", update())

    assert foreseen.status_code == 200
    assert (foreseen.json["follows"], foreseen.json["version"]) == (1, 2)
    assert foreseen.json["events"] == [{"version": 2, "type": "casualties_reported", "key": "us"}]
    assert (problem(stale)["actual"], pointers(wrong)) == (1, ["/reports"])
    assert client.get(taji).json["version"] == 1
    assert post(f"{taji}/updates", body).json["changes"] == foreseen.json["changes"]
