"""Maps without anybody else's servers."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

STORY = "/incidents/taji-rocket-attack-2020-03-11"


def test_the_front_page_shows_where_and_leads_there(visit, taji, keep):
    asked = []
    page = visit("about:blank")
    page.on("request", lambda request: asked.append(request.url))

    page.goto(taji.url)
    page.locator("[data-shown]").wait_for()
    keep(page, "front-map")
    page.locator(".incidents-here").first.click(force=True)
    page.locator(".leaflet-popup a[href*=taji]").click()

    expect(page.locator("h1")).to_have_text("Rocket attack on Camp Taji, 11 March 2020")
    assert all(urlsplit(url).netloc == urlsplit(taji.url).netloc for url in asked)


def test_the_list_can_be_kept_to_what_the_map_shows(visit, taji):
    page = visit(taji.url)
    page.locator("[data-shown]").wait_for()

    page.get_by_role("link", name="Only what happened inside this view").click()

    west, south, east, north = map(float, parse_qs(urlsplit(page.url).query)["bbox"][0].split(","))
    assert west < 44.26 < east
    assert south < 33.52 < north
    assert page.locator(".incidents > li").count() == 1


OFF_THE_POINT = """() => {
  const sign = document.querySelector(".sign");
  const drawn = document.createRange();
  drawn.selectNodeContents(sign);
  const [box, glyph] = [sign, drawn].map((one) => one.getBoundingClientRect());
  return Math.abs(box.left + box.width / 2 - glyph.left - glyph.width / 2);
}"""
"""How far the sign is drawn from where the place lies, in pixels."""


def test_a_page_shows_its_places_and_forgets_them_before_they_were_told(visit, taji, keep):
    page = visit(taji.url + STORY)
    page.locator(".map").scroll_into_view_if_needed()
    expect(page.locator(".sign-target")).to_have_count(1)
    keep(page, "a-place")
    assert page.evaluate(OFF_THE_POINT) < 1

    page.get_by_role("button", name="First").click()

    expect(page.locator(".sign-target")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("The place has not been reported.")


def test_borders_become_sharper_where_one_looks_nearer(visit, taji):
    page = visit(taji.url + STORY)
    page.locator(".map").scroll_into_view_if_needed()
    expect(page.locator(".sign-target")).to_have_count(1)

    with page.expect_response("**/countries-50m.json*") as fine:
        page.get_by_role("button", name="Zoom in").click()

    assert fine.value.status == 200


def test_a_map_speaks_the_language_of_its_page(visit, taji, keep):
    page = visit(taji.url + STORY, locale="ar-IQ")
    page.locator(".map").scroll_into_view_if_needed()
    sign = page.locator(".sign-target")
    expect(sign).to_have_count(1)

    sign.click(force=True)
    keep(page, "arabic-map")

    expect(page.locator(".leaflet-tooltip.country").filter(has_text="العراق")).to_have_count(1)
    expect(page.get_by_role("button", name="إغلاق", exact=True)).to_have_count(1)
