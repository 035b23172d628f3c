"""The site of docs/: built without a warning, and true because it is made from the code."""

import re
import sys
from html import unescape
from subprocess import run

import pytest

from service.domain.quantity import LEXICON


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    built = run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return folder


def words_of(page):
    return " ".join(unescape(re.sub("<[^>]*>", " ", page.read_text("utf-8"))).split())


def test_every_page_leads_only_to_pages_that_there_are(site):
    pages = sorted(site.rglob("*.html"))

    for page in pages:
        for link in re.findall(r'(?:href|src)="([^"#?:]+)(?:[#?][^"]*)?"', page.read_text("utf-8")):
            assert (page.parent / link).resolve().exists(), f"{page.name}: {link}"
    assert len(pages) > 30


def test_nothing_on_the_site_is_asked_of_another_server(site):
    for page in site.rglob("*.html"):
        text = page.read_text("utf-8")
        assert not re.search(r'<(script|link|img|iframe)[^>]*(src|href)="(https?:)?//', text), page


def test_only_the_page_that_searches_runs_scripts(site):
    running = {page.name for page in site.rglob("*.html") if "<script" in page.read_text("utf-8")}

    assert running == {"search.html"}


def test_the_reference_has_every_command_operation_and_word(site):
    commands = words_of(site / "reference" / "commands.html")
    interface = words_of(site / "reference" / "http.html")
    quantities = words_of(site / "reference" / "quantities.html")

    assert "sitrep key add" in commands
    assert "--published-until" in commands
    assert "GET /v1/incidents/{incident}/explain" in interface
    assert "POST /v1/incidents/{incident}/updates" in interface
    for phrase in LEXICON["phrases"]:
        assert all(words in quantities for words in phrase["words"])
    assert "about 12 11 to 14" not in quantities
    assert "about 12 10 to 14 12" in quantities


def test_what_is_sought_is_found_in_the_index(site):
    assert "adjudication" in (site / "search" / "search_index.json").read_text("utf-8")
