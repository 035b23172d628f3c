"""TimeMaps (RFC 7089 §5), read as strictly as links are defined (tests/api/links.py)."""

import json
from datetime import datetime
from itertools import pairwise

import pytest

from service.domain.moments import SECOND_US, read_instant, write_instant
from tests.api.links import read_date, read_links, with_rel

HOST = "http://localhost/v1/incidents/fire"
OPENED = "2020-03-11T12:00:00Z"

RFC_EXAMPLE = """\
<http://a.example.org>;rel="original",
<http://arxiv.example.net/timemap/http://a.example.org>
; rel="self";type="application/link-format"
; from="Tue, 20 Jun 2000 18:02:59 GMT"
; until="Wed, 09 Apr 2008 20:30:51 GMT",
<http://arxiv.example.net/timegate/http://a.example.org>
; rel="timegate",
<http://arxiv.example.net/web/20000620180259/http://a.example.org>
; rel="first memento";datetime="Tue, 20 Jun 2000 18:02:59 GMT"
; license="http://creativecommons.org/publicdomain/zero/1.0/",
<http://arxiv.example.net/web/20091027204954/http://a.example.org>
; rel="last memento";datetime="Tue, 27 Oct 2009 20:49:54 GMT"
; license="http://creativecommons.org/publicdomain/zero/1.0/",
<http://arxiv.example.net/web/20000621011731/http://a.example.org>
; rel="memento";datetime="Wed, 21 Jun 2000 01:17:31 GMT"
; license="http://creativecommons.org/publicdomain/zero/1.0/\""""


@pytest.fixture
def fire(desk):
    """Versions 1, 3, 5, 7, 9, an hour apart."""
    desk.open(OPENED)
    for hour in range(1, 5):
        desk.report(write_instant(read_instant(OPENED) + hour * 3600 * SECOND_US), 1, 2)
    return desk


def mementos_in(links):
    return [link for link in links if "memento" in link.rels]


def versions(links):
    return [int(link.uri.partition("version=")[2]) for link in mementos_in(links)]


def pages_of(desk, query):
    """Every page of the TimeMap, by the links from one to the next."""
    pages = []
    while query is not None:
        links = read_links(desk.get(query).text)
        pages.append(links)
        following = [link for link in links if "timemap" in link.rels]
        query = following[0].uri.removeprefix(HOST) if following else None
    return pages


def test_the_reader_of_links_reads_the_rfcs_own_timemap():
    links = read_links(RFC_EXAMPLE)

    assert [link.at.year for link in mementos_in(links)] == [2000, 2009, 2000]
    assert with_rel(links, "self").attributes["until"] == "Wed, 09 Apr 2008 20:30:51 GMT"


@pytest.mark.parametrize("broken", ["", "<relative>", '<http://a>; rel="b",', "<http://a>; rel=b"])
def test_the_reader_of_links_is_strict(broken):
    with pytest.raises((ValueError, KeyError)):
        read_links(broken)


def test_a_timemap_lists_one_memento_for_each_update(fire):
    answer = fire.get("/timemap")
    links = read_links(answer.text)

    assert (answer.status_code, answer.content_type) == (200, "application/link-format")
    assert with_rel(links, "original").rels == {"original", "timegate"}
    assert versions(links) == [1, 3, 5, 7, 9]
    assert [link.at.hour for link in mementos_in(links)] == [12, 13, 14, 15, 16]
    assert [link.rels - {"memento"} for link in mementos_in(links)] == [
        {"first"},
        set(),
        set(),
        set(),
        {"last"},
    ]


def test_a_timemap_says_what_it_is_and_how_far_it_reaches(fire):
    itself = with_rel(read_links(fire.get("/timemap").text), "self")

    assert itself.uri == f"{HOST}/timemap"
    assert itself.attributes == {
        "type": "application/link-format",
        "from": "Wed, 11 Mar 2020 12:00:00 GMT",
        "until": "Wed, 11 Mar 2020 16:00:00 GMT",
    }


