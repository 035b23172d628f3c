"""The list of incidents: searched, filtered, sorted, as of any moment."""

import pytest

from tests.histories import correction, killed, retraction, told

IRAQ = {"country": "IQ", "geometry": {"type": "Point", "coordinates": [44.25, 33.52]}}
FIJI = {"country": "FJ", "geometry": {"type": "Point", "coordinates": [179.9, -17]}}
SAMOA = {"country": "WS", "geometry": {"type": "Point", "coordinates": [-172.1, -13.8]}}


def place(name, **more):
    return {"type": "location", "role": "target", "name": name, **more}


def happened(earliest, latest=None):
    window = {"earliest": earliest} | ({} if latest is None else {"latest": latest})
    return {"type": "time", "occurred": window}


def status(word):
    return {"type": "status", "status": word}


def link(to, relation="follows"):
    return {"type": "link", "to": to, "relation": relation}


def says(text, **more):
    return {
        "type": "statement",
        "speaker": "A spokesman",
        "stance": "other",
        "paraphrase": text,
        **more,
    }


@pytest.fixture
def tell(post):
    """Opens an incident or appends an update; the moment at which it was recorded."""
    opened = set()

    def recorded(slug, *reports, title="A story", kind="other", by="desk", **more):
        update = {**told(by, *reports), **more}
        if slug in opened:
            answer = post(f"/v1/incidents/{slug}/updates", update, role="editor")
        else:
            opened.add(slug)
            first = {"incident": slug, "title": title, "kind": kind}
            answer = post("/v1/incidents", {**first, **update}, role="editor")
        assert answer.status_code == 201, answer.json
        return answer.json["recorded_at"]

    return recorded


@pytest.fixture
def ask(client):
    """The slugs that a query lists."""

    def asked(**query):
        answer = client.get("/v1/incidents", query_string=query)
        assert answer.status_code == 200, answer.json
        return [one["incident"] for one in answer.json["incidents"]]

    return asked


def test_two_words_that_two_updates_told_are_found_together(ask, tell):
    tell("taji", title="Attack on a base")
    tell("taji", place("Camp Taji"))
    tell("taji", {"type": "means", "weapon": "Katyusha rockets"})
    tell("balad", place("Balad"), {"type": "means", "weapon": "rockets"})

    assert ask(q="taji katyusha") == ["taji"]
    assert ask(q="rockets") == ["balad", "taji"]
    assert ask(q="taji balad") == []


@pytest.mark.parametrize(
    "reports",
    [
        [place("Needle")],
        [place(None, relative={"of": "Needle", "bearing": "N"})],
        [{"type": "actor", "actor": "Needle", "role": "party"}],
        [{"type": "means", "weapon": "Needle"}],
        [{"type": "attribution", "statement": "claim", "subject": "Needle"}],
        [{"type": "attribution", "statement": "claim", "subject": "X", "speaker": "Needle"}],
        [says("A needle was seen")],
        [says("Nothing", quote="Needle!")],
        [{"type": "context", "paraphrase": "needles; a needle"}],
        [{"type": "narrative", "headline": "Needle", "body": "Text"}],
        [{"type": "narrative", "body": "The needle"}],
        [{"type": "question", "question": "Which needle?"}],
        [{"type": "question", "question": "Which?", "text": "needle"}],
        [{"type": "response", "response": "x", "execution": "announced", "target": "Needle"}],
        [{"type": "person", "name": "Ann Needle", "next_of_kin_informed": True}],
        [killed(1, phrase="one needle")],
        [killed(1, origin={"key": "n", "name": "Needle Agency", "kind": "agency"})],
        [killed(1, origin={"key": "needle", "kind": "agency"})],
        [{"type": "title", "title": "The needle"}],
    ],
)
def test_whatever_readers_may_see_is_searched(ask, tell, reports):
    tell("hay", title="Haystack")
    tell("one", *reports)

    assert ask(q="needle") == ["one"]


def test_the_title_the_summary_and_the_publisher_are_searched(ask, tell):
    tell("one", title="The needle")
    tell("two", summary="A needle was found")
    tell("three", publisher={"key": "n", "name": "Needle Times", "kind": "press"})

    assert ask(q="needle") == ["three", "two", "one"]


def test_a_phrase_is_found_in_its_order_and_within_one_text(ask, tell):
    tell("taji", place("Camp Taji base"))
    tell("other", place("Taji"), says("Camp closed"), summary="base camp")

    assert ask(q="taji camp") == ["other", "taji"]
    assert ask(q='"camp taji"') == ["taji"]
    assert ask(q='"camp closed"') == ["other"]
    assert ask(q='"taji camp"') == ask(q='"base camp a story"') == ask(q='"story taji"') == []
    assert ask(q='"camp ta"*') == ["taji"]


