"""Many incidents in other forms, oEmbed and CloudEvents (docs/formats.md)."""

import json
import re
from html import unescape

import pytest

from tests.formats.stories import HOSTILE, POINT, happened, place
from tests.formats.validators import (
    read_atom,
    read_cloud_events,
    read_geojson,
    read_oembed,
    read_table,
)
from tests.histories import EDITOR, killed, marking, new_incident, new_update, told

BATCH = {"Accept": "application/cloudevents-batch+json"}
PAGE = "http://localhost/incidents/taji"


@pytest.fixture
def lanes():
    return 4


@pytest.fixture
def store(client):
    return client.application.extensions["sitrep"]


@pytest.fixture
def world(store):
    """Seven incidents in as many places, each told twice, in turns."""
    names = [f"story-{number}" for number in range(7)]
    for number, name in enumerate(names):
        store.open(new_incident(name, title=f"Story {number}"), EDITOR)
        at = place(f"Place {number}", geometry={**POINT, "coordinates": [number, number]})
        store.append(name, new_update(told("afp", killed(number), at)), EDITOR)
    for name in names:
        store.append(name, new_update(told("ap", happened("2020-03-11"), at_hour=13)), EDITOR)
    return names


def pages(client, path, read):
    """Everything that the pages have, going on as a client would."""
    found = []
    while path:
        answer = client.get(path)
        assert answer.status_code == 200, answer.text
        found += read(answer.data)
        following = re.search('<([^>]*)>; rel="next"', answer.headers.get("Link", ""))
        path = following and following[1]
    return found


@pytest.mark.parametrize("asked", ["", "min_killed=3", "sort=killed", "q=story", "bbox=1,1,4,4"])
def test_maps_and_tables_have_the_incidents_of_the_list(client, world, asked):
    listed = [line["incident"] for line in client.get(f"/v1/incidents?{asked}").json["incidents"]]

    mapped = pages(
        client,
        f"/v1/incidents.geojson?limit=2&{asked}",
        lambda body: read_geojson(body)["features"],
    )
    rows = pages(client, f"/v1/incidents.csv?limit=3&{asked}", read_table)

    assert [feature["id"] for feature in mapped] == [row["relid"] for row in rows] == listed
    assert [feature["geometry"]["coordinates"][0] for feature in mapped] == [
        int(name[-1]) for name in listed
    ]
    assert [row["low"] for row in rows] == [name[-1] for name in listed]


def test_a_list_as_of_a_moment_shows_what_was_known_then(client, store, world):
    moment = client.get("/v1/incidents/story-3?version=2").json["recorded_at"]
    store.append("story-0", new_update(told("afp", killed(99), at_hour=14)), EDITOR)

    rows = read_table(client.get(f"/v1/incidents.csv?columns=acled&as_of={moment}").data)
    now = read_table(client.get("/v1/incidents.csv?columns=acled&sort=killed").data)

    assert [row["event_id_cnty"] for row in rows] == ["story-3", "story-2", "story-1", "story-0"]
    assert rows[-1]["fatalities"] == "0"
    assert {row["as_of"] for row in rows} == {moment}
    assert now[0]["fatalities"] == "99"


def test_a_page_that_was_begun_goes_on_as_it_began(client, store, world):
    first = client.get("/v1/incidents.csv?sort=killed&limit=4")
    store.append("story-1", new_update(told("afp", killed(50), at_hour=14)), EDITOR)
    following = re.search("<([^>]*)>", first.headers["Link"])[1]

    rows = read_table(client.get(following).data)

    assert [(row["relid"], row["low"]) for row in rows] == [
        *(("story-2", "2"), ("story-1", "1"), ("story-0", "0")),
    ]


def test_the_feed_of_all_has_every_update_once_the_latest_first(client, world):
    entries = pages(client, "/v1/updates.atom?limit=4", lambda body: read_atom(body).entries)

    assert len(entries) == len({entry.id for entry in entries}) == 21
    assert [entry.updated for entry in entries] == sorted(
        (entry.updated for entry in entries), reverse=True
    )
    assert entries[0].title == "Story 6: Time: 2020-03-11"
    assert {entry.tags[0].term for entry in entries} == set(world)


