"""Stories from files: taken whole, in order, once; what cannot be taken is named line by line."""

import json
import tracemalloc
from contextlib import ExitStack
from time import monotonic

import pytest
import zstandard
from click.testing import CliRunner

from service.app import create_app
from service.cli import main
from service.commands.lines import LONGEST, Line
from service.commands.remote import Remote
from service.commands.taking import Taking
from service.errors import Unavailable
from service.settings import Settings
from service.store.reading import encode
from service.store.schema import migrate
from service.stories import TAJI
from sitrep_client import NO_PATIENCE
from tests.histories import EDITOR, killed, new_incident, told
from tests.over_http import over_http
from tests.process.serving import free_port

TAJI_LINES = TAJI.read_bytes().splitlines(keepends=True)


@pytest.fixture
def url(tmp_path):
    address = f"sqlite:///{tmp_path / 'sitrep.db'}"
    migrate(address)
    return address


@pytest.fixture
def store(url, open_store):
    return open_store(url)


@pytest.fixture
def take(url):
    """Runs `sitrep import`; what it said last is the sums."""

    def run(*words, stdin=None):
        settings = {"SITREP_DATABASE_URL": url}
        return CliRunner().invoke(main, ["import", *map(str, words)], input=stdin, env=settings)

    return run


@pytest.fixture
def file(tmp_path):
    """`file(*lines)` is a file of these lines; each is JSON, or bytes as they are."""

    def written(*lines, name="story.ndjson"):
        path = tmp_path / name
        path.write_bytes(b"".join(map(as_line, lines)))
        return path

    return written


def as_line(line):
    return line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n"


def line(incident, *reports, **more):
    """An update as it stands in a file."""
    story = {"incident": incident, "title": f"What happened at {incident}", "kind": "accident"}
    return {**story, **told("the-drive", *(reports or [killed(1)])), **more}


def sums(ended):
    return ended.stderr.splitlines()[-1]


def incidents_of(store):
    return {brief.incident: brief for brief in store.incidents(cursor=None, limit=1000).incidents}


def updates_of(store, incident):
    """The updates of an incident from the first to the last, without its opening."""
    page = store.updates(incident, cursor=None, limit=1000, ascending=True)
    return [told for told in page.updates if told.version > 1]


def test_a_story_is_taken_whole_and_does_no_harm_when_it_comes_again(take, store):
    first = take(str(TAJI))
    before = {slug: store.now(slug).body for slug in incidents_of(store)}
    second = take(str(TAJI))

    assert (first.exit_code, first.stdout) == (0, "")
    assert sums(first) == "55 taken, 0 already there, 0 refused"
    assert (second.exit_code, second.stdout) == (0, "")
    assert sums(second) == "0 taken, 55 already there, 0 refused"
    assert len(before) == 9
    assert {slug: store.now(slug).body for slug in incidents_of(store)} == before


def test_an_import_that_was_broken_off_goes_on_where_it_stopped(take, store, file):
    take(file(*TAJI_LINES[:20], name="half.ndjson"))

    ended = take(str(TAJI))

    assert sums(ended) == "35 taken, 20 already there, 0 refused"
    assert len(incidents_of(store)) == 9


def test_the_updates_of_one_incident_keep_their_order(take, store, file):
    slugs = [f"incident-{number}" for number in range(20)]
    lines = [line(slug, killed(turn)) for turn in range(15) for slug in slugs]

    ended = take(file(*lines))

    assert sums(ended) == "300 taken, 0 already there, 0 refused"
    for slug in slugs:
        first = [told["reports"][0]["report"]["quantity"]["low"] for told in as_read(store, slug)]
        assert first == list(range(15))


def as_read(store, slug):
    """The updates of an incident as a client sees them."""
    return [json.loads(encode(told)) for told in updates_of(store, slug)]


