"""API.md, Reading one incident: what changed, what if, and why."""

import pytest

from tests.histories import at, correction, injured, killed, retraction, settled

ARMY = {"key": "army", "kind": "military"}
SOURCES = {"key": "us-officials", "kind": "official", "named": False}
BLOG = {"key": "a-blogger", "kind": "social"}


@pytest.fixture
def tell(post):
    """`tell(publisher, hour, *reports)`: one update; its receipt."""

    def told(publisher, hour, *reports, kind="press"):
        body = {
            "publisher": {"key": publisher, "kind": kind},
            "published_at": at(hour),
            "reports": list(reports),
        }
        answer = post("/v1/incidents/taji/updates", body, role="editor")
        assert answer.status_code == 201, answer.text
        return answer.json

    return told


@pytest.fixture
def evening(post, tell):
    """Thirty dead by a typing error, three by the army, two by people without a name."""
    opening = {
        "incident": "taji",
        "title": "Rockets on Camp Taji",
        "kind": "attack.rocket",
        "publisher": {"key": "desk", "kind": "desk"},
        "published_at": at(16),
    }
    post("/v1/incidents", opening)
    return [
        tell("afp", 17, killed(30)),
        tell("afp", 18, correction(2, killed(3), note="a typing error")),
        tell("bbc", 19, killed("at least 2", origin=SOURCES), injured(12, origin=ARMY)),
    ]


def ask(client, below="", **parameters):
    answer = client.get(f"/v1/incidents/taji{below}", query_string=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json


def refused(client, below="", **parameters):
    answer = client.get(f"/v1/incidents/taji{below}", query_string=parameters)
    return answer.status_code, [fault["parameter"] for fault in answer.json.get("errors", [])]


def change(told, path):
    return next(one for one in told["changes"] if one["path"] == path)


def test_a_fall_between_two_points_says_why(client, evening):
    told = ask(client, "/changes", **{"from": 2, "to": 3})

    fell = change(told, "casualties.killed")

    assert fell["sentence"] == (
        "Killed: 30 → 3, because event 2 was corrected (number) (a typing error)."
    )
    assert (fell["from"], fell["to"]) == ({"low": 30, "high": 30}, {"low": 3, "high": 3})
    assert (fell["cause"], fell["because"]) == ("correction", [3])
    assert (told["from"]["version"], told["to"]["version"]) == (2, 3)


def test_changes_are_asked_on_the_clock_of_publication_too(client, evening):
    told = ask(client, "/changes", **{"axis": "published", "from": at(17), "to": at(18.5)})

    assert change(told, "casualties.killed")["cause"] == "correction"
    assert told["from"]["published_until"] == at(17)


def test_without_a_start_everything_is_new_and_without_an_end_it_is_the_latest(client, evening):
    told = ask(client, "/changes")

    assert told["from"] == {
        "version": 0,
        "recorded_at": None,
        "as_of": None,
        "published_until": None,
    }
    assert told["to"]["version"] == 5
    assert change(told, "casualties.injured")["sentence"] == "Injured: none reported → 12."


def test_a_start_before_the_incident_was_opened_is_before_everything(client, evening):
    told = ask(client, "/changes", **{"from": "2001-01-01T00:00:00Z"})

    assert told["from"]["version"] == 0


def test_changes_between_versions_never_change(client, evening):
    pinned = client.get("/v1/incidents/taji/changes?from=2&to=3")
    open_ended = client.get("/v1/incidents/taji/changes?from=2")

    assert "immutable" in pinned.headers["Cache-Control"]
    assert open_ended.headers["Cache-Control"] == "no-cache"


def test_a_receipt_tells_the_same_as_the_changes_between_its_versions(client, evening):
    receipt = evening[1]

    told = ask(client, "/changes", **{"from": receipt["version"] - 1, "to": receipt["version"]})

    assert told["changes"] == receipt["changes"]


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"axis": "effective"}, "axis"),
        ({"from": "yesterday"}, "from"),
        ({"axis": "published", "from": "2"}, "from"),
        ({"as_of": at(17)}, "as_of"),
        ({"axis": "published", "published_until": at(17)}, "published_until"),
        ({"version": 3}, "version"),
    ],
)
def test_what_cannot_be_compared_is_refused_by_name(client, evening, parameters, named):
    assert refused(client, "/changes", **parameters) == (400, [named])


@pytest.mark.parametrize(
    ("parameters", "low", "left_out"),
    [
        ({"without_origin": "afp"}, 2, ["origin:afp"]),
        ({"without_publisher": "afp"}, 2, ["publisher:afp"]),
        ({"origins": "named"}, 3, ["origin:us-officials"]),
        ({"origins": "official"}, 2, ["origin:afp"]),
        ({"without_origin": ["afp", "us-officials"]}, 0, ["origin:afp", "origin:us-officials"]),
        ({"without_origin": "afp", "published_until": at(18)}, 0, ["origin:afp"]),
    ],
)
def test_the_same_log_is_asked_without_somebody(client, evening, parameters, low, left_out):
    held = ask(client, **parameters)

    assert held["casualties"]["killed"]["low"] == low
    assert held["left_out"] == left_out


def test_a_what_if_tells_how_it_differs_from_the_plain_answer(client, evening):
    held = ask(client, without_origin="army", compare="true")

    (injured_, affected) = held["changes"]

    assert injured_["sentence"] == "Injured: 12 → none reported, because army is left out."
    assert affected["path"] == "casualties.affected"
    assert "changes" not in ask(client, without_origin="army")


