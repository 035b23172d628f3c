"""The pages in a language that is written from right to left."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.test_access import LOOKS, PAGES, RULES, STORY
from tests.browser.test_desk import FORM

ARABIC = {"locale": "ar-IQ"}
UNCOLOURED = {"rules": {"color-contrast": {"enabled": False}}}
"""Colours are those of the pages in English, and looking at them takes axe the longest."""

LATIN_OUTSIDE_DATA = """() => {
  const outside = [];
  const written = /[\\u2066\\u2068][^\\u2069]*\\u2069/g;
  const ours = /GeoJSON|JSON|CSV|UCDP|ACLED|Atom|LD|CAP|Sitrep|HTTP/g;
  const skipped =
    "bdi, code, pre, script, style, svg, .map, .downloads, [dir=auto], [lang]:not(html)";
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    if (parentElement.closest(skipped)) continue;
    const told = data.replace(written, "").replace(ours, "");
    if (/[A-Za-z]{2}/.test(told)) outside.push(told.trim());
  }
  return outside;
}"""
"""What is read in Latin letters where nobody is known to have written it."""


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_no_violation_from_right_to_left(visit, taji, keep, look):
    page = visit(f"{taji.url}/desk/sign-in", **LOOKS[look], **ARABIC)
    page.locator("#key").fill(taji.key)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk")

    for name in ("front", "incident", "desk"):
        page.goto(taji.url + (f"{FORM}?type=casualties" if name == "desk" else PAGES[name]))
        page.wait_for_load_state("networkidle")
        keep(page, f"arabic-{name}-{look}", whole=True)

        assert page.evaluate("document.documentElement.dir") == "rtl"
        assert page.evaluate(LATIN_OUTSIDE_DATA) == []
        found = Axe().run(page, options=RULES | UNCOLOURED)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_story_is_moved_through_from_right_to_left(visit, taji):
    page = visit(taji.url + STORY, **ARABIC)
    slider = page.locator("section.time input[type=range]")
    said = page.locator("section.time output")
    expect(said).to_contain_text("26 من 26.")

    slider.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**version=5*")
    expect(said).to_have_text(
        re.compile(r"^2 من 26\. .* 2026، \d\d:\d\d(:\d\d)? بالتوقيت العالمي: ")
    )
    page.get_by_role("button", name="إلى التحديث التالي").click()

    expect(said).to_contain_text("3 من 26.")
    assert page.evaluate("getComputedStyle(document.querySelector('svg.chart')).direction") == "ltr"
    before, after = (page.locator(f"[data-step='{step}']").bounding_box() for step in ("-1", "1"))
    assert before["x"] > after["x"]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_reader_chooses_a_language_and_stays_on_the_page(visit, taji, scripts):
    page = visit(f"{taji.url}{STORY}?version=8", java_script_enabled=scripts)

    page.get_by_role("button", name="العربية").click()
    expect(page.get_by_role("heading", name="ما كنا نعرفه")).to_be_visible()
    there = page.url
    page.goto(taji.url)
    expect(page.get_by_role("heading", name="الحوادث")).to_be_visible()
    page.get_by_role("button", name="English").click()

    expect(page.get_by_role("heading", name="Incidents")).to_be_visible()
    assert there == f"{taji.url}{STORY}?version=8"


def test_what_scripts_count_takes_the_form_of_its_number(visit, taji):
    page = visit(taji.url, **ARABIC)

    told = page.evaluate(
        """async (many) => {
          const { count } = await import("/static/texts.js");
          return [1, 2, 5, 11].map((number) => count("", many, number));
        }""",
        "%(num)s new updates have been recorded.",
    )

    assert told == [
        "سُجّل تحديث جديد واحد.",
        "سُجّل تحديثان جديدان.",
        "سُجّلت 5 تحديثات جديدة.",
        "سُجّل 11 تحديثا جديدا.",
    ]
