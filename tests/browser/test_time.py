"""Moving the page of an incident along its story, on either clock."""

import re
from statistics import median
from urllib.parse import parse_qs, urlsplit

import httpx
from playwright.sync_api import expect

from tests.web.reading import words_of

STORY = "/incidents/taji-rocket-attack-2020-03-11"
SLIDER = "section.time input[type=range]"
TEXT = """[...document.querySelectorAll("main > [data-part]")].map((part) => {
  const told = part.cloneNode(true);
  told.querySelectorAll(".map").forEach((map) => map.remove());
  return told.textContent.replace(/\\s+/g, " ").trim();
})"""
"""What the parts of a page say, but for what is drawn on a map."""


STEP = """(forward) => new Promise((done) => {
  const slider = document.querySelector("section.time input[type=range]");
  const began = performance.now();
  document.addEventListener(
    "sitrep:moment",
    () => requestAnimationFrame(() => setTimeout(() => done(performance.now() - began))),
    { once: true },
  );
  slider.value = slider.valueAsNumber + (forward ? 1 : -1);
  slider.dispatchEvent(new Event("input"));
})"""
"""Moves the slider by one and gives the milliseconds until the page shows it, painted."""


def opened(visit, address, **options):
    page = visit(address, **options)
    page.wait_for_selector("section.time:not([hidden])")
    return page


def test_each_step_shows_what_the_server_shows_at_that_moment(visit, taji, screen, keep):
    page = opened(visit, taji.url + STORY, viewport=screen)
    fresh = visit(taji.url + STORY, viewport=screen, java_script_enabled=False)

    seen = []
    for _ in range(8):
        page.evaluate(STEP, False)
        fresh.goto(page.url)
        seen.append((page.evaluate(TEXT), fresh.evaluate(TEXT), page.title() == fresh.title()))
    keep(page, "a-moment")

    assert all(moved == loaded and same_title for moved, loaded, same_title in seen)
    assert len({str(moved) for moved, _, _ in seen}) == 8


def test_a_step_takes_less_than_a_tenth_of_a_second(visit, taji):
    page = opened(visit, taji.url + STORY)

    steps = [page.evaluate(STEP, False) for _ in range(20)]
    back = [page.evaluate(STEP, True) for _ in range(20)]

    assert median(steps) < 100
    assert median(back) < 100


def test_the_slider_is_moved_by_keys_and_says_where_it_is(visit, taji):
    page = opened(visit, taji.url + STORY)
    slider = page.locator(SLIDER)

    slider.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**version=5*")

    assert page.locator("section.time output").inner_text().startswith("2 of 26.")
    assert "Iraqi Security Media Cell" in (slider.get_attribute("aria-valuetext") or "")
    assert page.evaluate("document.activeElement.type") == "range"


def test_the_other_clock_goes_from_publication_to_publication(visit, taji):
    page = opened(visit, taji.url + STORY)

    page.get_by_role("radio", name="as the world published it").check()
    page.evaluate(STEP, False)
    asked = parse_qs(urlsplit(page.url).query)

    assert asked.keys() == {"version", "published_until"}
    assert "as the world had published it by" in page.inner_text("main")


def test_what_is_on_screen_has_a_link_that_never_changes(visit, taji):
    page = opened(visit, f"{taji.url}{STORY}?published_until=2020-03-11T18:30:00Z")

    page.evaluate(STEP, False)
    link = page.get_by_text("Link to this moment").get_attribute("href")
    piece = httpx.get(f"{taji.url}{STORY}/situation?{urlsplit(link).query}")

    assert taji.url + link == page.url
    assert piece.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_moments_can_be_compared(visit, taji, keep):
    page = opened(visit, f"{taji.url}{STORY}?published_until=2020-03-11T17:00:00Z")

    page.get_by_role("button", name="Compare from here").click()
    page.wait_for_selector("#changes")
    page.evaluate(STEP, True)
    page.evaluate(STEP, True)
    changes = page.locator(".changes li").all_inner_texts()
    keep(page, "what-changed")

    assert any(told.startswith("Killed: 0 → at least 3 (GB, US).") for told in changes)
    assert "changed" in page.locator(".figures div").first.inner_text()


def test_the_story_plays_by_itself_until_somebody_stops_it(visit, taji):
    page = opened(visit, f"{taji.url}{STORY}?version=2")
    button = page.locator("[data-play]")

    button.click()
    expect(page.locator("section.time output")).to_have_text(re.compile("^3 of 26"))
    button.click()

    expect(button).to_have_text("Play")
    assert page.locator(SLIDER).input_value() in {"2", "3"}


def test_pages_can_be_read_step_by_step_without_scripts(visit, taji):
    page = visit(f"{taji.url}{STORY}?version=8", java_script_enabled=False)

    page.get_by_role("link", name="Earlier update").click()
    words = words_of(httpx.get(page.url))

    assert "as we had recorded it at version 7" in page.inner_text("main")
    assert not page.locator("section.time").is_visible()
    assert "What held" in words
