"""What was stored once loads for ever, and means what it meant. Golden files are never edited."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from schemas.update import load_update
from service.domain.reports import EVENT_NAMES, decode_report
from service.domain.saying import say_report

GOLDEN = sorted((Path(__file__).parent / "golden" / "reports").glob("*.json"))
REFERENCE = Path(__file__).parent.parent / "docs" / "reports.md"


def payload(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def test_every_event_has_a_golden_payload():
    events = {payload(path)["event"] for path in GOLDEN}

    assert events == set(EVENT_NAMES.values())


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_stored_report_means_what_it_meant(path):
    kept = payload(path)

    report = decode_report(json.dumps(kept["posted"]).encode())

    assert EVENT_NAMES[type(report)] == kept["event"]
    assert {name: value for name, value in _meaning(report).items() if name in kept["means"]} == (
        kept["means"]
    )
    assert say_report(report)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_what_was_once_taken_is_still_taken(path):
    posted = payload(path)["posted"]
    if posted["type"] == "opening":
        return
    told = {"publisher": {"key": "afp", "kind": "press"}, "reports": [posted]}

    (report,) = load_update(json.dumps(told).encode()).reports

    assert report.report == decode_report(json.dumps(posted).encode())


def test_the_reference_has_an_entry_and_an_example_of_every_report_that_can_be_posted():
    text = REFERENCE.read_text("utf-8")
    examples = [json.loads(block) for block in _blocks(text)]

    told = {"publisher": {"key": "afp", "kind": "press"}, "reports": examples}
    loaded = load_update(json.dumps(told).encode()).reports

    posted = {payload(path)["posted"]["type"] for path in GOLDEN} - {"opening"}
    assert {example["type"] for example in examples} == posted
    assert len(loaded) == len(examples)
    assert [kind for kind in posted if f"### `{kind}` →" not in text] == []


def _meaning(report: Any) -> Any:
    return json.loads(msgspec.json.encode(report))


def _blocks(text: str) -> list[str]:
    return [part.partition("```")[0] for part in text.split("```json")[1:]]
