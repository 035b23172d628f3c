"""docs/terminal.md, typed as it is written."""

import json
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import main
from service.commands.importing import import_taji
from tests.histories import injured, killed, told
from tests.process.taji import TAJI

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

PAGE = Path(__file__).parents[2] / "docs" / "terminal.md"
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
TYPED = re.compile(r"^\$ sitrep (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
LIVE = "watch"

EXAMPLES = [
    (shlex.split(words), expected)
    for block in BLOCK.findall(PAGE.read_text("utf-8"))
    for words, expected in TYPED.findall(block)
]


def reads(expected, printed):
    """`…` alone on a line is any lines, else anything within a line."""
    pattern = "".join(
        r"(?:.*\n)*" if line.strip() == "…" else ".*".join(map(re.escape, line.split("…"))) + r"\n"
        for line in expected.splitlines()
    )
    assert re.fullmatch(pattern, printed), printed


@pytest.fixture
def settings(store, database):
    import_taji(store)
    return {"SITREP_DATABASE_URL": database}


def test_every_command_prints_what_the_page_says(settings):
    typed = [(words, expected) for words, expected in EXAMPLES if words[0] != LIVE]

    assert len(typed) == 9
    for words, expected in typed:
        ended = CliRunner().invoke(main, words, env=settings)
        assert ended.exit_code == 0, words
        reads(expected, ended.stdout)


def test_what_comes_in_is_told_until_ctrl_c(settings):
    (words, expected), *more = [example for example in EXAMPLES if example[0][0] == LIVE]
    update = {**told("radio", killed(4), injured(16)), "summary": "The hospital counts again"}
    del update["published_at"]

    def post():
        CliRunner().invoke(main, ["post", TAJI, "-"], input=json.dumps(update), env=settings)

    process = subprocess.Popen(
        [sys.executable, "-m", "service.cli", *words],
        env={**settings, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    said = process.stderr.readline()
    post()
    lines = list(iter(process.stdout.readline, "\n"))
    post()
    following = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, left = process.communicate(timeout=30)

    assert "from now on" in said
    reads(expected, "".join(lines))
    assert following.startswith("100  ")
    assert (process.returncode, left) == (130, "")
    assert more == []
