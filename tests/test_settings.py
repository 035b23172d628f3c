"""What the environment may set: named, with its default, where an operator looks for it."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from service.settings import Settings

OPERATIONS = Path(__file__).parents[1] / "docs" / "operations.md"


def test_every_setting_stands_in_the_table_for_operators_with_its_default():
    rows = [line for line in OPERATIONS.read_text("utf-8").splitlines() if "`SITREP_" in line]
    shown = dict(pair for row in rows if row.startswith("| ") for pair in pairs(row))

    told = {f"SITREP_{field.name.upper()}": field.default for field in fields(Settings)}
    said = {name: as_written(value) for name, value in told.items()}
    assert shown == {**said, "SITREP_LOG_LEVEL": "info"}


def pairs(row):
    """The variables of a row, each with its default: words say what an empty one comes to."""
    names, defaults = (re.findall(r"`(.+?)`", cell) for cell in row.split("|")[1:3])
    return zip(names, defaults or [""] * len(names), strict=True)


def as_written(value):
    return f"{value:g}" if isinstance(value, float) else str(value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("READING", "secret"),
        ("READS_PER_SECOND", "-1"),
        ("WRITES_BURST", "0"),
        ("HEADER_SECONDS", "0"),
        ("MAX_CONNECTIONS", "0"),
        ("MAX_QUERY_BYTES", "1"),
        ("KEY_USES_DAYS", "0"),
        ("DESK_HOURS", "0"),
        ("DESK_IDLE_HOURS", "-1"),
        ("MAX_REPORTS", "1001"),
        ("MAX_DEPTH", "33"),
        ("MAX_CHARACTERS", "50001"),
        ("MAX_PAGE", "1001"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_by_its_name(monkeypatch, name, value):
    monkeypatch.setenv(f"SITREP_{name}", value)

    with pytest.raises(ValueError, match=name):
        Settings.read()
