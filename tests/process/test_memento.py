"""A Memento client by the authors of RFC 7089, and the documented commands, on a real server."""

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from memento_client import MementoClient

from service.domain.moments import read_instant
from service.store.store import Store
from tests.histories import EDITOR, killed, new_incident, new_update, told
from tests.process.serving import serving

DOCUMENT = Path(__file__).parents[2] / "docs" / "memento.md"
EXAMPLE = re.compile(r"```sh\n(curl [^\n]*)\n```\n```(?:http)?\n(.*?)\n```", re.DOTALL)


@pytest.fixture
def site(database):
    """The story of docs/memento.md in a store, and where it is served."""
    clock = [0]
    store = Store.connect(database, clock=lambda: clock[0])
    clock[0] = read_instant("2020-03-11T12:00:00Z")
    store.open(new_incident("fire"), EDITOR)
    clock[0] = read_instant("2020-03-11T12:30:05.300000Z")
    store.append("fire", new_update(told("radio", killed(1), killed(2, scope="part"))), EDITOR)
    clock[0] = read_instant("2020-03-11T14:00:00Z")
    store.append("fire", new_update(told("radio", killed(3))), EDITOR)
    store.close()
    with serving(database) as server:
        yield server.url


@pytest.mark.parametrize(
    ("asked", "version", "around"),
    [
        ((2001, 3, 20, 20, 35), 1, {"first": 1, "next": 3, "last": 4}),
        ((2020, 3, 11, 12, 30, 5), 3, {"first": 1, "prev": 1, "next": 4, "last": 4}),
        ((2026, 1, 1), 4, {"first": 1, "prev": 3, "last": 4}),
    ],
)
def test_a_memento_client_finds_the_past_of_an_incident(site, asked, version, around):
    incident = f"{site}/v1/incidents/fire"

    # The empty prefix makes the address its own TimeGate, which this client does not see by itself.
    with MementoClient(timegate_uri="", check_native_timegate=False) as client:
        found = client.get_memento_info(incident, datetime(*asked, tzinfo=UTC))

    closest = found["mementos"].pop("closest")
    assert (found["original_uri"], found["timegate_uri"]) == (incident, incident)
    assert (closest["uri"], closest["http_status_code"]) == ([f"{incident}?version={version}"], 200)
    assert {rel: told["uri"] for rel, told in found["mementos"].items()} == {
        rel: [f"{incident}?version={number}"] for rel, number in around.items()
    }


def test_a_memento_client_knows_each_kind_of_resource(site):
    incident = f"{site}/v1/incidents/fire"

    with MementoClient() as client:
        for resource, is_gate, is_memento in (
            (incident, True, False),
            (f"{incident}?version=3", False, True),
            (f"{incident}?as_of=2020-03-11T13:00:00Z", False, True),
        ):
            session = client.session
            assert client.is_timegate(resource, session=session) == is_gate, resource
            assert client.is_memento(resource, session=session) == is_memento, resource
            assert client.get_original_uri(resource) == incident


def test_a_memento_client_reads_the_timemap(site):
    incident = f"{site}/v1/incidents/fire"

    links = MementoClient.parse_link_header(httpx.get(f"{incident}/timemap").text)

    assert links[incident]["rel"] == ["original", "timegate"]
    assert links[f"{incident}/timemap"]["until"] == ["Wed, 11 Mar 2020 14:00:00 GMT"]
    assert links[f"{incident}?version=3"] == {
        "rel": ["memento"],
        "datetime": ["Wed, 11 Mar 2020 12:30:05 GMT"],
    }


def test_the_documented_commands_answer_as_written(site):
    examples = EXAMPLE.findall(DOCUMENT.read_text("utf-8").replace("http://127.0.0.1:8080", site))

    assert len(examples) == 3
    for command, expected in examples:
        _, how, url, *option = shlex.split(command)
        headers = dict([option[1].split(": ", 1)]) if option else {}
        answer = httpx.request("HEAD" if how == "-sI" else "GET", url, headers=headers)
        if how == "-s":
            assert answer.text == expected
            continue
        status, *lines = expected.splitlines()
        assert status.split()[1] == str(answer.status_code)
        for name, value in (line.split(": ", 1) for line in lines):
            assert answer.headers[name] == value