def test_every_memento_of_a_timemap_is_one(fire):
    for link in mementos_in(read_links(fire.get("/timemap").text)):
        memento = fire.get(link.uri.removeprefix(HOST))

        assert memento.headers["Memento-Datetime"] == link.attributes["datetime"]
        assert with_rel(read_links(memento.headers["Link"]), "timemap").uri == f"{HOST}/timemap"


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 6])
def test_pages_together_are_the_whole_and_tell_how_far_the_next_one_reaches(fire, limit):
    pages = pages_of(fire, f"/timemap?limit={limit}")

    assert [version for page in pages for version in versions(page)] == [1, 3, 5, 7, 9]
    assert len(pages) == -(-5 // limit)
    for page, following in pairwise(pages):
        told, itself = with_rel(page, "timemap"), with_rel(following, "self")
        assert (told.uri, told.attributes) == (itself.uri, itself.attributes)
    for page in pages:
        listed, itself = mementos_in(page), with_rel(page, "self").attributes
        assert (read_date(itself["from"]), read_date(itself["until"])) == (
            listed[0].at,
            listed[-1].at,
        )
    ends = [link.rels & {"first", "last"} for page in pages for link in mementos_in(page)]
    assert ends == [{"first"}, set(), set(), set(), {"last"}]


def test_a_page_has_a_link_to_the_next_as_every_list_here(fire):
    first = fire.get("/timemap?limit=3")
    second = fire.get(with_rel(read_links(first.headers["Link"]), "next").uri.removeprefix(HOST))

    assert versions(read_links(second.text)) == [7, 9]
    assert "Link" not in second.headers


def test_the_json_timemap_says_the_same(fire):
    links = mementos_in(read_links(fire.get("/timemap").text))
    answer = fire.get("/timemap", Accept="application/json")
    told = answer.json

    assert (answer.content_type, answer.headers["Vary"]) == (
        "application/json",
        "Accept, Authorization",
    )
    assert (told["original_uri"], told["timegate_uri"]) == (HOST, HOST)
    assert set(told["timemap_uri"].values()) == {f"{HOST}/timemap"}
    listed = [
        (entry["uri"], datetime.strptime(entry["datetime"], "%Y-%m-%dT%H:%M:%S%z"))
        for entry in told["mementos"]["list"]
    ]
    assert listed == [(link.uri, link.at) for link in links]
    assert told["mementos"]["first"] == told["mementos"]["list"][0]
    assert told["mementos"]["last"] == told["mementos"]["list"][-1]
    assert "pages" not in told


def test_a_page_of_the_json_timemap_names_the_ends_of_all_and_the_next_page(fire):
    told = fire.get("/timemap?limit=2", Accept="application/json").json
    following = told["pages"]["next"]
    second = fire.get(following["uri"].removeprefix(HOST), Accept="application/json").json

    assert told["mementos"]["last"]["uri"] == f"{HOST}?version=9"
    assert (following["from"], following["until"]) == (
        second["mementos"]["list"][0]["datetime"],
        second["mementos"]["list"][-1]["datetime"],
    )
    assert second["timemap_uri"]["json_format"] == following["uri"]


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("*/*", "application/link-format"),
        ("application/*", "application/link-format"),
        ("application/link-format", "application/link-format"),
        ("application/json;q=0.9, application/link-format;q=0.2", "application/json"),
        ("text/html", "application/problem+json"),
    ],
)
def test_links_are_given_unless_json_is_preferred(fire, accept, given):
    answer = fire.get("/timemap", Accept=accept)

    assert answer.content_type == given
    assert answer.status_code == (406 if "problem" in given else 200)


def test_a_timemap_that_a_client_has_is_not_sent_again_until_there_is_more(fire):
    for accept in ("application/link-format", "application/json"):
        first = fire.get("/timemap", Accept=accept)
        again = fire.get("/timemap", Accept=accept, If_None_Match=first.headers["ETag"])
        assert (again.status_code, again.data) == (304, b"")
        assert {**again.headers} == {
            name: value
            for name, value in first.headers.items()
            if name not in {"Content-Type", "Content-Length"}
        }

    fire.report("2020-03-11T20:00:00Z", 5)

    assert (
        fire.get("/timemap", Accept=accept, If_None_Match=first.headers["ETag"]).status_code == 200
    )


def test_the_timemap_of_another_question_keeps_it(fire):
    query = "without_publisher=radio&without_publisher=afp"
    links = read_links(fire.get(f"/timemap?{query}&limit=2").text)

    assert with_rel(links, "original").uri == f"{HOST}?{query}"
    assert with_rel(links, "self").uri == f"{HOST}/timemap?{query}&limit=2"
    assert mementos_in(links)[1].uri == f"{HOST}?{query}&version=3"
    last = pages_of(fire, f"/timemap?{query}&limit=2")[-1]
    assert fire.get(mementos_in(last)[0].uri.removeprefix(HOST)).json["left_out"] == [
        "publisher:afp",
        "publisher:radio",
    ]


@pytest.mark.parametrize("query", ["version=1", f"as_of={OPENED}", "limit=0", "cursor=x", "q=1"])
def test_a_timemap_takes_no_pin_and_no_unknown_parameter(fire, query):
    answer = fire.get(f"/timemap?{query}")

    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")


def test_past_the_end_there_is_an_empty_page(fire):
    cursor = json.loads(fire.get("/updates?limit=1").text)["next"]

    links = read_links(fire.get(f"/timemap?cursor={cursor}").text)

    assert mementos_in(links) == []
    assert set(with_rel(links, "self").attributes) == {"type"}
