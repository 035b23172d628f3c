"""Documents as somebody reads them who types what stands there, and looks for what should come."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import click

ROOT = Path(__file__).parents[2]
SERVED = "http://127.0.0.1:8080"
SHELLS = {"sh", "bash", "console", "shell"}

_BASH = shutil.which("bash") or "/bin/sh"
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_PROGRAMS = {"sitrep": "service.cli", "curl": "tests.process.curl"}


class Example(NamedTuple):
    """Commands, and what the document says that comes of them: its form and its text."""

    commands: str
    form: str = ""
    expected: str = ""


def examples(document: Path) -> list[Example]:
    """What stands between commands and what comes of them is a blank line at most."""
    found: list[Example] = []
    end, text = 0, document.read_text("utf-8")
    for block in _BLOCK.finditer(text):
        form, inside = block.groups()
        if form in SHELLS:
            found.append(Example(inside))
        elif found and not text[end : block.start()].strip() and not found[-1].form:
            found[-1] = Example(found[-1].commands, form or "text", inside)
        end = block.end()
    return found


class Typist:
    """Types in a folder, against a served Sitrep and its database. Needs bash, and nothing else of
    what the documents name: `sitrep` is the one under test, `curl` knows the options they use.
    """

    def __init__(self, folder: Path, *, url: str, key: str, database: str) -> None:
        self.folder, self._url = folder, url
        self.places: dict[str, str] = {SERVED: url, ".venv/bin/": ""}
        programs = folder / ".programs"
        programs.mkdir()
        for name, module in _PROGRAMS.items():
            program = programs / name
            program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {module} "$@"\n')
            program.chmod(0o755)
        self._environment = {
            **os.environ,
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "KEY": key,
            "SITREP_DATABASE_URL": database,
        }

    def type(self, commands: str) -> str:
        """What they print. All of them have to succeed."""
        for written, there in self.places.items():
            commands = commands.replace(written, there)
        typed = subprocess.run(
            [_BASH, "-euo", "pipefail", "-c", commands],
            cwd=self.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert typed.returncode == 0, f"{commands}\n{typed.stdout}{typed.stderr}"
        return typed.stdout

    def follow(self, example: Example) -> None:
        """Types it, and sees that what comes is what the document says, which may say less."""
        printed = self.type(example.commands)
        if example.form == "json":
            holds(json.loads(example.expected), json.loads(printed))
        elif example.form:
            shows(example.expected, printed.replace(self._url, SERVED))


def holds(expected: Any, answer: Any, path: str = "") -> None:
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


def shows(expected: str, printed: str) -> None:
    """The lines of the example stand there in their order; `…` is whatever stands between."""
    pattern = re.escape(expected.strip()).replace("…", ".*?")
    assert re.search(pattern, printed, re.DOTALL), f"{expected}\n--- is not in ---\n{printed}"


def commands_in(document: Path) -> Iterator[list[str]]:
    """Every `sitrep` that the document names in its text, word by word."""
    prose = _BLOCK.sub("", document.read_text("utf-8"))
    for named in re.findall(r"`(?:\.venv/bin/)?(sitrep [^`]+)`", prose):
        yield shlex.split(" ".join(named.split()))[1:]


def unknown_words(words: list[str], group: click.Group) -> list[str]:
    """Of a command those words that name a command or an option which there is not."""
    if words[0] == "--help":
        return []
    context = click.Context(group)
    command, rest = group.get_command(context, words[0]), words[1:]
    if command is None:
        return words[:1]
    if rest and isinstance(command, click.Group):
        inner = command.get_command(context, rest[0])
        command, rest = (command, rest) if inner is None else (inner, rest[1:])
    known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
    asked = [word.partition("=")[0] for word in rest if word.startswith("-") and word != "-"]
    return [word for word in asked if word not in {*known, "--help"}]