def test_a_long_text_is_found_by_each_phrase_of_it(ask, tell):
    words = [f"w{number}" for number in range(900)]
    tell("long", {"type": "narrative", "body": " ".join(words)})
    tell("repeated", {"type": "narrative", "body": " ".join(["the"] * 600) + " end"})

    for begin in (0, 235, 240, 250, 255, 480, 884):
        assert ask(q=f'"{" ".join(words[begin : begin + 16])}"') == ["long"]
    assert ask(q='"the the end"') == ["repeated"]
    assert ask(q='"w1 w3"') == []


def test_the_beginning_of_a_word_is_found_where_it_is_asked_for(ask, tell):
    tell("taji", place("Rocketville"))

    assert ask(q="rock*") == ask(q="ROCKETVILLE*") == ask(q="rocketville") == ["taji"]
    assert ask(q="rock") == ask(q="ville*") == []


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("Tājī", "taji"),
        ("Taji", "tájí"),
        ("ŁÓDŹ", "lodz"),
        ("Straße", "STRASSE"),
        ("ΑΘΗΝΑ", "αθήνα"),
        ("Киев", "КИЕВ"),
        ("الرَّقَّة", "الرقة"),
        ("北京市", "北京"),
        ("U.S. base", "u.s."),
        ("K-1", "k-1"),
        ("Qa'im", "qa’im"),
    ],
)
def test_case_accents_and_marks_do_not_count(ask, tell, name, query):
    tell("one", place(name))
    tell("two", place("Elsewhere"))

    assert ask(q=query) == ["one"]


def test_a_name_is_not_found_before_the_next_of_kin_are_informed(ask, tell):
    tell("taji", {"type": "person", "name": "Ann Needle", "phrase": "Sgt Needle"})
    tell("fixed", {"type": "person", "name": "Bob Needle", "next_of_kin_informed": True})
    tell(
        "fixed",
        correction(2, {"type": "person", "name": "Cid Thread"}, kind="identity"),
    )

    assert ask(q="needle") == ask(q="thread") == []
    tell("taji", {"type": "person", "name": "Ann Needle", "next_of_kin_informed": True})
    assert ask(q="needle") == ["taji"]


def test_a_retracted_report_is_found_only_as_of_before(ask, tell):
    tell("taji", title="Taji")
    before = tell("taji", place("Needle"), says("Kept"), summary="Told together")
    after = tell("taji", retraction(2))

    assert ask(q="needle") == []
    assert ask(q="kept together") == ["taji"]
    assert ask(q="needle", as_of=before) == ["taji"]
    assert ask(q="needle", as_of=after) == []


def test_an_update_of_which_nothing_holds_is_not_found_at_all(ask, tell):
    tell("taji", title="Taji")
    tell("taji", place("Needle"), summary="A summary", by="paper")
    tell("taji", {"type": "retraction", "targets": {"publisher": "paper", "since": "2020-01-01"}})

    assert ask(q="needle") == ask(q="summary") == ask(q="paper") == []


def test_what_a_correction_replaced_is_found_again_when_it_is_retracted(ask, tell):
    tell("taji", title="A base")
    tell("taji", place("Balad"))
    corrected = tell("taji", correction(2, place("Taji"), kind="place"))
    assert (ask(q="balad"), ask(q="taji")) == ([], ["taji"])

    tell("taji", retraction(3))

    assert (ask(q="balad"), ask(q="taji")) == (["taji"], [])
    assert ask(q="taji", as_of=corrected) == ["taji"]


def test_kinds_and_states_are_repeated_or_parted_by_commas(ask, client, tell):
    tell("rocket", kind="attack.rocket")
    tell("strike", kind="attack.strike")
    tell("fire", kind="wildfire")
    tell("fire", status("closed"))

    assert ask(kind="attack") == ["strike", "rocket"]
    assert ask(kind="attack.rocket,wildfire") == ["fire", "rocket"]
    assert ask(kind=["wildfire", "attack.strike"]) == ["fire", "strike"]
    assert ask(status="closed") == ["fire"]
    assert ask(status=["closed", "developing"]) == ["fire", "strike", "rocket"]
    assert ask(kind="attack", status="closed") == []


def test_a_country_is_that_of_any_standing_place(ask, client, tell):
    tell("taji", place("Taji", **IRAQ), {**place("Launch", country="SY"), "role": "launch"})
    tell("fiji", place("Suva", **FIJI))
    tell("nowhere", place("Somewhere"))

    assert ask(country="SY") == ask(country="iq") == ["taji"]
    assert ask(country="FJ,IQ") == ["fiji", "taji"]
    assert ask(country="US") == []
    listed = client.get("/v1/incidents?country=IQ").json["incidents"]
    assert listed[0]["countries"] == ["IQ", "SY"]


