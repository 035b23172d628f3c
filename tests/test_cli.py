"""The `sitrep` command as whoever types it meets it: what it prints where, and how it ends."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager, suppress

import httpx
import pytest
from click.testing import CliRunner

from service.app import create_app
from service.cli import main
from service.domain.moments import read_instant, read_moment
from service.domain.update import Writer
from service.settings import Settings
from service.store.answers import Question
from service.store.signers import key_file, read_key
from service.store.store import Store
from service.store.uses import Use
from service.stories import TAJI
from tests.histories import EDITOR, counted, killed, new_incident, new_update, person, settled, told
from tests.over_http import over_http
from tests.store.test_rebuilding import OLD_STORE

TAJI_SLUG = "taji-rocket-attack-2020-03-11"


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'sitrep.db'}"


@pytest.fixture
def sitrep(url):
    """Runs the command over a store of its own: `sitrep("show", "taji")`."""

    def run(*words, stdin=None, **environment):
        settings = {"SITREP_DATABASE_URL": url, **environment}
        return CliRunner().invoke(main, words, input=stdin, env=settings)

    return run


@pytest.fixture
def story(sitrep, url, open_store):
    """An open store that knows of one incident."""
    sitrep("migrate")
    store = open_store(url, signer=read_key(key_file(url, "")))
    store.open(new_incident("harbour-fire"), EDITOR)
    return store


@pytest.fixture
def address(story, url):
    """Where a Sitrep serves the store."""
    app = create_app(Settings(database_url=url))
    with over_http(app) as address:
        yield address
    app.extensions["sitrep"].close()


def test_a_store_is_made_once_and_said_to_be_there_the_next_time(sitrep, url, open_store):
    first = sitrep("migrate")
    second = sitrep("migrate")

    assert (first.exit_code, first.stdout) == (0, "")
    assert "was brought to schema" in first.stderr
    assert (second.exit_code, second.stdout) == (0, "")
    assert "already" in second.stderr
    assert open_store(url).incidents(cursor=None, limit=1).incidents == ()


def test_what_the_release_before_derived_is_derived_again_when_its_store_is_migrated(
    sitrep, tmp_path
):
    old = shutil.copy(OLD_STORE, tmp_path / "old.db")
    settings = {"SITREP_DATABASE_URL": f"sqlite:///{old}"}

    first, second = sitrep("migrate", **settings), sitrep("migrate", **settings)

    assert "Derived again for this release: 1 incident." in first.stderr
    assert "Derived again" not in second.stderr
    assert (first.exit_code, first.stdout) == (0, "")


def test_a_store_can_be_derived_again_from_its_log(sitrep, story):
    before = story.now("harbour-fire").body

    ended = sitrep("rebuild")

    assert (ended.exit_code, ended.stdout) == (0, "")
    assert "1 incident" in ended.stderr
    assert story.now("harbour-fire").body == before


@pytest.mark.parametrize(
    "command", ["serve --port 0", "key list", "show taji", "import -", "rebuild"]
)
def test_a_store_that_is_not_migrated_is_refused_with_what_to_do(sitrep, command):
    ended = sitrep(*command.split(), stdin="")

    assert (ended.exit_code, ended.stdout) == (1, "")
    assert "sitrep migrate" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_setting_that_makes_no_sense_is_named(sitrep):
    ended = sitrep("migrate", SITREP_LANES="many")

    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "SITREP_LANES" in ended.stderr


def test_a_database_that_does_not_answer_is_a_failure_with_its_own_words(sitrep, tmp_path):
    (tmp_path / "sitrep.db").write_text("this is not a database" * 100)

    ended = sitrep("key", "list")

    assert (ended.exit_code, ended.stdout) == (1, "")
    assert "not a database" in ended.stderr


def test_a_new_key_is_printed_alone_and_opens_the_store(sitrep, story):
    added = sitrep("key", "add", "anna", "--role", "reporter")

    key = added.stdout.removesuffix("\n")
    assert added.exit_code == 0
    assert story.authenticate(key) == Writer(name="anna", role="reporter")


def test_a_name_has_one_key(sitrep, story):
    sitrep("key", "add", "anna", "--role", "reporter")

    again = sitrep("key", "add", "anna", "--role", "editor")

    assert (again.exit_code, again.stdout) == (1, "")
    assert "there is a key 'anna' already" in again.stderr


def test_a_role_that_is_none_is_told_by_usage(sitrep, story):
    ended = sitrep("key", "add", "anna", "--role", "boss")

    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "reader" in ended.stderr


def test_a_revoked_key_opens_nothing_and_is_still_listed(sitrep, story):
    key = sitrep("key", "add", "anna", "--role", "reporter").stdout.strip()

    revoked = sitrep("key", "revoke", "anna")

    assert (revoked.exit_code, revoked.stdout) == (0, "")
    assert story.authenticate(key) is None
    listed = json.loads(sitrep("key", "list", "--json").stdout)["keys"]
    assert [(told["name"], told["revoked_at"] is None) for told in listed] == [("anna", False)]


def test_a_key_that_nobody_has_cannot_be_revoked(sitrep, story):
    ended = sitrep("key", "revoke", "nobody")

    assert (ended.exit_code, ended.stdout) == (1, "")
    assert "there is no key 'nobody'" in ended.stderr


def test_keys_are_listed_as_they_are_called(sitrep, story):
    sitrep("key", "add", "[red]anna[/]", "--role", "reporter")

    listed = sitrep("key", "list")

    assert listed.exit_code == 0
    assert re.search(r"\[red\]anna\[/\] +reporter +\d{4}-", listed.stdout)


def test_a_posted_update_is_answered_with_its_receipt_and_what_changed(sitrep, story, tmp_path):
    file = tmp_path / "update.json"
    file.write_text(json.dumps(told("the-drive", killed({"low": 3}))))

    posted = sitrep("post", "harbour-fire", str(file))

    receipt = json.loads(posted.stdout)
    assert posted.exit_code == 0
    assert (receipt["incident"], receipt["version"]) == (
        "harbour-fire",
        story.now("harbour-fire").version,
    )
    assert "Killed: none reported → at least 3" in posted.stderr


def test_the_same_update_posted_twice_is_answered_alike(sitrep, story):
    body = json.dumps({"update_id": "0" * 32, **told("the-drive", killed(1))})

    first = sitrep("post", "harbour-fire", "-", stdin=body)
    second = sitrep("post", "harbour-fire", "-", stdin=body)

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout == second.stdout
    assert "recorded before" in second.stderr


def test_an_update_is_posted_elsewhere_with_a_key(sitrep, story, address):
    body = json.dumps({"update_id": "0" * 32, **told("the-drive", killed(1))})
    words = ["post", "harbour-fire", "-", "--url", address, "--key", story.add_key("a", "editor")]

    first, second = sitrep(*words, stdin=body), sitrep(*words, stdin=body)

    assert (first.exit_code, second.exit_code) == (0, 0), first.stderr
    assert first.stdout == second.stdout
    assert json.loads(first.stdout)["version"] == story.now("harbour-fire").version
    assert "Killed: none reported → 1" in first.stderr
    assert "recorded before" not in first.stderr
    assert "recorded before" in second.stderr


def test_an_update_is_posted_with_no_more_than_the_key_allows(sitrep, story, address):
    body = json.dumps(told("desk", {"type": "retraction", "targets": [2], "reason": "wrong"}))
    words = ["post", "harbour-fire", "-", "--key", story.add_key("anna", "reporter")]

    here, there = (sitrep(*words, *more, stdin=body) for more in ([], ["--url", address]))

    assert (here.exit_code, there.exit_code) == (1, 1)
    assert "retraction" in here.stderr
    assert there.stderr == here.stderr.replace("Error: ", f"Error: {address}: ")


def test_what_is_wrong_with_a_posted_update_is_told_place_by_place(sitrep, story):
    body = json.dumps(told("the-drive", killed({"low": 9, "high": 1}), {"type": "rumour"}))

    refused = sitrep("post", "harbour-fire", "-", stdin=body)

    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "/reports/0/quantity" in refused.stderr
    assert "/reports/1/type" in refused.stderr


@pytest.mark.parametrize("command", ["show harbor-fire", "post harbor-fire -"])
def test_a_slip_in_a_name_is_met_with_the_name_that_may_be_meant(sitrep, story, command):
    ended = sitrep(*command.split(), stdin=json.dumps(told("the-drive", killed(1))))

    assert (ended.exit_code, ended.stdout) == (1, "")
    assert "there is no incident harbor-fire; did you mean harbour-fire?" in ended.stderr


def test_a_name_like_no_other_is_met_with_no_guess(sitrep, story):
    ended = sitrep("show", "xyz")

    assert ended.exit_code == 1
    assert "did you mean" not in ended.stderr


def test_a_part_of_a_name_leads_to_those_that_have_it(sitrep, story):
    for name in ("harbour-fire-of-2026-03-02", "flood"):
        story.open(new_incident(name), EDITOR)

    ended = sitrep("show", "harbour")

    assert "did you mean harbour-fire or harbour-fire-of-2026-03-02?" in ended.stderr


def test_a_situation_is_shown_with_what_stands_behind_each_figure(sitrep, story):
    sitrep("import", str(TAJI))

    shown = sitrep("show", TAJI_SLUG)

    lines = [line.strip() for line in shown.stdout.splitlines()]
    assert shown.exit_code == 0
    assert lines[0] == "Rocket attack on Camp Taji, 11 March 2020"
    for heading in (
        "When and where",
        "Casualties",
        "Attribution",
        "Responses",
        "Not known",
        "Links",
    ):
        assert heading in lines
    for pattern in (
        r"Killed: 3, compatible \[\d+(, \d+)+\]",
        r"US military: at least 1, disputed \[",
        r"disputed: us-department-of-defense says at least 2 \[\d+\], .+ at most 1 \[\d+\]",
        r"overtaken: .+ said 10 to 14 \[\d+\]",
        r"Kataib Hezbollah, perpetrator: accused, denied by subject \[",
        r"us-strikes-syria: strike by US military, .+; carried out, rumoured \[",
        r"\d+ retracts \[\d+, \d+\]: ",
    ):
        assert any(re.match(pattern, line) for line in lines), pattern


def test_damage_and_people_are_shown(sitrep, story):
    american = {"nationality": "US"}
    story.append(
        "harbour-fire",
        new_update(
            told(
                "afp",
                {"type": "damage", "object": "hangar", "extent": "destroyed", "quantity": "2"},
                {"type": "damage", "object": "runway", "extent": "cratered"},
                person(
                    "Jane Doe",
                    informed=True,
                    role="medic",
                    harm="killed",
                    group=american,
                ),
                person("John Roe", informed=True),
            )
        ),
        EDITOR,
    )

    lines = [line.strip() for line in sitrep("show", "harbour-fire").stdout.splitlines()]

    for pattern in (
        r"Damage: hangar, destroyed, 2, says afp \[\d+\]",
        r"Damage: runway, cratered, says afp \[\d+\]",
        "People",
        r"Jane Doe, medic, killed, US, says afp \[\d+\]",
        r"John Roe, says afp \[\d+\]",
    ):
        assert any(re.fullmatch(pattern, line) for line in lines), pattern


def test_what_the_desk_settled_is_not_shown_as_the_word_of_an_origin(sitrep, story):
    settled_by_the_desk = told("desk", killed(2), settled(3, "casualties.killed"))
    story.append("harbour-fire", new_update(settled_by_the_desk), EDITOR)

    lines = [line.strip() for line in sitrep("show", "harbour-fire").stdout.splitlines()]

    assert "Killed: 3, adjudicated [3]" in lines


def test_what_is_piped_holds_no_control_characters(sitrep, story):
    shown = sitrep("show", "harbour-fire", FORCE_COLOR="1")

    assert shown.exit_code == 0
    assert "\x1b" not in shown.stdout


def test_the_situation_as_json_is_the_stores_own_answer(sitrep, story):
    shown = sitrep("show", "harbour-fire", "--json")

    assert shown.exit_code == 0
    assert shown.stdout_bytes == story.now("harbour-fire").body


def test_the_past_can_be_asked_by_version_and_by_either_clock(sitrep, story):
    sitrep("import", str(TAJI))
    at_six = "2020-03-11T18:00:00Z"

    shown = sitrep("show", TAJI_SLUG, "--json", "--version", "20", "--published-until", at_six)

    question = Question(version=20, published_until_us=read_moment(at_six))
    assert shown.stdout_bytes == story.situation(TAJI_SLUG, question).body
    assert sitrep("show", TAJI_SLUG, "--as-of", "2020-01-01").exit_code == 1


def test_a_date_counts_as_the_end_of_its_day(sitrep, story):
    sitrep("import", str(TAJI))

    shown = sitrep("show", TAJI_SLUG, "--published-until", "2020-03-11")

    assert "from what was published until 2020-03-11 23:59:59 UTC" in shown.stdout


def test_a_time_that_is_none_is_told_by_usage(sitrep, story):
    ended = sitrep("show", "harbour-fire", "--as-of", "yesterday")

    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "'yesterday'" in ended.stderr


def test_a_figure_with_a_unit_says_it(sitrep, story):
    burnt = {"type": "measure", "name": "burnt_area", "quantity": "12", "unit": "hectares"}
    sitrep("post", "harbour-fire", "-", stdin=json.dumps(told("fire-service", burnt)))

    shown = sitrep("show", "harbour-fire")

    assert "Burnt area: 12 hectares, single origin, says fire-service" in shown.stdout


def test_harms_that_nobody_reported_are_named_together(sitrep, story):
    body = json.dumps(told("fire-service", counted("missing", {"low": 2, "high": 4})))
    sitrep("post", "harbour-fire", "-", stdin=body)

    shown = sitrep("show", "harbour-fire")

    assert "Missing: 2 to 4, single origin" in shown.stdout
    assert "None reported: killed, injured, captured, displaced, unspecified" in shown.stdout


@contextmanager
def started(url, command, **environment):
    """A server in its own process, and what it said before it was ready."""
    process = subprocess.Popen(
        [sys.executable, "-m", "service.cli", *command.split()],
        env={"SITREP_DATABASE_URL": url, "SITREP_PORT": "0", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    said = []
    try:
        for line in process.stderr:
            said.append(line)
            if "Started worker" in line:
                break
        yield process, "".join(said)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def address_in(said):
    found = re.search(r"Listening at: (\S+)", said)
    assert found, said
    return found[1]


def test_the_first_run_makes_a_store_with_a_story_and_a_key_that_writes(url, open_store):
    with started(url, "run") as (process, said):
        address = address_in(said)
        ready = httpx.get(f"{address}/readyz")
        incidents = httpx.get(f"{address}/v1/incidents").json()["incidents"]
        process.send_signal(signal.SIGTERM)
        key, _ = process.communicate(timeout=30)

    store: Store = open_store(url)
    assert process.returncode == 0
    assert ready.status_code == 200
    assert len(incidents) == 9
    assert store.authenticate(key.removesuffix("\n")) == Writer(name="local", role="editor")
    assert f"{address}/docs" in said
    assert key.strip() in said


def test_a_later_run_keeps_the_store_and_shows_no_key(sitrep, url, story):
    sitrep("key", "add", "anna", "--role", "editor")

    with started(url, "run") as (process, said):
        process.send_signal(signal.SIGTERM)
        printed, _ = process.communicate(timeout=30)

    listed = [brief.incident for brief in story.incidents(cursor=None, limit=10).incidents]
    assert process.returncode == 0
    assert listed == ["harbour-fire"]
    assert sitrep("key", "list", "--json").stdout.count('"name"') == 1
    assert printed == ""
    assert "sitrep key add NAME --role editor" in said


def test_ctrl_c_reaches_every_process_and_ends_the_server_in_good_order(url, sitrep):
    sitrep("migrate")

    with started(url, "serve --port 0") as (process, said):
        assert httpx.get(f"{address_in(said)}/healthz").status_code == 200
        os.killpg(process.pid, signal.SIGINT)
        printed, said_last = process.communicate(timeout=30)

    assert process.returncode == 0
    assert printed == ""
    assert "refused to gracefully stop" not in said_last


def test_a_server_whose_parent_was_killed_gives_its_port_back(url, sitrep):
    sitrep("migrate")

    with started(url, "serve --port 0") as (process, said):
        process.kill()
        process.communicate(timeout=30)

    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{address_in(said)}/healthz")


def test_a_port_that_is_taken_is_not_shared(sitrep):
    sitrep("migrate")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        ended = sitrep("serve", "--port", str(port))

    assert (ended.exit_code, ended.stdout) == (1, "")
    assert f"cannot listen on 127.0.0.1:{port}: Address already in use" in ended.stderr


def test_a_key_is_given_another_secret_and_the_one_before_may_be_void_at_once(sitrep, story):
    old = sitrep("key", "add", "anna", "--role", "reporter").stdout.strip()
    kept = sitrep("key", "rotate", "anna")
    new = sitrep("key", "rotate", "anna", "--keep", "0")

    opened = [story.authenticate(one) for one in (old, kept.stdout.strip(), new.stdout.strip())]

    assert [one is not None for one in opened] == [False, False, True]
    assert (kept.exit_code, new.exit_code) == (0, 0)
    assert "24 hours" in kept.stderr


def test_a_key_may_be_made_to_end_by_itself(sitrep, story):
    sitrep("key", "add", "anna", "--role", "reporter", "--expires", "2031-01-01T00:00:00Z")

    listed = json.loads(sitrep("key", "list", "--json").stdout)["keys"]

    assert listed[0]["expires_at"] == "2031-01-01T00:00:00.000000Z"
    assert sitrep("key", "add", "bob", "--role", "reader", "--expires", "2001-01-01").exit_code == 1


def test_what_was_done_with_keys_is_told_as_a_table_and_as_json(sitrep, story):
    sitrep("key", "add", "anna", "--role", "reporter")
    nothing = sitrep("key", "audit", "anna")
    for status in (201, 403):
        story.note(_use_by("anna", status))
    story.note(_use_by(None, 401))
    story.close()

    told = sitrep("key", "audit", "anna", "--json")
    table = sitrep("key", "audit", "--limit", "2")
    kept, gone = (sitrep("key", "prune", "--days", days) for days in ("90000", "1"))

    assert (nothing.stdout, nothing.exit_code) == ("", 0)
    assert [use["status"] for use in json.loads(told.stdout)["uses"]] == [403, 201]
    assert "(unknown)" in table.stdout
    assert "192.0.2.7" in table.stdout
    assert "--cursor" in table.stderr
    assert "0 uses" in kept.stderr
    assert "3 uses" in gone.stderr


def _use_by(name, status):
    return Use(
        at_us=read_instant("2026-01-01T00:00:00Z"),
        name=name,
        opened=name is not None,
        method="POST",
        route="incidents.append_update",
        incident="taji",
        status=status,
        address="192.0.2.7",
    )