def test_an_incident_is_opened_as_of_its_first_update(take, store, file):
    ended = take(file(line("harbour-fire", kind=None, published_at="2020-03-11")))

    opened = store.updates("harbour-fire", cursor=None, limit=1, ascending=True).updates[0]
    brief = incidents_of(store)["harbour-fire"]
    assert ended.exit_code == 0
    assert (brief.title, brief.kind) == ("What happened at harbour-fire", "other")
    assert (opened.publisher["key"], opened.published) == ("the-drive", "2020-03-11")


def test_an_incident_that_is_there_already_only_gets_the_updates(take, store, file):
    store.open(new_incident("harbour-fire"), EDITOR)

    ended = take(file(line("harbour-fire")))

    assert sums(ended) == "1 taken, 0 already there, 0 refused"
    assert incidents_of(store)["harbour-fire"].title == "A story"


def test_bad_lines_are_named_place_by_place_and_the_rest_is_taken(take, store, file):
    path = file(
        line("harbour-fire"),
        line("harbour-fire", killed({"low": 5, "high": 2}), {"type": "rumour"}),
        b"\n",
        b"{not json\n",
        b'["no", "object"]\n',
        line(7),
        {"title": "Nowhere"},
        line("Harbour Fire"),
        line("harbour-fire", killed(2), surprise=1),
        line("harbour-fire", {"type": "retraction", "targets": [99], "reason": "wrong"}),
        line("harbour-fire", killed(3)),
        b'{"incident": "harbour\xff", "update_id": "x"}\n',
        b'{"incident": "harbour-fire", "reports": ' + b"[" * 100_000 + b"\n",
    )

    ended = take(path)

    said = ended.stderr.splitlines()
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert sums(ended) == "2 taken, 0 already there, 10 refused"
    for start in (
        f"{path}:2: /reports/0/quantity",
        f"{path}:2: /reports/1/type: ",
        f"{path}:4: not a JSON object: ",
        f"{path}:5: not a JSON object: ",
        f"{path}:6: /incident: must be a string",
        f"{path}:7: /incident: missing",
        f"{path}:8: /incident: ",
        f"{path}:9: /surprise: ",
        f"{path}:10: /reports/0/targets/0: ",
        f"{path}:12: /incident: must be a string",
        f"{path}:13: not a JSON object: ",
    ):
        assert any(told.startswith(start) for told in said), start
    assert [len(told.reports) for told in updates_of(store, "harbour-fire")] == [1, 1]


def test_an_update_id_that_comes_with_another_body_is_refused(take, file):
    same = "c664395b-22af-5ee6-a055-ea6cb3403295"

    ended = take(file(line("a-fire", update_id=same), line("a-fire", killed(2), update_id=same)))

    assert ended.exit_code == 1
    assert "story.ndjson:2: update c664395b" in ended.stderr
    assert sums(ended) == "1 taken, 0 already there, 1 refused"


def test_an_update_without_an_id_is_known_by_what_it_says(take, store, file):
    said = line("harbour-fire")
    otherwise = dict(reversed(said.items()))

    ended = take(file(said, otherwise, line("harbour-fire", killed(2))))

    assert sums(ended) == "2 taken, 1 already there, 0 refused"
    assert len(updates_of(store, "harbour-fire")) == 2


def test_numbers_are_kept_as_they_were_written(take, store, file):
    raw = json.dumps(line("harbour-fire", {"type": "measure", "name": "burnt", "quantity": "AREA"}))
    area = b'{"low": 12.50, "high": 12.50}'

    ended = take(file(raw.encode().replace(b'"AREA"', area) + b"\n"))

    assert ended.exit_code == 0
    [kept] = updates_of(store, "harbour-fire")
    assert b'"low":12.50,"high":12.50' in encode(kept)


def test_a_story_can_come_from_stdin(take, store):
    ended = take("-", stdin=b"".join(TAJI_LINES) + as_line(line(7)))

    assert ended.exit_code == 1
    assert "stdin:56: /incident: must be a string" in ended.stderr
    assert sums(ended) == "55 taken, 0 already there, 1 refused"


