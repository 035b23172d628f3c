"""Times as the reader wants them, and what came since the reader last looked."""

import httpx
from playwright.sync_api import expect

from tests.browser.test_live import TAJI, injured, post

STORY = f"/incidents/{TAJI}"


def test_times_are_told_in_utc_in_the_readers_zone_and_in_the_places(visit, taji):
    page = visit(f"{taji.url}{STORY}?version=8", timezone_id="America/New_York", locale="en-GB")
    choice = page.get_by_label("Times")
    published = page.locator(".updates time").first

    seen = [published.inner_text()]
    for option in ("in your zone", "in Baghdad"):
        choice.select_option(label=option)
        seen.append(published.inner_text())

    assert seen == [
        "11 March 2020, 18:30 UTC",
        "11 March 2020, 14:30 GMT-4",
        "11 March 2020, 21:30 GMT+3",
    ]


def test_the_choice_holds_on_other_pages_and_moments(visit, taji):
    page = visit(taji.url + STORY, timezone_id="America/New_York")
    page.get_by_label("Times").select_option(label="in your zone")

    page.goto(f"{taji.url}{STORY}?version=90")
    page.get_by_role("button", name="To the update before").click()

    expect(page.locator("section.time output time")).to_contain_text("GMT-")
    expect(page.locator("[data-part=head] time")).to_contain_text("GMT-")


def test_whoever_comes_back_is_told_how_much_is_new(told_anew, visit, keep):
    page = visit(told_anew.url + STORY)
    page.wait_for_selector("section.time:not([hidden])")
    first = page.locator(".looked").is_visible()
    post(told_anew, f"/{TAJI}/updates", **injured("at least 20"))

    page.goto(told_anew.url)
    page.goto(told_anew.url + STORY)
    expect(page.locator(".looked")).to_contain_text("1 update since you last looked")
    page.reload()
    expect(page.locator(".looked")).to_contain_text("1 update since you last looked")
    keep(page, "since-you-last-looked")
    page.get_by_role("link", name="What changed since").first.click()

    assert not first
    assert "Injured: " in page.locator(".changes").inner_text()
    assert httpx.get(page.url).status_code == 200