def test_a_policy_is_named_with_its_version_and_the_rule_that_was_used(client, evening):
    held = ask(client, policy="latest")

    killed_ = held["casualties"]["killed"]

    assert (held["policy"], held["policy_version"], held["lexicon"]) == ("latest", "1", "1")
    assert (killed_["low"], killed_["high"], killed_["rule"]) == (2, None, "latest")
    assert ask(client)["casualties"]["killed"]["rule"] == "compatible"


def test_an_unknown_policy_is_refused_with_the_known_ones(client, evening):
    answer = client.get("/v1/incidents/taji?policy=newest")

    assert answer.status_code == 400
    assert "highest_graded" in answer.text


def test_a_figure_is_explained_by_the_reports_that_stand_and_those_that_fell(client, evening):
    told = ask(client, "/explain", path="casualties.killed")

    standing = [(one["version"], one["fate"], one["says"]) for one in told["standing"]]
    fallen = [(one["version"], one["fate"], one["by"], one["says"]) for one in told["fallen"]]

    assert standing == [(4, "stands", "killed: at least 2"), (3, "stands", "killed: 3")]
    assert fallen == [(2, "corrected", 3, "killed: 30")]
    assert told["holds"]["low"] == 3
    assert told["standing"][1]["carries"]


def test_every_fate_is_told_with_what_brought_it(client, evening, tell):
    tell("bbc", 20, killed("at least 4", origin=SOURCES))
    tell("rival", 20.5, killed(99, origin=BLOG))
    tell("desk", 21, retraction(7), kind="desk")
    tell("afp", 23, killed(5), injured(14))

    told = ask(client, "/explain", path="casualties.killed", published_until=at(22))
    without = ask(client, "/explain", path="casualties.killed", without_origin="afp")

    assert {one["version"]: (one["fate"], one["by"]) for one in told["fallen"]} == {
        9: ("outside_bounds", None),
        7: ("retracted", 8),
        4: ("superseded", 6),
        2: ("corrected", 3),
    }
    assert {one["version"]: one["fate"] for one in without["fallen"]} == {
        9: "left_out",
        7: "retracted",
        4: "superseded",
        3: "left_out",
        2: "left_out",
    }


def test_what_events_overtook_is_told_apart_from_what_stands(client, evening, tell):
    tell("ministry", 16.5, killed(0))

    told = ask(client, "/explain", path="casualties.killed", published_until=at(17))

    assert {one["version"]: one["fate"] for one in told["standing"]} == {2: "stands", 6: "outdated"}


def test_a_report_is_explained_in_its_own_words_with_who_disputes_it(client, evening, tell):
    words = killed("about a dozen", phrase="around a dozen", origin=ARMY)
    tell("bbc", 20, words)
    tell("afp", 21, {"type": "dispute", "target": 6, "grounds": "no such list"})

    told = ask(client, "/explain", path="casualties.killed")

    report = next(one for one in told["standing"] if one["version"] == 6)
    assert (report["phrase"], report["origin"]["key"]) == ("around a dozen", "army")
    assert report["report"] == words
    assert report["remarks"] == [
        {"type": "disputed", "by": 7, "origin": "afp", "grounds": "no such list"}
    ]


def test_what_fell_is_told_page_by_page(client, evening, tell):
    for count in range(1, 8):
        tell("bbc", 19 + count / 10, killed(f"at least {count}", origin=SOURCES))

    pages, cursor = [], None
    while not pages or cursor:
        asked = {"path": "casualties.killed", "limit": 3, **({"cursor": cursor} if cursor else {})}
        page = ask(client, "/explain", **asked)
        pages.append(page)
        cursor = page["next"]

    fallen = [one["version"] for page in pages for one in page["fallen"]]
    assert fallen == [11, 10, 9, 8, 7, 6, 4, 2]
    assert pages[0]["standing"]
    assert not any(page["standing"] for page in pages[1:])


def test_a_settled_figure_is_explained_with_the_desk(client, evening, tell):
    tell("desk", 20, settled(4, "casualties.killed"), kind="desk")

    told = ask(client, "/explain", path="casualties.killed")

    assert told["holds"]["status"] == "adjudicated"
    assert told["standing"][0]["type"] == "figure_adjudicated"
    assert told["standing"][0]["carries"]


@pytest.mark.parametrize(
    "path",
    [
        "title",
        "status",
        "links",
        "overview.occurred",
        "attribution.responsibility",
        "casualties.affected",
        "casualties.captured",
    ],
)
def test_other_parts_of_the_situation_are_explained_too(client, evening, path):
    assert ask(client, "/explain", path=path)["path"] == path


def test_every_path_that_changes_or_unknowns_name_can_be_explained(client, evening, tell):
    group = {"nationality": "US", "affiliation": "1st, [A]"}
    accused = {"type": "attribution", "statement": "accusation", "subject": "A, B [C]"}
    located = {"type": "location", "role": "target", "country": "IQ", "precision": "country"}
    when = {"type": "time", "occurred": {"earliest": "2020-03"}}
    struck = {"type": "response", "response": "us.strikes", "execution": "announced"}
    fired = {"type": "measure", "name": "rockets", "quantity": "about 15", "group": group}
    tell("afp", 20, killed(2, group=group), accused, located, when, struck, fired)

    changes = ask(client, "/changes")["changes"]
    unknowns = ask(client)["unknowns"]
    paths = {one["path"] for one in changes} | {one["where"] for one in unknowns}

    assert len(paths) > 10
    for path in paths:
        assert ask(client, "/explain", path=path)["holds"], path


@pytest.mark.parametrize(
    ("path", "status"),
    [("casualties.wounded", 400), ("nowhere", 400), ("overview.measures.rockets", 404), ("", 400)],
)
def test_a_path_that_there_is_not_is_refused(client, evening, path, status):
    assert refused(client, "/explain", path=path)[0] == status
