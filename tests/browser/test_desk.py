"""The desk in a real browser: with the keyboard alone, on a phone, with scripts and without."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.test_access import LOOKS, RULES

FORM = "/desk/incidents/taji-rocket-attack-2020-03-11/update"
UNREADABLE = ["the server responded with a status of 422"]


@pytest.fixture
def sit_down(visit: Callable[..., Page]) -> Callable[..., Page]:
    """Signs in, and opens a page of the desk."""

    def seated(site: Site, path: str, expected: list[str] | None = None, **look: object) -> Page:
        page = visit(f"{site.url}/desk/sign-in", expected or [], **look)
        expect(page.locator("#key")).to_be_focused()
        page.keyboard.insert_text(site.key)
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk")
        page.goto(site.url + path)
        return page

    return seated


def type_casualties(page: Page, quantity: str = "about a dozen") -> None:
    page.get_by_role("button", name="Casualties", exact=True).click()
    page.locator("#f-publisher-name").fill("Reuters")
    page.locator("#f-publisher-kind").select_option("agency")
    page.locator("#f-reports-0-harm").select_option("missing")
    page.locator("#f-reports-0-quantity").fill(quantity)


def is_accessible(page: Page) -> None:
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_no_violation_at_the_desk(taji, visit, sit_down, keep, look):
    is_accessible(visit(f"{taji.url}/desk/sign-in", **LOOKS[look]))
    page = sit_down(taji, "/desk", UNREADABLE, **LOOKS[look])
    is_accessible(page)
    page.goto(taji.url + FORM)

    type_casualties(page, "a baker's lot")
    expect(page.locator("#f-reports-0-quantity-read")).to_contain_text("Not understood")
    for details in page.locator("details").all():
        details.evaluate("one => { one.open = true }")
    is_accessible(page)
    page.get_by_role("button", name="Preview").first.click()
    expect(page.locator("#wrong")).to_be_focused()
    is_accessible(page)
    keep(page, f"desk-wrong-{look}", whole=True)
    page.locator("#f-reports-0-quantity").fill("about a dozen")
    expect(page.locator("#f-reports-0-quantity-read")).to_have_text("That is 10 to 14, best 12.")
    page.get_by_role("button", name="Preview").first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Before you post")
    is_accessible(page)
    keep(page, f"desk-preview-{look}", whole=True)


def test_what_is_wrong_leads_to_its_field(taji, sit_down):
    page = sit_down(taji, FORM, UNREADABLE)
    type_casualties(page, "a baker's lot")
    page.get_by_role("button", name="Preview").first.click()
    expect(page.locator("#wrong")).to_be_focused()

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("#f-reports-0-quantity")).to_be_focused()


def test_what_is_typed_is_kept_by_itself_and_there_after_a_closed_tab(taji, sit_down):
    page = sit_down(taji, FORM)
    page.locator("#f-summary").fill("Half a thought")
    expect(page.locator(".kept")).to_contain_text("Kept at")
    expect(page).to_have_url(re.compile("/desk/drafts/"))

    page.reload()
    expect(page.locator("#f-summary")).to_have_value("Half a thought")
    again = page.context.new_page()
    page.close()
    again.goto(f"{taji.url}/desk")
    again.get_by_role("link", name="Half a thought").click()

    expect(again.locator("#f-summary")).to_have_value("Half a thought")
    again.get_by_role("button", name="Discard").click()
    expect(again.get_by_text("Half a thought")).to_have_count(0)


def test_what_goes_only_with_other_is_asked_for_only_then(taji, sit_down):
    page = sit_down(taji, FORM)
    other = page.locator("#f-publisher-kind_other")
    expect(other).to_be_hidden()

    page.locator("#f-publisher-kind").select_option("other")

    expect(other).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_an_update_is_posted_with_the_keyboard_alone(told_anew, sit_down, scripts):
    page = sit_down(told_anew, FORM, java_script_enabled=scripts)

    for key, text in [("#f-publisher-name", "Reuters"), ("#f-summary", "A dozen are missing.")]:
        page.locator(key).focus()
        page.keyboard.insert_text(text)
    page.locator("#f-publisher-kind").select_option("agency")
    page.get_by_role("button", name="Casualties", exact=True).focus()
    page.keyboard.press("Enter")
    page.locator("#f-reports-0-harm").select_option("missing")
    page.locator("#f-reports-0-quantity").focus()
    page.keyboard.insert_text("about a dozen")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Before you post")
    expect(page.get_by_text("Missing: none reported → 10 to 14.")).to_be_visible()
    page.get_by_role("button", name="Post").focus()
    page.keyboard.press("Enter")

    page.wait_for_url("**/incidents/**")
    expect(page.get_by_text("A dozen are missing.").first).to_be_visible()
    page.goto(f"{told_anew.url}/desk")
    expect(page.get_by_text("Your drafts")).to_have_count(0)
