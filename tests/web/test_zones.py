"""What time it was there."""

import pytest

from service.web import words
from service.web.zones import zone_of
from tests.histories import recorded, situation_of, told
from tests.web.reading import words_of


def at(country, longitude=None, latitude=None):
    geometry = {"type": "Point", "coordinates": [longitude, latitude]}
    where = {} if longitude is None else {"geometry": geometry}
    return {"type": "location", "role": "target", "country": country, **where}


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        (at("IQ"), "Asia/Baghdad"),
        (at("IQ", 44.26, 33.52), "Asia/Baghdad"),
        (at("US", -118.2, 34.1), "America/Los_Angeles"),
        (at("US", -73.9, 40.7), "America/New_York"),
        (at("RU", 177.5, 64.7), "Asia/Anadyr"),
        (at("US"), None),
        ({"type": "location", "role": "target", "name": "Somewhere"}, None),
        ({"type": "location", "role": "launch", "country": "IQ"}, None),
    ],
)
def test_a_place_has_the_zone_of_its_country_that_is_nearest(place, zone):
    assert zone_of(situation_of(recorded(told("afp", place)))) == zone


def test_an_area_lies_where_it_begins():
    ring = [[-118.2, 34.1], [-118.1, 34.1], [-118.1, 34.2], [-118.2, 34.1]]
    area = {
        "type": "GeometryCollection",
        "geometries": [{"type": "Polygon", "coordinates": [ring]}],
    }

    held = situation_of(recorded(told("afp", {**at("US"), "geometry": area})))

    assert zone_of(held) == "America/Los_Angeles"


def test_a_moment_is_told_by_the_clocks_of_its_place_too(reader, tell):
    when = {
        "type": "time",
        "occurred": {"earliest": "2020-03-11T16:30:00Z", "latest": "2020-03-11T17:00:00Z"},
    }
    tell("taji", told("afp", at("IQ"), when))

    words = words_of(reader.get("/incidents/taji"))

    assert "11 March 2020, 16:30 to 17:00 UTC (19:30 to 20:00 in Baghdad)" in words


def test_a_day_is_a_day_everywhere():
    day = "2020-03-11T00:00:00.000000Z", "2020-03-11T23:59:59.999999Z"

    assert words.there(*day, "Asia/Baghdad") is None
