"""Maps without anybody else's servers."""

from urllib.parse import parse_qs, urlsplit

import httpx
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


def test_places_are_drawn_as_precisely_as_they_are_known(visit, told_anew, keep):
    precisions = ["exact", "facility", "vicinity", "locality", "city", "adm2", "adm1", "country"]
    area = [[[10.0, 53.5], [10.1, 53.5], [10.1, 53.6], [10.0, 53.5]]]
    places = [
        {"type": "Point", "coordinates": [9.98 + number / 50, 53.54]}
        for number, _ in enumerate(precisions)
    ]
    told = [
        {
            "type": "location",
            "role": "target",
            "name": precision,
            "geometry": place,
            "precision": precision,
            "origin": {"key": precision, "kind": "press", "named": True},
        }
        for place, precision in zip(
            [*places, {"type": "Polygon", "coordinates": area}], [*precisions, "city"], strict=True
        )
    ]
    told[-1]["origin"] = {"key": "fire-brigade", "kind": "official", "named": True}
    answer = httpx.post(
        f"{told_anew.url}/v1/incidents",
        json={
            "incident": "fire",
            "title": "Fire",
            "kind": "accident",
            "publisher": {"key": "desk", "kind": "desk"},
            "reports": told,
        },
        headers={"Authorization": f"Bearer {told_anew.key}"},
    )
    assert answer.status_code == 201, answer.text

    page = visit(f"{told_anew.url}/incidents/fire")
    page.locator(".map").scroll_into_view_if_needed()

    expect(page.locator(".sign-target")).to_have_count(8)
    expect(page.locator(".map path.about")).to_have_count(6)
    expect(page.locator(".map path.place")).to_have_count(1)
    expect(page.locator(".leaflet-tooltip.country").filter(has_text="Germany")).to_have_count(1)
    keep(page, "places-by-precision")
