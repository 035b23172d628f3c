"""The README's examples, typed as written against `sitrep run` on an empty folder."""

import json
import re
import shlex
from pathlib import Path

import httpx
import pytest

from tests.process.serving import Server, free_port

README = Path(__file__).parents[2] / "README.md"
EXAMPLE = re.compile(r"```sh\n(curl .*?)```\n```json\n(.*?)```", re.DOTALL)


@pytest.fixture
def running(tmp_path):
    """`sitrep run` on an empty folder: its address, and the key that it printed."""
    server = Server(f"sqlite:///{tmp_path / 'var' / 'sitrep.db'}", free_port(), "run")
    try:
        key = server.first_line()
        server.wait_until_ready()
        yield server.url, key
    finally:
        assert server.stop() == 0


def holds(expected, answer, path=""):
    """Every value of the example stands in the answer, which may say more."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            holds(value, answer[key], f"{path}/{key}")
    elif isinstance(expected, list):
        assert len(answer) == len(expected), path
        for number, value in enumerate(expected):
            holds(value, answer[number], f"{path}/{number}")
    else:
        assert answer == expected, path


def test_the_readmes_examples_answer_as_written(running):
    url, key = running
    examples = EXAMPLE.findall(README.read_text("utf-8"))

    assert len(examples) == 11
    for command, expected in examples:
        answer = typed(command.replace("http://127.0.0.1:8080", url).replace("$KEY", key))
        holds(json.loads(expected), answer.json())


def typed(command):
    """What `curl -s URL -H header -d body` sends: curl itself need not be on the machine."""
    name, silent, url, *options = shlex.split(command)
    assert (name, silent) == ("curl", "-s")
    said = list(zip(options[::2], options[1::2], strict=True))
    headers = dict(value.split(": ", 1) for option, value in said if option == "-H")
    bodies = [value for option, value in said if option == "-d"]
    assert {option for option, _ in said} <= {"-H", "-d"}
    if bodies:
        return httpx.post(url, headers=headers, content=bodies[0].encode())
    return httpx.get(url, headers=headers)