def test_the_feed_of_all_as_of_a_moment_stays_what_it_was(client, store, world):
    moment = client.get("/v1/incidents/story-6?version=2").json["recorded_at"]
    asked = f"/v1/updates.atom?as_of={moment}"
    before = client.get(asked)
    store.append("story-0", new_update(told("afp", {"type": "title", "title": "New"})), EDITOR)

    after, future = client.get(asked), client.get("/v1/updates.atom?as_of=2999-01-01T00:00:00Z")
    page = client.get(f"{asked}&limit=2")

    assert after.data == before.data
    assert len(read_atom(page.data).entries) == 2
    assert len(read_atom(after.data).entries) == 14
    assert future.status_code == 400


def test_a_title_that_is_withheld_is_in_no_feed_nor_table(client, store):
    store.open(new_incident("taji", title="Quixotella is dead"), EDITOR)
    store.append("taji", new_update(told("desk", marking(1, audience="desk"))), EDITOR)
    key = {"Authorization": f"Bearer {client.keys['editor']}"}

    for path in ("/v1/updates.atom", "/v1/incidents.csv", "/v1/incidents.geojson"):
        assert "Quixotella" not in client.get(path).text
    assert "Quixotella" in client.get("/v1/updates.atom", headers=key).text


def test_a_page_can_be_embedded_by_what_it_says_of_itself(client, store):
    store.open(new_incident("taji", killed(2), title=HOSTILE), EDITOR)
    page = client.get("/incidents/taji?version=2")
    found = re.search('type="application/json\\+oembed"[^>]*href="([^"]*)"', page.text)

    frame = read_oembed(client.get(unescape(found[1])).json)

    assert frame["src"] == "http://localhost/v1/incidents/taji/card?version=2"
    assert client.get(frame["src"]).status_code == 200


def test_oembed_is_written_as_asked_and_as_large_as_allowed(client, store):
    store.open(new_incident("taji", killed(2)), EDITOR)

    as_json = client.get(f"/v1/oembed?url={PAGE}&maxwidth=300&maxheight=100").json
    as_xml = client.get(f"/v1/oembed?url={PAGE}&format=xml")

    assert (as_json["width"], as_json["height"]) == (300, 100)
    assert as_xml.mimetype == "text/xml"
    assert b"<type>rich</type>" in as_xml.data


@pytest.mark.parametrize(
    ("url", "status"),
    [
        *(("http://elsewhere.example/incidents/taji", 404), (f"{PAGE}/updates", 404)),
        *(("http://localhost/incidents/nowhere", 404), (f"{PAGE}?wherever=x", 404)),
        *((f"{PAGE}?version=9", 404), ("file:///etc/passwd", 400), ("http://localhost/", 404)),
        *(("http://localhost:80@elsewhere.example/incidents/taji", 404), ("taji", 400)),
    ],
)
def test_nothing_else_can_be_embedded(client, store, url, status):
    store.open(new_incident("taji", killed(2)), EDITOR)

    answer = client.get("/v1/oembed", query_string={"url": url})

    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_recorded_events_are_cloud_events_wherever_they_are_asked_for(client, store):
    store.open(new_incident("taji", killed(2), title=HOSTILE), EDITOR)
    events = client.get("/v1/incidents/taji/events").json["events"]

    feed = client.get("/v1/events", headers=BATCH)
    of_one = client.get("/v1/incidents/taji/events", headers=BATCH)
    single = client.get(
        "/v1/incidents/taji/events/2", headers={"Accept": "application/cloudevents+json"}
    )

    for batch in (feed, of_one):
        assert (batch.mimetype, batch.headers["Vary"]) == (BATCH["Accept"], "Accept, Authorization")
        told_of = read_cloud_events(batch.data)
        assert [one.get_data() for one in told_of] == events
        assert [one.get_id() for one in told_of] == [event["event_id"] for event in events]
        assert told_of[1].get_type() == "org.sitrep.report.casualties_reported"
        assert (told_of[1].get_source(), told_of[1].get_subject()) == (
            "/v1/incidents/taji",
            "taji/2",
        )
    assert read_cloud_events(b"[" + single.data + b"]")[0].get_data() == events[1]
    assert client.get("/v1/incidents/taji/events/2").json == events[1]


def test_who_takes_batches_misses_no_event(client, world):
    path, seen, cursor = "/v1/events?limit=5", [], None
    while path:
        answer = client.get(path, headers=BATCH)
        seen += [event["subject"] for event in json.loads(answer.data)]
        cursor = answer.headers["Feed-Cursor"]
        following = re.search('<([^>]*)>; rel="next"', answer.headers.get("Link", ""))
        path = following and following[1]

    assert len(seen) == len(set(seen)) == 28
    assert client.get(f"/v1/events?after={cursor}", headers=BATCH).json == []
