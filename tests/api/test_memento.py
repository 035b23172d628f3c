"""RFC 7089: an incident is its own TimeGate, and every update leaves a memento (docs/adr/0006)."""

import pytest

from service.domain.moments import SECOND_US, read_instant, write_instant
from tests.api.links import read_date, read_links, with_rel

HOST = "http://localhost/v1/incidents/fire"
OPENED = "2020-03-11T12:00:00.250000Z"
FIRST = "2020-03-11T12:30:05.100000Z"
SECOND = "2020-03-11T12:30:05.900000Z"
THIRD = "2020-03-11T14:00:00Z"


@pytest.fixture
def fire(desk):
    """Versions 1 | 2, 3 | 4 | 5: the second and the third update are recorded in one second."""
    desk.open(OPENED)
    desk.report(FIRST, 1, 2)
    desk.report(SECOND, 3)
    desk.report(THIRD, 4)
    return desk


def links_of(answer):
    return read_links(answer.headers["Link"])


def vary_of(answer):
    return {name.strip().lower() for name in answer.headers.get("Vary", "").split(",")}


@pytest.mark.parametrize(
    ("asked", "version"),
    [
        ("Tue, 20 Mar 2001 20:35:00 GMT", 1),
        ("Wed, 11 Mar 2020 11:59:59 GMT", 1),
        ("Wed, 11 Mar 2020 12:00:00 GMT", 1),
        ("Wed, 11 Mar 2020 12:30:04 GMT", 1),
        ("Wed, 11 Mar 2020 12:30:05 GMT", 4),
        ("Wed, 11 Mar 2020 13:59:59 GMT", 4),
        ("Wed, 11 Mar 2020 14:00:00 GMT", 5),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 5),
    ],
)
def test_a_time_leads_to_what_was_recorded_by_the_end_of_its_second(fire, asked, version):
    answer = fire.get(Accept_Datetime=asked)

    assert (answer.status_code, answer.data) == (302, b"")
    assert answer.headers["Location"] == f"{HOST}?version={version}"
    assert "accept-datetime" in vary_of(answer)
    assert "Memento-Datetime" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-cache"


def test_the_timegate_names_the_mementos_around_the_one_it_chose(fire):
    links = links_of(fire.get(Accept_Datetime="Wed, 11 Mar 2020 13:00:00 GMT"))

    original = with_rel(links, "original")
    assert (original.uri, original.rels) == (HOST, {"original", "timegate"})
    assert with_rel(links, "timemap").uri == f"{HOST}/timemap"
    assert with_rel(links, "timemap").attributes["type"] == "application/link-format"
    placed = {
        link.uri.removeprefix(f"{HOST}?version="): (link.rels - {"memento"}, str(link.at)[11:19])
        for link in links
        if "memento" in link.rels
    }
    assert placed == {
        "1": ({"first"}, "12:00:00"),
        "3": ({"prev"}, "12:30:05"),
        "4": (set(), "12:30:05"),
        "5": ({"next", "last"}, "14:00:00"),
    }


def test_the_only_memento_is_the_first_and_the_last(desk):
    desk.open(OPENED)

    links = links_of(desk.get(Accept_Datetime="Wed, 11 Mar 2020 13:00:00 GMT"))

    (memento,) = [link for link in links if "memento" in link.rels]
    assert memento.rels == {"first", "last", "memento"}


def test_where_a_timegate_leads_to_is_a_memento_that_names_its_time(fire):
    asked = "Wed, 11 Mar 2020 13:00:00 GMT"
    found = fire.get(Accept_Datetime=asked).headers["Location"].removeprefix(HOST)

    memento = fire.get(found, Accept_Datetime=asked)

    assert (memento.status_code, memento.json["version"]) == (200, 4)
    assert memento.headers["Memento-Datetime"] == "Wed, 11 Mar 2020 12:30:05 GMT"
    assert "immutable" in memento.headers["Cache-Control"]
    assert vary_of(memento) == {"authorization"}
    assert with_rel(links_of(memento), "original").uri == HOST


def test_a_memento_names_only_what_will_stay_true(fire):
    links = links_of(fire.get("?version=4"))

    places = {rel: with_rel(links, rel).uri.partition("=")[2] for rel in ("first", "prev", "next")}
    assert places == {"first": "1", "prev": "3", "next": "5"}
    assert not any("last" in link.rels for link in links)


@pytest.mark.parametrize(
    ("pin", "version", "time"),
    [
        ("version=1", 1, "12:00:00"),
        ("version=2", 2, "12:30:05"),
        (f"as_of={OPENED}", 1, "12:00:00"),
        (f"as_of={FIRST}", 3, "12:30:05"),
        ("as_of=2020-03-11T13:00:00Z", 4, "12:30:05"),
        (f"version=5&published_until={OPENED}", 5, "14:00:00"),
    ],
)
def test_what_is_pinned_is_a_memento_and_heeds_no_time(fire, pin, version, time):
    for asked in ("Wed, 11 Mar 2020 12:00:00 GMT", "some other day"):
        answer = fire.get(f"?{pin}", Accept_Datetime=asked)

        assert (answer.status_code, answer.json["version"]) == (200, version)
        assert str(read_date(answer.headers["Memento-Datetime"]))[11:19] == time


def test_within_an_update_its_own_memento_comes_next(fire):
    links = links_of(fire.get("?version=2"))

    assert with_rel(links, "prev").uri == f"{HOST}?version=1"
    assert with_rel(links, "next").uri == f"{HOST}?version=3"


