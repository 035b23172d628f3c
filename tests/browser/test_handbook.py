"""The site of docs/ in a browser."""

import sys
from subprocess import run

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.over_http import files_over_http


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(folder)]
    run(build, check=True)
    with files_over_http(folder) as address:
        yield address


def test_a_word_is_found_and_leads_to_its_page(site, visit, keep):
    page = visit(f"{site}/index.html")

    page.get_by_label("Search").fill("adjudication")
    page.keyboard.press("Enter")
    found = page.locator("#mkdocs-search-results article h3 a").first
    expect(found).to_be_visible()
    keep(page, "handbook-search")
    found.click()

    expect(page.locator("main")).to_contain_text("adjudication")


@pytest.mark.parametrize("name", ["index", "pages", "reports", "reference/commands", "adr/index"])
def test_axe_finds_no_violation_on_the_site(site, visit, name):
    page = visit(f"{site}/{name}.html")

    found = Axe().run(page, options={"resultTypes": ["violations"]})

    assert found.violations_count == 0, found.generate_report()
