"""Where incidents lie: counted cell by cell for the front page, place by place for one incident."""

import json
import re
from collections import Counter
from html import unescape
from random import Random

import pytest

from tests.histories import EDITOR, killed, marking, new_incident, new_update, told

SIZE = 45
CELLS = 400


def at(longitude, latitude, **more):
    geometry = {"type": "Point", "coordinates": [longitude, latitude]}
    return {"type": "location", "role": "target", "geometry": geometry, **more}


def cells(reader, query=""):
    return reader.get(f"/map{query}").json["cells"]


def test_incidents_are_counted_where_they_lie(reader, tell):
    tell("north", told("afp", at(10, 50)), title="North")
    tell("near", told("afp", at(11, 51)), title="Near")
    tell("south", told("afp", at(-70, -30), killed(3)), title="South")
    tell("nowhere", told("afp", killed(1)), title="Nowhere")

    found = cells(reader)

    assert found[0] == {"longitude": 10.5, "latitude": 50.5, "count": 2}
    assert (found[1]["incident"], found[1]["title"], found[1]["count"]) == ("south", "South", 1)
    assert found[1]["killed"]["low"] == 3
    assert len(found) == 2


@pytest.mark.parametrize("lanes", [1, 16])
def test_cells_hold_what_a_plain_count_finds(reader, store, lanes):
    chance = Random(7)
    where = {
        f"story-{number:03}": (chance.randrange(-180, 180), chance.randrange(-90, 90))
        for number in range(60)
    }
    for slug, (longitude, latitude) in where.items():
        store.open(new_incident(slug, at(longitude, latitude)), EDITOR)

    for zoom in range(4):
        size = SIZE / 2**zoom
        plain = Counter(
            ((longitude + 180) // size, (latitude + 180) // size)
            for longitude, latitude in where.values()
        )
        found = cells(reader, f"?zoom={zoom}")
        assert sorted(cell["count"] for cell in found) == sorted(plain.values())


def test_a_view_and_filters_choose(reader, tell):
    tell("here", told("afp", at(44, 33), killed(5)))
    tell("there", told("afp", at(60, 33), killed(5)))
    tell("less", told("afp", at(44, 33), killed(1)))

    found = cells(reader, "?view=40,30,50,40&zoom=3&min_killed=2")

    assert [cell["incident"] for cell in found] == ["here"]


def test_a_filter_that_all_pass_changes_no_map(reader, tell, store):
    tell("here", told("afp", at(44, 33)), told("afp", at(45, 33)))
    tell("moved", told("afp", at(44, 33)), told("afp", at(60, 33)))
    tell("hidden", told("afp", at(44, 34)), told("desk", marking(2, audience="desk")))
    tell("part", told("afp", at(10, 10)))
    store.append("part", new_update(told("desk", {"type": "merge", "into": "here"})), EDITOR)
    moments = [
        one.recorded_at
        for one in store.updates("moved", cursor=None, limit=9, ascending=True).updates
    ]

    for query in ("", *(f"as_of={moment}" for moment in moments)):
        assert cells(reader, f"?{query}") == cells(reader, f"?{query}&min_killed=0")
    assert sorted(cell["count"] for cell in cells(reader)) == [1, 2]


def test_an_incident_counts_once_in_a_cell_and_moves_with_its_places(reader, tell, store):
    tell("story", told("afp", at(44, 33)), told("ap", at(44.1, 33.1)))
    before = cells(reader)
    then = store.now("story").version

    store.append("story", new_update({**told("afp", at(-100, 40))}), EDITOR)
    store.append("story", new_update({**told("ap", at(-100, 40))}), EDITOR)

    assert [cell["count"] for cell in before] == [1]
    assert [(cell["longitude"], cell["count"]) for cell in cells(reader)] == [(-100, 1)]
    assert then == 3


def test_a_withheld_place_is_on_no_map(reader, tell):
    tell("story", told("spy", at(44, 33)), told("desk", marking(2, audience="desk")))

    assert cells(reader) == []
    assert "data-places" not in reader.get("/incidents/story").text


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("?zoom=19", "zoom"),
        ("?view=1,2,3", "view"),
        ("?cursor=x", "cursor"),
        ("?colour=1", "colour"),
    ],
)
def test_what_no_map_can_show_is_refused_by_name(reader, query, parameter):
    refused = reader.get(f"/map{query}")

    assert refused.status_code == 400
    assert parameter in refused.text


def test_a_page_has_its_places_with_their_precision(reader, tell):
    tell(
        "story",
        told("afp", at(44, 33, name="O'Brien <b>", precision="city", country="IQ")),
        told("ap", {"type": "location", "role": "launch", "country": "SY"}),
    )

    page = reader.get("/incidents/story").text
    told_on = json.loads(unescape(re.search("data-places='([^']*)'", page)[1]))

    assert told_on["countries"] == ["368", "760"]
    assert [(one["precision"], one["geometry"]["coordinates"]) for one in told_on["places"]] == [
        ("city", [44, 33])
    ]
    assert "O'Brien <b>" in told_on["places"][0]["words"]
