"""The evening of 11 March 2020 as somebody at the desk lives it, and a reader elsewhere sees it."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_time import STEP, STORY

HALF_PAST_SIX = "?published_until=2020-03-11T18:30:00Z"


def test_the_evening_of_11_march_2020(told_anew, visit, screen, keep):
    elsewhere = visit(told_anew.url + STORY, viewport=PHONE, color_scheme="dark")
    page = visit(told_anew.url, viewport=screen)

    open_the_story(page, keep)
    go_back_to_half_past_six(page, told_anew, keep)
    compare_before_and_after(page, keep)
    look_behind_a_figure(page, keep)
    sign_in(page, told_anew)
    post_an_update(page, keep)
    see_it_elsewhere(elsewhere, keep)
    correct_it(page)
    see_the_correction(page, elsewhere, keep)


def open_the_story(page, keep):
    page.get_by_role("link", name="Rocket attack on Camp Taji, 11 March 2020").click()
    page.wait_for_selector("section.time:not([hidden])")

    expect(figure(page, "Killed")).to_contain_text("3")
    keep(page, "evening-1-now")


def go_back_to_half_past_six(page, site, keep):
    page.goto(f"{site.url}{STORY}{HALF_PAST_SIX}")
    page.wait_for_selector("section.time:not([hidden])")
    expect(figure(page, "Killed")).to_contain_text("at least 3")
    expect(figure(page, "Killed")).to_contain_text("one origin only")
    expect(figure(page, "Responsibility")).to_contain_text("unclaimed")

    for _ in range(2):
        page.evaluate(STEP, False)

    expect(figure(page, "Killed").locator("b")).to_have_text("0")
    keep(page, "evening-2-before")


def compare_before_and_after(page, keep):
    page.get_by_role("button", name="Compare from here").click()
    for _ in range(2):
        page.evaluate(STEP, True)

    expect(page.locator(".changes")).to_contain_text("Killed: 0 → at least 3 (GB, US).")
    expect(figure(page, "Killed")).to_contain_text("changed")
    keep(page, "evening-3-compared")


def look_behind_a_figure(page, keep):
    figure(page, "Killed").get_by_role("link", name="at least 3").click()
    reasons = page.locator("dialog[open]")

    expect(reasons).to_contain_text("Fox News (Jennifer Griffin)")
    expect(reasons).to_contain_text("Killed: 2 (US)")
    keep(page, "evening-4-explained")
    page.keyboard.press("Escape")


def sign_in(page, site):
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Your key").fill(site.key)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/incidents/**")


def post_an_update(page, keep):
    page.goto(page.url.partition("?")[0])
    page.get_by_role("link", name="Add an update").click()
    page.locator("#f-publisher-name").fill("Night Desk Radio")
    page.locator("#f-publisher-kind").select_option("local")
    page.locator("#f-summary").fill("A fourth has died, says a hospital.")
    page.get_by_role("button", name="Casualties", exact=True).click()
    page.locator("#f-reports-0-harm").select_option("killed")
    page.locator("#f-reports-0-quantity").fill("at least four")
    expect(page.locator("#f-reports-0-quantity-read")).to_have_text("That is at least 4.")
    keep(page, "evening-5-typed")

    page.get_by_role("button", name="Preview").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Before you post")
    expect(page.locator("[aria-labelledby=changes] li").first).to_contain_text("Killed: 3 →")
    keep(page, "evening-6-preview")
    page.get_by_role("button", name="Post").click()
    page.wait_for_url("**/incidents/**")

    expect(figure(page, "Killed").locator("b")).to_have_text("at least 4")


def see_it_elsewhere(elsewhere, keep):
    """Its reader is told, and sees it when that reader wants to."""
    news = elsewhere.locator(".news")
    expect(news).to_contain_text("1 new update has been recorded.")
    expect(figure(elsewhere, "Killed").locator("b")).to_have_text("3")
    keep(elsewhere, "evening-7-elsewhere")

    news.get_by_role("link", name="Show").click()

    expect(figure(elsewhere, "Killed").locator("b")).to_have_text("at least 4")
    expect(elsewhere.locator(".looked")).to_contain_text("1 update since you last looked")


def correct_it(page):
    page.locator(".updates a.because").first.click()
    page.get_by_role("link", name=re.compile("Correct")).first.click()
    page.locator("#f-reports-0-replacement-quantity").fill("3")
    page.locator("#f-reports-0-note").fill("The hospital had counted one twice.")
    page.get_by_role("button", name="Preview").first.click()
    page.get_by_role("button", name=re.compile("Post")).click()
    page.wait_for_url("**/incidents/**")


def see_the_correction(page, elsewhere, keep):
    acts = "[aria-labelledby=acts]"
    expect(page.locator(acts)).to_contain_text("The hospital had counted one twice.")
    expect(figure(page, "Killed").locator("b")).to_have_text("3")
    keep(page, "evening-8-corrected", whole=True)

    expect(elsewhere.locator(".news")).to_contain_text("1 new update has been recorded.")
    elsewhere.locator(".news").get_by_role("link", name="Show").click()

    expect(elsewhere.locator(acts)).to_contain_text("The hospital had counted one twice.")


def figure(page, name):
    return page.locator(".figures > div").filter(has=page.locator("dt", has_text=name)).first