def test_a_corrected_place_leaves_the_country_that_it_was_in(ask, tell):
    before = tell("taji", place("Taji", country="SY"))
    tell("taji", correction(2, place("Taji", country="IQ"), kind="place"))

    assert (ask(country="SY"), ask(country="IQ")) == ([], ["taji"])
    assert (ask(country="SY", as_of=before), ask(country="IQ", as_of=before)) == (["taji"], [])


def test_a_box_finds_the_geometries_that_it_meets(ask, tell):
    ring = [[40, 30], [50, 30], [50, 36], [40, 36], [40, 30]]
    tell("taji", place("Taji", **IRAQ))
    tell("area", place("Area", geometry={"type": "Polygon", "coordinates": [ring]}))
    tell("fiji", place("Fiji", **FIJI), {**place("Samoa", **SAMOA), "role": "impact"})
    tell("nowhere", place("Somewhere", country="IQ"))

    assert ask(bbox="44,33,45,34") == ["area", "taji"]
    assert ask(bbox="44.25,33.52,44.25,33.52") == ["area", "taji"]
    assert ask(bbox="44.3,33,45,34") == ["area"]
    assert ask(bbox="50.1,33,51,34") == []
    assert ask(bbox="170,-20,-170,-10") == ["fiji"]
    assert ask(bbox="-180,-90,180,90") == ["fiji", "area", "taji"]
    assert ask(bbox="-173,-20,-172,-10") == ["fiji"]


def test_times_meet_the_window_in_which_it_happened(ask, tell):
    tell("day", happened("2020-03-11"))
    tell("hour", happened("2020-03-11T16:00:00Z", "2020-03-11T17:00:00Z"))
    tell("year", happened("2020-01", "2020-12"))
    tell("unknown")

    assert ask(occurred_from="2020-03-11", occurred_to="2020-03-11") == ["year", "hour", "day"]
    assert ask(occurred_from="2020-03-11T17:00:01Z") == ["year", "day"]
    assert ask(occurred_from="2020-03-12") == ["year"]
    assert ask(occurred_to="2020-03-11T10:00:00Z") == ["year", "day"]
    assert ask(occurred_to="2020-02") == ["year"]
    assert ask(occurred_from="2021-01-01") == ask(occurred_to="2019-12-31") == []


def test_at_least_so_many_killed_are_those_that_are_certain(ask, tell):
    tell("three", killed({"low": 3}))
    tell("up-to", killed("up to 9"))
    tell("five", killed(5))

    assert ask(min_killed=4) == ["five"]
    assert ask(min_killed=3) == ["five", "three"]
    assert ask(min_killed=0) == ["five", "up-to", "three"]
    assert ask(min_killed=1, sort="killed") == ["five", "three"]


def test_links_are_found_in_their_direction_while_they_last(ask, tell):
    tell("strikes", link("taji", "response_to"), link("taji", "follows"))
    linked = tell("other", link("strikes"))
    tell("other", {"type": "unlink", "to": "strikes", "relation": "follows"})

    assert ask(linked_to="taji") == ["strikes"]
    assert ask(linked_to="strikes") == []
    assert ask(linked_to="strikes", as_of=linked) == ["other"]


def test_updated_since_counts_what_was_recorded_then(ask, tell):
    tell("one")
    moment = tell("two")
    between = tell("three")
    tell("one", killed(1))

    assert ask(updated_since=moment) == ["three", "two", "one"]
    assert ask(updated_since=moment, as_of=between) == ["three", "two"]
    assert ask(updated_since=between, sort="updated") == ["one", "three"]


def test_the_list_is_sorted_as_asked(ask, tell):
    tell("story-a", killed(5), happened("2020-03-01"))
    tell("story-b", killed(9), happened("2020-02-01"))
    before = tell("story-c", happened("2020-04-01"))
    tell("story-a", killed(10, effective_at="2020-03-12"))

    assert ask(sort="opened") == ask() == ["story-c", "story-b", "story-a"]
    assert ask(sort="updated") == ["story-a", "story-c", "story-b"]
    assert ask(sort="killed") == ["story-a", "story-b", "story-c"]
    assert ask(sort="occurred") == ["story-c", "story-a", "story-b"]
    assert ask(sort="updated", as_of=before) == ["story-c", "story-b", "story-a"]
    assert ask(sort="killed", as_of=before) == ["story-b", "story-a", "story-c"]


def test_the_list_as_of_a_moment_shows_what_was_known_then(client, ask, tell):
    opened = tell("taji", killed(2), title="Attack")
    tell("later")
    tell("taji", killed(3, effective_at="2020-03-12"), {"type": "title", "title": "Rockets"})

    then = client.get("/v1/incidents", query_string={"as_of": opened}).json["incidents"]
    now = client.get("/v1/incidents?q=rockets").json["incidents"]

    assert [(one["incident"], one["title"], one["version"]) for one in then] == [
        ("taji", "Attack", 2)
    ]
    assert (then[0]["killed"]["low"], then[0]["recorded_at"]) == (2, opened)
    assert (now[0]["title"], now[0]["version"], now[0]["killed"]["low"]) == ("Rockets", 4, 3)
    assert ask(as_of="2001-01-01T00:00:00Z") == []


