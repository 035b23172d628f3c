"""Whoever reads a page is told that something new came in, and is not disturbed by it."""

import httpx
from playwright.sync_api import expect

TAJI = "taji-rocket-attack-2020-03-11"
STORY = f"/incidents/{TAJI}"
WHERE = "document.querySelector('.columns').getBoundingClientRect().top"


def post(site, path, **body):
    key = {"Authorization": f"Bearer {site.key}"}
    posted = httpx.post(f"{site.url}/v1/incidents{path}", json=body, headers=key)
    assert posted.status_code == 201, posted.text


def injured(quantity):
    publisher = {"key": "desk", "kind": "desk"}
    reports = [
        {"type": "casualties", "harm": "injured", "quantity": quantity},
        {"type": "status", "status": "developing"},
    ]
    return {"publisher": publisher, "reports": reports}


def test_a_page_tells_of_new_updates_and_moves_nothing(told_anew, visit, keep):
    page = visit(told_anew.url + STORY)
    page.wait_for_selector("svg.chart")
    page.evaluate("scrollTo(0, 500)")
    before = page.evaluate(WHERE)

    post(told_anew, f"/{TAJI}/updates", **injured("at least 20"))
    expect(page.locator(".news")).to_have_text("1 new update has been recorded. Show")
    post(told_anew, f"/{TAJI}/updates", **injured("at least 21"))
    expect(page.locator(".news")).to_have_text("2 new updates have been recorded. Show")
    keep(page, "something-new")
    after = page.evaluate(WHERE)
    shown = page.locator(".figures div").nth(1).inner_text()
    page.locator(".news a").click()

    assert before == after
    assert "at least 21" not in shown
    assert "at least 21" in page.locator(".figures div").nth(1).inner_text()


def test_the_front_page_tells_of_new_incidents(told_anew, visit):
    page = visit(told_anew.url)

    post(told_anew, "", title="Fire at the harbour", kind="disaster", **injured("2"))
    expect(page.locator(".news")).to_have_text("1 new update has been recorded. Show")
    page.locator(".news a").click()

    expect(page.locator(".incidents h2").first).to_have_text("Fire at the harbour")
