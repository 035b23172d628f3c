"""The files beside the pages."""

import re
from hashlib import sha256

import pytest

from service.web.assets import FOLDER

VENDOR = FOLDER / "vendor"
ROW = re.compile(r"\| `([^`]+)` \| `([0-9a-f]{64})` \|$", re.MULTILINE)


def test_the_files_of_others_are_as_they_were_published():
    told = dict(ROW.findall((VENDOR / "README.md").read_text()))
    there = {
        str(file.relative_to(VENDOR)): sha256(file.read_bytes()).hexdigest()
        for file in VENDOR.glob("*/*")
        if file.name != "LICENSE"
    }

    assert there == told
    assert all((folder / "LICENSE").exists() for folder in VENDOR.iterdir() if folder.is_dir())


@pytest.mark.parametrize(
    ("query", "caching"),
    [("", "no-cache"), ("?v=0", "no-cache"), ("{v}", "public, max-age=31536000, immutable")],
)
def test_only_an_address_of_the_file_as_it_is_never_changes(reader, query, caching):
    current = re.search(r"sitrep\.css(\?v=[0-9a-f]+)", reader.get("/").text)[1]

    answer = reader.get(f"/static/sitrep.css{query.format(v=current)}", buffered=True)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == caching
