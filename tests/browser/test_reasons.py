"""From a figure to the reports behind it."""

STORY = "/incidents/taji-rocket-attack-2020-03-11"


def test_a_figure_opens_to_its_reports_over_the_page(visit, taji, screen, keep):
    page = visit(taji.url + STORY, viewport=screen)
    figure = page.locator(".figures a.why").first

    figure.click()
    dialog = page.locator("dialog[open]")
    dialog.wait_for()
    keep(page, "the-reports-behind-a-figure")
    told = dialog.inner_text()
    page.keyboard.press("Escape")

    assert told.startswith("Close")
    assert "Killed: 3" in told
    assert "Killed: at least 2 (US military)" in told
    assert "at least two" in told
    assert "passed on by The Drive (The War Zone)" in told
    assert not page.locator("dialog[open]").is_visible()
    assert page.evaluate("document.activeElement.className") == "why"
    assert page.url == taji.url + STORY


def test_the_same_is_a_page_of_its_own_without_scripts(visit, taji):
    page = visit(taji.url + STORY, java_script_enabled=False)

    page.locator(".figures a.why").first.click()

    assert page.locator("h1").inner_text() == "Killed: 3"
    assert page.locator("h2").all_inner_texts() == ["What stands behind it", "What fell"]


def test_a_report_tells_what_became_of_it(visit, taji):
    page = visit(f"{taji.url}{STORY}/reports/3")

    chosen = page.locator(".chosen").inner_text()

    assert page.locator("h1").inner_text() == "Iraqi Security Media Cell"
    assert chosen.startswith("Killed: 0")
    assert "retracted" in chosen
