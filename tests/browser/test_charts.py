"""The toll over time, to look at and to keep."""

import csv
from io import StringIO
from xml.etree import ElementTree

import httpx
from playwright.sync_api import expect

TAJI = "taji-rocket-attack-2020-03-11"
STORY = f"/incidents/{TAJI}"
SVG = "{http://www.w3.org/2000/svg}"


def test_a_chart_stands_on_the_page_and_follows_the_moment(visit, taji, screen, keep):
    page = visit(f"{taji.url}{STORY}?published_until=2020-03-12T08:00:00Z", viewport=screen)
    chart = page.locator("svg.chart")
    chart.wait_for()

    page.get_by_role("button", name="To the update before").click()
    expect(page.locator("svg.chart .cursor")).to_have_attribute("visibility", "visible")
    chart.scroll_into_view_if_needed()
    keep(page, "a-chart")
    lines = page.locator("svg.chart > path.origin")
    dashed = lines.evaluate_all("(all) => all.map((one) => one.getAttribute('stroke-dasharray'))")

    assert chart.get_attribute("role") == "img"
    assert "From 11 March 2020, 18:30 UTC: at least 3." in chart.locator("desc").text_content()
    assert chart.locator(".mark").count() == 1
    assert len(set(dashed)) == 5


def test_another_figure_is_drawn_in_its_place(visit, taji):
    page = visit(taji.url + STORY)
    page.locator("svg.chart").wait_for()

    page.get_by_label("Figure").select_option("casualties.injured")
    page.get_by_role("button", name="Draw").click()

    expect(page.locator("svg.chart title").first).to_contain_text("Injured: ")
    assert page.url == taji.url + STORY


def test_a_chart_can_be_kept_as_a_drawing_an_image_and_numbers(visit, taji, tmp_path):
    page = visit(f"{taji.url}{STORY}/chart?figure=casualties.injured")
    kept = {}
    for kind in ("SVG", "PNG", "CSV"):
        role = "button" if kind == "PNG" else "link"
        with page.expect_download() as coming:
            page.get_by_role(role, name=kind, exact=True).click()
        kept[kind] = tmp_path / coming.value.suggested_filename
        coming.value.save_as(kept[kind])
    series = httpx.get(
        f"{taji.url}/v1/incidents/{TAJI}/series",
        params={"figure": "casualties.injured", "axis": "published"},
    ).json()

    drawing = ElementTree.fromstring(kept["SVG"].read_text())  # noqa: S314 - it is our own
    rows = list(csv.DictReader(StringIO(kept["CSV"].read_text())))

    assert drawing.tag == f"{SVG}svg"
    assert len(drawing.findall(f"{SVG}path[@class]")) > 5
    assert kept["PNG"].read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert [(row["at"], row["low"]) for row in rows if not row["origin"]] == [
        (step["at"], str(step["low"])) for step in series["steps"]
    ]


def test_without_scripts_the_chart_is_a_picture(visit, taji):
    page = visit(taji.url + STORY, java_script_enabled=False)

    picture = page.locator(".charted img")

    assert picture.evaluate("(image) => image.complete && image.naturalWidth") == 760