def test_a_packed_story_is_unpacked_on_the_way_frame_by_frame(take, tmp_path):
    halves = [b"".join(TAJI_LINES[:30]), b"".join(TAJI_LINES[30:])]
    path = tmp_path / "taji.ndjson.zst"
    path.write_bytes(b"".join(map(zstandard.compress, halves)))

    ended = take(path)

    assert sums(ended) == "55 taken, 0 already there, 0 refused"


def test_a_packed_story_that_is_cut_off_is_not_taken_for_a_whole_one(take, tmp_path):
    path = tmp_path / "taji.ndjson.zst"
    path.write_bytes(zstandard.compress(TAJI.read_bytes())[:-100])

    ended = take(path)

    assert ended.exit_code == 1
    assert f"{path} is cut off" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_packed_story_that_is_damaged_is_told(take, tmp_path):
    path = tmp_path / "taji.ndjson.zst"
    path.write_bytes(b"not packed at all")

    ended = take(path)

    assert ended.exit_code == 1
    assert f"{path} cannot be unpacked" in ended.stderr


def test_a_line_too_long_to_be_held_is_refused_and_passed_over(take, file):
    endless = b'{"incident": "' + b"x" * (LONGEST + 10) + b'"}\n'

    ended = take(file(endless, line("harbour-fire")))

    assert ended.exit_code == 1
    assert "story.ndjson:1: the line has more than" in ended.stderr
    assert sums(ended) == "1 taken, 0 already there, 1 refused"


