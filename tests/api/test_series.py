"""API.md, Reading one incident: a figure step by step, what a chart needs."""

import pytest

from service.store.cursors import encoded
from tests.histories import at, correction, injured, killed, measure, origin, retraction, told

SERIES = "/v1/incidents/quake/series"
ARMY, MAYOR = origin("army", "military"), origin("mayor")


@pytest.fixture
def tell(post):
    """`tell(update, …)`: an incident with these updates; their receipts."""

    def all_told(*updates):
        opening = {
            "incident": "quake",
            "title": "An earthquake",
            "kind": "disaster",
            "publisher": {"key": "desk", "kind": "desk"},
            "published_at": at(1),
        }
        post("/v1/incidents", opening)
        path = "/v1/incidents/quake/updates"
        receipts = [post(path, update, role="editor") for update in updates]
        assert {receipt.status_code for receipt in receipts} == {201}
        return [receipt.json for receipt in receipts]

    return all_told


def series(client, figure="casualties.killed", **more):
    query = {"figure": figure, **{name.strip("_"): value for name, value in more.items()}}
    return client.get(SERIES, query_string=query)


def steps(answer):
    return [(step["version"], step["low"], step["high"]) for step in answer.json["steps"]]


def lines(answer):
    return {
        line["origin"]: [(step["version"], step["low"], step["high"]) for step in line["steps"]]
        for line in answer.json["origins"]
    }


def test_a_toll_rises_step_by_step_with_what_each_origin_says(client, tell):
    tell(
        told("afp", killed("at least 2", origin=ARMY), at_hour=9),
        told("bbc", killed("at least 5", origin=MAYOR), injured(3), at_hour=10),
        told("afp", killed(6, origin=ARMY), at_hour=11),
    )

    answer = series(client)

    assert steps(answer) == [(2, 2, None), (3, 5, None), (5, 6, 6)]
    assert lines(answer) == {"army": [(2, 2, None), (5, 6, 6)], "mayor": [(3, 5, None)]}
    assert answer.json["steps"][1] | {"at": None} == {
        "at": None,
        "version": 3,
        "low": 5,
        "high": None,
        "best": None,
        "floor": 5,
        "cap": None,
        "status": "compatible",
        "rule": "compatible",
        "because": [3],
    }
    assert answer.json["next"] is None


def test_reports_of_one_update_are_one_step_of_the_record(client, tell):
    (receipt,) = tell(told("afp", killed(2, origin=ARMY), killed("at least 3", origin=MAYOR)))

    answer = series(client)

    assert [step["at"] for step in answer.json["steps"]] == [receipt["recorded_at"]]


def test_a_line_ends_where_an_origin_no_longer_says_anything(client, tell):
    tell(
        told("afp", killed(2, origin=ARMY), at_hour=9),
        told("bbc", killed("at least 1", origin=MAYOR), at_hour=10),
        told("desk", retraction(2), at_hour=11),
    )

    answer = series(client)

    assert lines(answer)["army"] == [(2, 2, 2), (4, None, None)]
    assert steps(answer)[-1] == (4, 1, None)


def test_each_axis_tells_the_same_reports_in_its_own_order(client, tell):
    tell(
        told("afp", killed(5), at_hour=12),
        told("bbc", killed(3, effective_at=at(13)), at_hour=11),
    )

    recorded, published, effective = (
        series(client, axis=axis) for axis in ("recorded", "published", "effective")
    )

    assert [step[0] for step in steps(recorded)] == [2, 3]
    assert [step["at"] for step in published.json["steps"]] == [at(11), at(12)]
    assert [step["at"] for step in effective.json["steps"]] == [at(12), at(13)]
    assert [step[0] for step in steps(published)] == [3, 2]


def test_a_correction_changes_a_moment_of_the_past_on_the_axis_of_effect(client, tell):
    tell(
        told("afp", killed(30), at_hour=9),
        told("afp", killed(40), at_hour=12),
        told("afp", correction(2, killed(3)), at_hour=20),
    )

    assert [step[1] for step in steps(series(client, axis="effective"))] == [3, 40]
    assert [step[1] for step in steps(series(client, axis="published"))] == [30, 40]


def test_of_a_level_each_origin_keeps_the_line_that_it_drew_alone(client, tell):
    level = {"course": "varies", "unit": "ha"}
    tell(
        told("afp", measure("burning", 100, origin=ARMY, **level), at_hour=9),
        told("afp", measure("burning", 120, origin=MAYOR, **level), at_hour=10),
    )

    answer = series(client, "overview.measures.burning")

    assert steps(answer) == [(2, 100, 100), (3, 120, 120)]
    assert lines(answer) == {"army": [(2, 100, 100)], "mayor": [(3, 120, 120)]}