@pytest.mark.parametrize("lanes", [1, 16])
def test_filters_go_together(ask, tell):
    match = (place("Camp Taji", **IRAQ), killed(3), happened("2020-03-11"), link("older"))
    query = {
        "q": "taji",
        "kind": "attack",
        "status": "developing",
        "country": "IQ",
        "bbox": "44,33,45,34",
        "occurred_from": "2020-03-11",
        "occurred_to": "2020-03-11",
        "updated_since": "2020-01-01T00:00:00Z",
        "min_killed": 3,
        "linked_to": "older",
    }
    for number in range(len(match)):
        tell(f"without-{number}", *match[:number], *match[number + 1 :], kind="attack.rocket")
    tell("other-kind", *match, kind="wildfire")
    moment = tell("taji", *match, kind="attack.rocket")
    tell("taji", status("closed"))

    assert ask(**query) == []
    for sort in ("opened", "updated", "occurred", "killed"):
        assert ask(**query, as_of=moment, sort=sort) == ["taji"]
        without_words = {name: value for name, value in query.items() if name != "q"}
        assert ask(**without_words, as_of=moment, sort=sort) == ["taji"]
    for name in query.keys() - {"status"}:
        assert "taji" in ask(**{name: query[name]}), name


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("q=", "q"),
        ("q=***", "q"),
        ("q=%22%22", "q"),
        ("q=a+b+c+d+e+f+g+h+i+j+k+l+m+n+o+p+q", "q"),
        (f"q={'a' * 401}", "q"),
        ("kind=attack.custard", "kind"),
        ("kind=", "kind"),
        ("status=open", "status"),
        ("country=IRQ", "country"),
        ("country=IQ,", "country"),
        ("bbox=1,2,3", "bbox"),
        ("bbox=1,2,3,x", "bbox"),
        ("bbox=1,2,3,nan", "bbox"),
        ("bbox=181,2,3,4", "bbox"),
        ("bbox=1,5,3,4", "bbox"),
        ("occurred_from=yesterday", "occurred_from"),
        ("occurred_to=2020-13-01", "occurred_to"),
        ("occurred_from=2020-02-01&occurred_to=2020-01-31", "occurred_to"),
        ("updated_since=2020-01-01", "updated_since"),
        ("min_killed=-1", "min_killed"),
        ("min_killed=many", "min_killed"),
        ("linked_to=A+B", "linked_to"),
        ("as_of=now", "as_of"),
        ("sort=size", "sort"),
        ("colour=red", "colour"),
    ],
)
def test_a_bad_parameter_is_named(client, query, parameter):
    answer = client.get(f"/v1/incidents?{query}")

    assert answer.status_code == 400
    assert {error["parameter"] for error in answer.json["errors"]} == {parameter}


def test_nothing_is_known_of_the_future(client, tell):
    tell("taji")

    answer = client.get("/v1/incidents?as_of=2999-01-01T00:00:00Z")

    assert (answer.status_code, "future" in answer.json["detail"]) == (400, True)


@pytest.mark.parametrize("sort", ["opened", "updated", "occurred", "killed"])
def test_pages_follow_one_another_in_every_order(client, ask, tell, sort):
    for number in range(7):
        tell(f"story-{number}", killed(number % 3), happened(f"2020-03-0{1 + number % 4}"))
    whole = ask(sort=sort, min_killed=0)

    found, address = [], f"/v1/incidents?sort={sort}&min_killed=0&limit=3"
    while address:
        answer = client.get(address)
        found += [one["incident"] for one in answer.json["incidents"]]
        link = answer.headers.get("Link")
        address = link and link.split(">")[0].lstrip("<")

    assert len(whole) == 7
    assert found == whole


def test_a_cursor_belongs_to_its_selection(client, tell):
    for number in range(3):
        tell(f"story-{number}", place("Taji", country="IQ"))
    plain = client.get("/v1/incidents?limit=1").json["next"]
    cursor = client.get("/v1/incidents?country=IQ&limit=1").json["next"]

    for query in (
        f"country=SY&cursor={cursor}",
        f"country=IQ&sort=killed&cursor={cursor}",
        f"cursor={cursor}",
        f"country=IQ&cursor={plain}",
        f"country=IQ&cursor={cursor[:-4]}",
        "country=IQ&cursor=W10",
    ):
        assert client.get(f"/v1/incidents?{query}").status_code == 400, query
    assert client.get(f"/v1/incidents?country=iq&limit=2&cursor={cursor}").status_code == 200