def test_a_file_that_unpacks_to_very_much_is_read_in_little_memory(take, tmp_path):
    path = tmp_path / "bomb.ndjson.zst"
    packer = zstandard.ZstdCompressor(level=19).compressobj()
    zeros = bytes(2**20)
    path.write_bytes(b"".join([*(packer.compress(zeros) for _ in range(256)), packer.flush()]))

    tracemalloc.start()
    ended = take(str(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert path.stat().st_size < 50_000
    assert "the line has more than" in ended.stderr
    assert peak < 6 * LONGEST


def test_a_file_that_is_not_there_is_told_by_usage(take):
    ended = take("nowhere.ndjson")

    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "nowhere.ndjson" in ended.stderr


class FalteringAtFirst:
    """A WSGI application before which a gateway gives up on the first so many requests."""

    def __init__(self, app, failures, status="503 Service Unavailable"):
        self.app, self.left, self.status = app, failures, status

    def __call__(self, environ, start_response):
        if self.left:
            self.left -= 1
            start_response(self.status, [("Retry-After", "1")])
            return [b"<html>not now</html>"]
        return self.app(environ, start_response)


@pytest.fixture
def served(url):
    """`served(failures=0)` is the address of a Sitrep over the store."""
    app = create_app(Settings(database_url=url))
    with ExitStack() as running:

        def serve(failures=0, **status):
            return running.enter_context(over_http(FalteringAtFirst(app, failures, **status)))

        yield serve
    app.extensions["sitrep"].close()


@pytest.fixture
def limited(url):
    """The address of a Sitrep that takes four updates at once and twenty a second, to which a
    proxy passes on what comes from elsewhere.
    """
    settings = Settings(database_url=url, writes_per_second=20, writes_burst=4, proxies=1)
    app = create_app(settings)

    def passed_on(environ, start_response):
        return app({**environ, "HTTP_X_FORWARDED_FOR": "192.0.2.1"}, start_response)

    with over_http(passed_on) as address:
        yield address
    app.extensions["sitrep"].close()


def test_over_http_a_story_is_taken_whole_and_once(take, store, served):
    remote = ["--url", served(), "--key", store.add_key("anna", "editor")]

    first = take(str(TAJI), *remote)
    second = take(str(TAJI), *remote)

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert sums(first) == "55 taken, 0 already there, 0 refused"
    assert sums(second) == "0 taken, 55 already there, 0 refused"
    assert len(incidents_of(store)) == 9
    assert {told.recorded_by for told in updates_of(store, "taji-rocket-attack-2020-03-11")} == {
        "anna"
    }


def test_over_http_bad_lines_are_named_as_they_are_here(take, store, file, served):
    path = file(
        line("harbour-fire"),
        line("harbour-fire", killed({"low": 5, "high": 2})),
        line("Harbour Fire"),
        line("harbour-fire", {"type": "retraction", "targets": [99], "reason": "wrong"}),
    )
    here = take(path)

    there = take(path, "--url", served(), "--key", store.add_key("anna", "editor"))

    assert there.exit_code == 1
    assert sums(there) == "0 taken, 1 already there, 3 refused"
    assert sorted(there.stderr.splitlines()[:-1]) == sorted(here.stderr.splitlines()[:-1])


def test_a_gateway_that_gives_up_at_first_is_asked_again(take, store, file, served):
    remote = ["--url", served(failures=3), "--key", store.add_key("anna", "editor")]

    ended = take(file(line("harbour-fire"), line("harbour-fire", killed(2))), *remote)

    assert ended.exit_code == 0
    assert sums(ended) == "2 taken, 0 already there, 0 refused"


def test_who_is_asked_to_wait_comes_again_when_it_was_told_to_however_often(store, served):
    url = served(failures=3, status="429 Too Many Requests")
    remote = Remote(url, store.add_key("anna", "editor"), NO_PATIENCE)
    taking = Taking(remote, print, waits=[])

    began = monotonic()
    taking.take([Line("here:1", as_line(line("harbour-fire")))])

    remote.close()
    assert str(taking.tally) == "1 taken, 0 already there, 0 refused"
    assert monotonic() - began >= 3


def test_an_import_goes_on_past_the_limits_of_a_service(take, store, file, limited):
    lines = [line(f"incident-{number}") for number in range(6)]

    ended = take(file(*lines), "--url", limited, "--key", store.add_key("anna", "editor"))

    assert ended.exit_code == 0
    assert sums(ended) == "6 taken, 0 already there, 0 refused"


def test_a_key_that_opens_nothing_stops_the_import(take, file, served):
    lines = [line(f"incident-{number}") for number in range(100)]

    ended = take(file(*lines), "--url", served(), "--key", "guessed")

    assert (ended.exit_code, ended.stdout) == (1, "")
    assert "0 taken, 0 already there, 0 refused" in ended.stderr
    assert ended.stderr.splitlines()[-1].startswith("Error: http://127.0.0.1:")


def test_a_key_whose_role_does_not_suffice_stops_the_import(take, store, file, served):
    remote = ["--url", served(), "--key", store.add_key("anna", "reader")]

    ended = take(file(line("harbour-fire")), *remote)

    assert ended.exit_code == 1
    assert "Error: http://127.0.0.1:" in ended.stderr
    assert incidents_of(store) == {}


def test_an_address_where_there_is_no_sitrep_stops_the_import(take, file, served):
    ended = take(file(line("harbour-fire")), "--url", f"{served()}/elsewhere", "--key", "any")

    assert ended.exit_code == 1
    assert "Error: http://127.0.0.1:" in ended.stderr


def test_an_address_without_a_key_is_told_by_usage(take, file):
    ended = take(file(line("harbour-fire")), "--url", "http://127.0.0.1:1")

    assert ended.exit_code == 2
    assert "SITREP_KEY" in ended.stderr


def test_what_is_no_address_is_told_by_usage(take, file):
    ended = take(file(line("harbour-fire")), "--url", "localhost:8080", "--key", "any")

    assert ended.exit_code == 2
    assert "--url" in ended.stderr


def test_a_store_that_stays_away_stops_the_import_after_a_few_tries():
    nobody = f"http://127.0.0.1:{free_port()}"
    remote = Remote(nobody, "any", NO_PATIENCE)
    taking = Taking(remote, print, waits=[0.0, 0.0])

    with pytest.raises(Unavailable, match=nobody):
        taking.take([Line("here:1", as_line(line("harbour-fire")))])

    remote.close()
    assert str(taking.tally) == "0 taken, 0 already there, 0 refused"