def test_every_page_begins_with_the_state_at_its_start(client, tell):
    tell(*(told("afp", killed(count), at_hour=9 + count) for count in (1, 2, 3, 4, 5)))

    first = series(client, limit=2)
    second = client.get(first.headers["Link"].split(">")[0].lstrip("<"))
    third = client.get(second.headers["Link"].split(">")[0].lstrip("<"))

    lows = [[step[1] for step in steps(page)] for page in (first, second, third)]
    assert lows == [[1, 2], [2, 3, 4], [4, 5]]
    assert lines(third) == {"afp": [(5, 4, 4), (6, 5, 5)]}
    assert (third.json["next"], "Link" in third.headers) == (None, False)


def test_a_stretch_of_an_axis_begins_with_the_state_there(client, tell):
    tell(*(told("afp", killed(count), at_hour=9 + count) for count in (1, 2, 3, 4, 5)))

    answer = series(client, axis="published", from_=at(11.5), to=at(13))

    assert [(step["at"], step["low"]) for step in answer.json["steps"]] == [
        (at(11.5), 2),
        (at(12), 3),
        (at(13), 4),
    ]


def test_the_pages_of_one_series_are_of_one_record(client, tell, post):
    tell(*(told("afp", killed(count), at_hour=9 + count) for count in (1, 2, 3)))
    first = series(client, axis="published", limit=2)

    post("/v1/incidents/quake/updates", told("bbc", killed(9), at_hour=23))
    second = client.get(first.headers["Link"].split(">")[0].lstrip("<"))

    assert [step[1] for step in steps(second)] == [2, 3]
    assert (second.json["version"], second.json["next"]) == (4, None)


def test_bounds_policies_and_omissions_combine(client, tell):
    tell(
        told("afp", killed(2, origin=ARMY), at_hour=9),
        told("bbc", killed("at least 4", origin=MAYOR), at_hour=10),
        told("afp", killed(5, origin=ARMY), at_hour=11),
    )

    answer = series(
        client, without_origin="mayor", published_until=at(10), policy="range", version=4
    )

    assert steps(answer) == [(2, 2, 2)]
    assert answer.json["left_out"] == ["origin:mayor"]
    assert (answer.json["policy"], answer.json["published_until"]) == ("range", at(10))


def test_a_harm_that_nobody_reported_has_no_steps(client, tell):
    tell(told("afp", killed(2)))

    answer = series(client, "casualties.missing")

    assert (answer.status_code, answer.json["steps"], answer.json["origins"]) == (200, [], [])


def test_a_series_of_a_pinned_record_never_changes(client, tell):
    first, _ = tell(told("afp", killed(2)), told("afp", killed(3)))

    pinned, open_ended = series(client, as_of=first["recorded_at"]), series(client)

    assert steps(pinned) == [(2, 2, 2)]
    assert pinned.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert open_ended.headers["Cache-Control"] == "no-cache"
    again = client.get(
        SERIES,
        query_string={"figure": "casualties.killed"},
        headers={"If-None-Match": open_ended.headers["ETag"]},
    )
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("figure=casualties", 400),
        ("figure=casualties.harmed", 400),
        ("figure=casualties.affected", 400),
        ("figure=casualties.killed.by_group[colour=red]", 400),
        ("figure=casualties.killed&axis=told", 400),
        ("figure=casualties.killed&limit=1001", 400),
        ("figure=casualties.killed&cursor=x", 400),
        ("figure=casualties.killed&cursor=cHVibGlzaGVkIDEgMQ", 400),
        ("figure=casualties.killed&from=2020-03-12T00:00:00Z&to=2020-03-11T00:00:00Z", 400),
        ("figure=casualties.killed&as_of=2999-01-01T00:00:00Z", 400),
        ("figure=overview.measures.unicorns", 404),
        ("figure=casualties.killed&version=99", 404),
    ],
)
def test_what_cannot_be_drawn_is_refused(client, tell, query, status):
    tell(told("afp", killed(2)))

    answer = client.get(f"{SERIES}?{query}")

    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")


@pytest.mark.parametrize("axis", ["recorded", "published", "effective"])
def test_a_cursor_from_beyond_all_time_is_no_harm(client, tell, axis):
    tell(told("afp", killed(2)))

    for moment in (-(10**17), 9 * 10**17):
        cursor = encoded(f"{axis} {moment} 2")
        assert series(client, axis=axis, cursor=cursor).status_code == 200


def test_what_the_desk_withholds_is_in_no_step_of_the_public(client, tell):
    tell(
        told("afp", killed(2, origin=ARMY), at_hour=9),
        told("bbc", killed("at least 9", origin=MAYOR), at_hour=10),
        told("desk", {"type": "marking", "targets": [3], "audience": "desk"}, at_hour=11),
    )

    public = series(client)
    desk = client.get(
        SERIES,
        query_string={"figure": "casualties.killed"},
        headers={"Authorization": f"Bearer {client.keys['editor']}"},
    )

    assert (steps(public), lines(public)) == ([(2, 2, 2)], {"army": [(2, 2, 2)]})
    assert [step[1] for step in steps(desk)] == [2, 9]
    assert "private" in desk.headers["Cache-Control"]
