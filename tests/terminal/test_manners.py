"""How commands behave among others: in pipes, in terminals, interrupted, completed."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.client.lossy import lossy
from tests.histories import EDITOR, killed, new_incident, new_update, told
from tests.process.taji import TAJI

pytestmark = pytest.mark.parametrize("taji", ["sqlite"], indirect=True)

TABLE = Path(__file__).parents[2] / "docs" / "examples" / "updates.csv"
COMMAND = [sys.executable, "-m", "service.cli"]
STYLED = re.compile(r"\x1b\[[0-9;]*m")
COLOURED = re.compile(r"\x1b\[(?:[0-9]+;)*(?:3|4|9|10)[0-8]")


@pytest.fixture
def surroundings(taji):
    return {"SITREP_URL": taji.url, "PATH": os.environ["PATH"]}


def seen(words, *streams, **more):
    """What a terminal is sent on these streams."""
    ours, theirs = pty.openpty()
    onto = dict.fromkeys(streams, theirs)
    with subprocess.Popen([*COMMAND, *words], **onto, **more) as process:
        os.close(theirs)
        told = b""
        try:
            while piece := os.read(ours, 65_536):
                told += piece
        except OSError:  # EIO: nobody writes any more
            pass
        finally:
            os.close(ours)
    assert process.returncode == 0
    return told.decode()


def test_a_terminal_is_styled_and_a_pipe_is_not(surroundings):
    words = ["show", TAJI, "--version", "9"]
    terminal = {**surroundings, "TERM": "xterm-256color", "COLUMNS": "300"}

    styled = seen(words, "stdout", env=terminal)
    without = seen(words, "stdout", env={**terminal, "NO_COLOR": "1"})
    piped = subprocess.check_output([*COMMAND, *words], env=terminal, text=True)

    assert STYLED.search(styled)
    assert not COLOURED.search(without)
    assert "\x1b" not in piped
    unstyled = [line.rstrip() for line in STYLED.sub("", styled).splitlines()]
    assert unstyled == piped.splitlines()


def test_a_reader_who_has_seen_enough_ends_it_quietly(surroundings):
    process = subprocess.Popen(
        [*COMMAND, "replay", TAJI, "--longest", "0.01"],
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    first = process.stdout.readline()
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()

    assert process.wait(timeout=30) == 1
    assert (first, said) == ("2020-03-11 17:00:00 UTC\n", "")


def test_ctrl_c_ends_a_replay_quietly(surroundings):
    process = subprocess.Popen(
        [*COMMAND, "replay", TAJI, "--speed", "0.001", "--longest", "3600"],
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)

    assert (process.returncode, said) == (130, "")


def test_a_watch_over_a_connection_that_is_cut_tells_everything_once(taji, surroundings):
    slug = "fire-that-is-watched"
    taji.store.open(new_incident(slug), EDITOR)
    with lossy(taji.server.port) as road:
        process = subprocess.Popen(
            [*COMMAND, "watch", slug, "--json"],
            env={**surroundings, "SITREP_URL": road.url},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        process.stderr.readline()
        heard = []
        for count in range(1, 6):
            taji.store.append(slug, new_update(told("radio", killed(count))), EDITOR)
            heard.append(json.loads(process.stdout.readline()))
            road.cut()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)

    assert [event["version"] for event in heard] == [2, 3, 4, 5, 6]
    assert "listening again" in said
    assert process.returncode == 130


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["export", "-o", "log.ndjson"], "events"),
        (["import", str(TABLE)], "rehearsed"),
        (["backup", "sitrep.backup"], "backup"),
    ],
)
def test_long_work_shows_how_far_it_is_where_somebody_is_looking(taji, tmp_path, words, what):
    settings = {
        "SITREP_DATABASE_URL": taji.database,
        "SITREP_SIGNING_KEY": taji.signing_key,
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "TERM": "xterm",
    }

    shown = seen(words, "stderr", env=settings, cwd=tmp_path)

    assert what in shown
    assert "100%" in shown or what == "backup"
