"""The commands that read, over a database and over HTTP, on both engines."""

import json

import httpx
import pytest

from tests.process.serving import free_port
from tests.process.taji import TAJI

pytestmark = pytest.mark.parametrize(
    ("taji", "where"),
    [("postgresql", "at hand"), ("sqlite", "over HTTP")],
    indirect=["taji"],
    scope="session",
)

HALF_PAST_SIX = "2020-03-11T18:30:00Z"
KILLED = "casualties.killed"


@pytest.fixture
def answered(taji):
    """What the API says to the same question."""
    return lambda path, query: httpx.get(f"{taji.url}/v1/incidents{path}", params=query).content


@pytest.mark.parametrize(
    ("words", "path", "query"),
    [
        (("list", "rocket*", "--min-killed", "1"), "", {"q": "rocket*", "min_killed": "1"}),
        (("show", TAJI), f"/{TAJI}", {}),
        (("show", TAJI, "--version", "20"), f"/{TAJI}", {"version": "20"}),
        (
            ("show", TAJI, "--published-until", "2020-03-11"),
            f"/{TAJI}",
            {"published_until": "2020-03-11T23:59:59.999999Z"},
        ),
        (("diff", TAJI, "20", "30"), f"/{TAJI}/changes", {"from": "20", "to": "30"}),
        (("explain", TAJI), f"/{TAJI}/explain", {"path": KILLED}),
        (("chart", TAJI), f"/{TAJI}/series", {"figure": KILLED, "axis": "published"}),
    ],
)
def test_json_is_the_apis_own_answer(sitrep, answered, words, path, query):
    told = sitrep(*words, "--json")

    same = answered(path, query)
    assert (told.exit_code, told.stderr) == (0, "")
    assert told.stdout_bytes == same
    assert json.loads(same)


def test_a_log_as_json_has_a_line_for_each_update_or_event(sitrep, answered):
    updates = sitrep("log", TAJI, "--json", "--oldest-first").stdout.splitlines()
    events = sitrep("log", TAJI, "--json", "--events", "--limit", "7").stdout.splitlines()

    told = json.loads(answered(f"/{TAJI}/updates", {"order": "asc", "limit": 1000}))["updates"]
    kept = json.loads(answered(f"/{TAJI}/events", {"limit": 7}))["events"]
    assert [json.loads(one) for one in updates] == told
    assert [json.loads(one) for one in events] == kept


@pytest.mark.parametrize("axis", ["published", "recorded"])
def test_a_replay_ends_where_the_story_stands_now(sitrep, axis):
    played = sitrep("replay", TAJI, "--speed", "0", "--axis", axis, "--json").stdout.splitlines()

    held = {}
    for step in map(json.loads, played):
        held |= {change["path"]: change["to"] for change in step["changes"]}
    now = json.loads(sitrep("show", TAJI, "--json").stdout)["casualties"]
    assert len(played) > 20
    for harm in ("killed", "injured"):
        assert held[f"casualties.{harm}"] == {"low": now[harm]["low"], "high": now[harm]["high"]}


def test_the_past_is_drawn_as_it_was(sitrep):
    then = sitrep("chart", TAJI, "--published-until", HALF_PAST_SIX, "--width", "24").stdout

    assert then.splitlines()[:6] == [
        "Killed, as the world published it",
        "  |                    ^",
        "3 |                    #",
        "2 |                    #",
        "1 |                    #",
        "0 +---------------------",
    ]


def test_a_story_is_played_as_the_world_published_it(sitrep):
    played = sitrep("replay", TAJI, "--speed", "0", "--json").stdout.splitlines()

    moments = [json.loads(step)["to"]["published_until"] for step in played]
    assert moments == sorted(set(moments))


def test_a_figure_that_nobody_gave_has_no_drawing(sitrep):
    drawn = sitrep("chart", TAJI, "casualties.missing")

    assert drawn.stdout.splitlines() == [
        "Missing, as the world published it",
        "  Nothing was said of it.",
    ]


def test_a_list_goes_on_where_it_stopped(sitrep):
    first = json.loads(sitrep("list", "rocket*", "--limit", "1", "--json").stdout)
    talk = sitrep("list", "rocket*", "--limit", "1").stderr
    second = sitrep("list", "rocket*", "--limit", "1", "--json", "--cursor", first["next"])

    assert "--cursor" in talk
    assert json.loads(second.stdout)["incidents"] != first["incidents"]


def test_what_fell_for_a_reason_is_told_with_it(sitrep):
    told = sitrep("explain", TAJI, KILLED).stdout

    _, _, fell = told.partition("What fell")
    assert "Killed: 0 [3]" in fell
    assert "    retracted [" in fell


def test_nothing_changed_is_said(sitrep):
    told = sitrep("diff", TAJI, "96", "96")

    assert told.exit_code == 0
    assert "Nothing changed." in told.stderr


@pytest.mark.parametrize("command", ["show", "replay", "watch"])
def test_a_slip_in_a_name_is_met_with_the_name_that_may_be_meant(sitrep, command):
    ended = sitrep(command, TAJI[:-1])

    assert (ended.exit_code, ended.stdout) == (1, "")
    assert f"there is no incident {TAJI[:-1]}; did you mean " in ended.stderr
    assert TAJI in ended.stderr


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (("explain", TAJI, "casualties"), 1, "path"),
        (("chart", TAJI, "killed"), 1, "path of a figure"),
        (("diff", TAJI, "1", "2", "--axis", "published"), 1, "a moment, not a version"),
        (("diff", TAJI, "tomorrow"), 2, "'tomorrow'"),
        (("list", "--sort", "size"), 2, "size"),
        (("show", TAJI, "--version", "999"), 1, "999"),
        (("show", TAJI, "--key", "unknown"), 1, "the key is unknown"),
        (("show", TAJI, "--key", "two words"), 2, "one word"),
    ],
)
def test_what_cannot_be_answered_is_told_with_its_reason(sitrep, words, code, reason):
    ended = sitrep(*words)

    assert (ended.exit_code, ended.stdout) == (code, "")
    assert reason in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_key_in_the_environment_is_one_for_elsewhere(sitrep, where):
    ended = sitrep("list", SITREP_KEY="unknown")

    assert ended.exit_code == (0 if where == "at hand" else 1)
    assert ("the key is unknown" in ended.stderr) == (where == "over HTTP")


def test_what_does_not_answer_is_named(sitrep):
    nowhere = f"http://127.0.0.1:{free_port()}"

    ended = sitrep("list", SITREP_URL=nowhere)

    assert (ended.exit_code, ended.stdout) == (1, "")
    assert nowhere in ended.stderr


def test_a_private_store_is_read_by_whoever_has_its_database(taji, sitrep):
    at_hand = {"SITREP_DATABASE_URL": taji.database, "SITREP_SIGNING_KEY": taji.signing_key}

    told = sitrep("show", TAJI, SITREP_READING="private", SITREP_URL="", **at_hand)

    assert told.exit_code == 0
