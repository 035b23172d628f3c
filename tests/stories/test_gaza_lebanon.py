"""Two long stories with what their own sources had published at certain dates, through the API."""

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import httpx
import pytest

from tests.process.serving import serving


@pytest.fixture
def folder(request):
    return Path(request.config.getoption("--stories"))


def lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def figure(situation, path, group):
    section, harm = path.split(".")
    toll = situation[section][harm]
    if not group:
        return toll
    return next(
        (cell for cell in toll["by_group"] if cell["group"] == group), {"low": None, "high": None}
    )


def test_every_figure_is_what_its_source_had_published_by_then(folder, database, open_store):
    key = open_store(database).add_key("importer", "editor")
    updates = lines(folder / "gaza-lebanon.ndjson")
    publishers = defaultdict(set)
    for update in updates:
        publishers[update["incident"]].add(update["publisher"]["key"])

    with serving(database) as server, httpx.Client(base_url=server.url, timeout=60) as client:
        command = ["import", str(folder / "gaza-lebanon.ndjson"), "--url", server.url, "--key", key]
        imported = subprocess.run([sys.executable, "-m", "service.cli", *command], check=False)
        wrong = []
        for expected in lines(folder / "gaza-lebanon.expected.ndjson"):
            incident = expected["incident"]
            others = publishers[incident] - {expected["publisher"]}
            asked = {
                "published_until": expected["published_until"],
                "without_publisher": sorted(others),
            }
            situation = client.get(f"/v1/incidents/{incident}", params=asked).json()
            held = figure(situation, expected["path"], expected["group"])
            if (held["low"], held["high"]) != (expected["low"], expected["high"]):
                wrong.append((expected, held))
        told = sum(
            len(page["events"]) for incident in publishers for page in pages(client, incident)
        )

    assert imported.returncode == 0
    assert told == sum(len(update["reports"]) for update in updates) + len(publishers)
    assert wrong == []


def pages(client, incident):
    after = 0
    while after is not None:
        page = client.get(
            f"/v1/incidents/{incident}/events?limit=1000&after_version={after}"
        ).json()
        yield page
        after = page["next"]
