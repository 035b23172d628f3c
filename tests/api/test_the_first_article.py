"""The story that the product must tell: Camp Taji, 11 March 2020, over HTTP."""

import json
from importlib.resources import files

import pytest

TAJI = "taji-rocket-attack-2020-03-11"
TOP = {"incident", "title", "kind"}


@pytest.fixture
def tell(post):
    """Posts the shipped story's updates, as far as `wanted` lets them."""

    def told(wanted):
        opened = set()
        for line in (
            files("service.stories").joinpath("taji.ndjson").read_text("utf-8").splitlines()
        ):
            update = json.loads(line)
            slug = update["incident"]
            if not wanted(update):
                continue
            if slug not in opened:
                opened.add(slug)
                opening = {key: update[key] for key in (*TOP, "publisher", "published_at")}
                assert post("/v1/incidents", opening, "editor").status_code == 201
            body = {key: value for key, value in update.items() if key not in TOP}
            answer = post(f"/v1/incidents/{slug}/updates", body, "editor")
            assert answer.status_code == 201, answer.json

    return told


def test_the_first_article_alone(client, tell):
    tell(lambda update: update["publisher"]["key"] == "the-drive")

    held = client.get(f"/v1/incidents/{TAJI}").json
    killed, lines = held["casualties"]["killed"], held["attribution"]["lines"]
    groups = {tuple(cell["group"].values()): cell for cell in killed["by_group"]}

    assert (killed["low"], killed["high"]) == (3, None)
    assert (groups["US", "military"]["low"], groups["US", "military"]["high"]) == (2, None)
    assert (groups["GB", "military"]["low"], groups["GB", "military"]["high"]) == (1, 1)
    assert held["casualties"]["unspecified"]["low"] == 2
    assert held["casualties"]["injured"]["status"] == "unreported"
    assert held["casualties"]["affected"]["low"] == 5
    assert held["attribution"]["responsibility"] == "unclaimed"
    assert ("perpetrator", "suspected") in {(line["relation"], line["level"]) for line in lines}
    strikes = next(r for r in held["responses"] if r["response"] == "us-strikes-syria")
    assert (strikes["execution"], strikes["evidence"]) == ("carried_out", "rumoured")


def test_the_whole_story(client, tell):
    tell(lambda update: True)

    held = client.get(f"/v1/incidents/{TAJI}").json
    killed = held["casualties"]["killed"]
    us_military = next(
        cell
        for cell in killed["by_group"]
        if cell["group"] == {"nationality": "US", "role": "military"}
    )
    disputes = {
        (each["floor"]["origin"], each["floor"]["low"], each["cap"]["origin"], each["cap"]["high"])
        for each in us_military["disputes"]
    }

    assert (killed["low"], killed["high"], killed["best"]) == (3, 3, 3)
    assert us_military["status"] == "disputed"
    assert disputes == {
        ("us-department-of-defense", 2, "baghdad-post-afp-copy", 1),
        ("us-department-of-defense", 2, "bbc-us-military-sources", 1),
        ("us-department-of-defense", 2, "the-media-line", 1),
    }
    assert held["attribution"]["responsibility"] == "claimed"
    assert len(client.get("/v1/incidents").json["incidents"]) == 9


def test_what_the_world_had_published_as_the_evening_went_on(client, tell):
    tell(lambda update: update["incident"] == TAJI)

    def killed_until(hour):
        path = f"/v1/incidents/{TAJI}?published_until=2020-03-11T{hour}Z"
        toll = client.get(path).json["casualties"]["killed"]
        return toll["low"], toll["high"], toll["status"]

    assert killed_until("16:59:59") == (0, None, "unreported")
    assert killed_until("17:00:00") == (0, 0, "single_origin")
    assert killed_until("18:30:00") == (3, None, "single_origin")
    assert killed_until("19:00:00") == (3, None, "agreed")


def test_leaving_out_a_publisher_says_so(client, tell):
    tell(lambda update: update["incident"] == TAJI)

    path = f"/v1/incidents/{TAJI}?without_publisher=the-drive&without_publisher=the-media-line"
    held = client.get(path).json

    assert held["left_out"] == ["publisher:the-drive", "publisher:the-media-line"]
    assert not {"the-drive", "the-media-line"} & {told["key"] for told in held["publishers"]}


def test_every_figure_leads_to_the_events_behind_it(client, tell):
    tell(lambda update: update["incident"] == TAJI)

    def because(value):
        if isinstance(value, dict):
            yield from value.get("because", ())
            for part in value.values():
                yield from because(part)
        elif isinstance(value, list):
            for part in value:
                yield from because(part)

    held = client.get(f"/v1/incidents/{TAJI}").json
    versions = set(because(held))

    assert len(versions) > 50
    for version in versions:
        assert client.get(f"/v1/incidents/{TAJI}/events/{version}").status_code == 200
    for toll in held["casualties"].values():
        assert toll.get("status") == "unreported" or toll["because"]