def test_an_answer_that_may_still_change_is_no_memento(fire):
    fire.set_clock("2020-03-11T15:00:00Z")

    answer = fire.get("?as_of=2020-03-11T14:30:00Z")

    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Memento-Datetime" not in answer.headers
    assert with_rel(links_of(answer), "timegate").uri == HOST


def test_the_situation_now_says_where_its_past_is(fire):
    answer = fire.get()

    assert "accept-datetime" in vary_of(answer)
    assert "Memento-Datetime" not in answer.headers
    links = links_of(answer)
    assert [link.uri for link in links] == [HOST, f"{HOST}/timemap"]
    assert [link.rels for link in links] == [{"original", "timegate"}, {"timemap"}]


def test_another_question_has_mementos_of_its_own(fire):
    query = "published_until=2020-03-11T13%3A00%3A00Z&without_publisher=radio"

    now = fire.get(f"?{query}")
    then = fire.get(f"?{query}", Accept_Datetime="Wed, 11 Mar 2020 12:00:00 GMT")
    memento = fire.get(then.headers["Location"].removeprefix(HOST))

    assert "accept-datetime" in vary_of(now)
    assert then.headers["Location"] == f"{HOST}?{query}&version=1"
    assert memento.json["left_out"] == ["publisher:radio"]
    for answer in (now, then, memento):
        assert with_rel(links_of(answer), "original").uri == f"{HOST}?{query}"
        assert with_rel(links_of(answer), "timemap").uri == f"{HOST}/timemap?{query}"


@pytest.mark.parametrize(
    "example",
    [
        "Thu, 31 May 2007 20:35:00 GMT",
        "Tue, 20 Mar 2001 20:35:00 GMT",
        "Tue, 15 Sep 2000 11:28:26 GMT",
        "Wed, 20 Jan 2010 09:34:33 GMT",
    ],
)
def test_the_rfcs_own_dates_are_read_even_where_the_day_is_wrong(fire, example):
    assert fire.get(Accept_Datetime=example).status_code == 302


@pytest.mark.parametrize(
    "malformed",
    [
        "",
        "2020-03-11T12:00:00Z",
        "Wed, 11 Mar 2020 12:00:00 +0000",
        "Wed, 11 Mar 2020 12:00:00 gmt",
        "Wed, 11 Mar 2020 12:00:00 GMT, Wed, 11 Mar 2020 12:00:00 GMT",
        "Wednesday, 11-Mar-20 12:00:00 GMT",
        "Wed Mar 11 12:00:00 2020",
        "Wed, 1 Mar 2020 12:00:00 GMT",
        "Wed, 30 Feb 2020 12:00:00 GMT",
        "Wed, 11 Foo 2020 12:00:00 GMT",
        "Wed, 11 Mar 0000 12:00:00 GMT",
        "Wed, 11 Mar 2020 24:00:00 GMT",
        "Wed, 11 Mar 2020 12:00:60 GMT",
    ],
)
def test_what_is_no_date_of_http_is_refused(fire, malformed):
    answer = fire.get(Accept_Datetime=malformed)

    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert "Accept-Datetime" in answer.json["detail"]


def test_an_unknown_incident_has_no_past(desk):
    assert desk.get(Accept_Datetime="Wed, 11 Mar 2020 12:00:00 GMT").status_code == 404
    assert desk.get("/timemap").status_code == 404


@pytest.mark.parametrize("query", ["", "?version=3", "?published_until=2020-03-11T13:00:00Z"])
def test_what_is_not_sent_again_has_the_same_headers(fire, query):
    first = fire.get(query)
    again = fire.get(query, If_None_Match=first.headers["ETag"])

    assert (again.status_code, again.data) == (304, b"")
    for name in ("Link", "Vary", "Memento-Datetime", "ETag", "Cache-Control"):
        assert again.headers.get(name) == first.headers.get(name), name


@pytest.mark.parametrize("asked", [{}, {"Accept_Datetime": "Wed, 11 Mar 2020 13:00:00 GMT"}])
@pytest.mark.parametrize("query", ["", "?version=3", "/timemap"])
def test_head_says_what_get_says(fire, query, asked):
    got = fire.get(query, **asked)
    headed = fire.get(query, head=True, **asked)

    assert (headed.status_code, headed.data) == (got.status_code, b"")
    assert dict(headed.headers) == dict(got.headers)


def test_every_update_is_found_again_by_its_own_time(desk):
    desk.open(OPENED)
    moments = [read_instant(OPENED) + step * 7 * SECOND_US for step in range(1, 12)]
    versions = [desk.report(write_instant(moment), 1, 2) for moment in moments]

    for version in versions:
        memento = desk.get(f"?version={version}")
        again = desk.get(Accept_Datetime=memento.headers["Memento-Datetime"])

        assert again.headers["Location"] == f"{HOST}?version={version}"


def test_links_name_the_host_that_was_asked(fire):
    answer = fire.get(Host="news.example:8443")

    assert links_of(answer)[0].uri == "http://news.example:8443/v1/incidents/fire"


@pytest.mark.parametrize("host", ["", 'a"; rel="b', "a>,<b", "a b"])
def test_what_is_no_host_gets_links_without_one(fire, host):
    answer = fire.get(Host=host)

    assert answer.status_code == 200
    assert answer.headers["Link"].startswith("</v1/incidents/fire>")


def test_a_proxy_is_believed_only_where_one_is_said_to_stand(new_desk):
    proxied = {"X_Forwarded_Proto": "https", "X_Forwarded_Host": "news.example"}
    plain, behind = new_desk(), new_desk(proxies=1)
    plain.open(OPENED)

    assert links_of(plain.get(**proxied))[0].uri == HOST
    assert links_of(behind.get(**proxied))[0].uri == "https://news.example/v1/incidents/fire"
