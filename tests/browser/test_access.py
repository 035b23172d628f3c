"""Every page for everybody: WCAG 2.2 AA as far as axe can tell, and nothing wider than a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESKTOP, PHONE

STORY = "/incidents/taji-rocket-attack-2020-03-11"
PAGES = {
    "front": "/",
    "searched": "/?q=rocket*&min_killed=2&sort=killed",
    "incident": STORY,
    "moment": f"{STORY}?version=46&since=21",
    "published": f"{STORY}?published_until=2020-03-11T18:30:00Z",
    "reasons": f"{STORY}/why?path=casualties.killed",
    "report": f"{STORY}/reports/8",
    "chart": f"{STORY}/chart?figure=casualties.injured",
    "updates": f"{STORY}/updates",
    "card": "/v1/incidents/taji-rocket-attack-2020-03-11/card",
    "problem": "/incidents/nowhere",
}
LOOKS = {
    "desktop": {"viewport": DESKTOP, "color_scheme": "light"},
    "phone": {"viewport": PHONE, "color_scheme": "dark"},
}
ALIKE = "document.querySelectorAll('main > :nth-child(n + 60)').forEach((e) => e.remove())"
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # All is looked at; what is well is not described.
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_violation(visit, taji, keep, name, look):
    expected = ["the server responded with a status of 404"] if name == "problem" else []
    page = visit(taji.url + PAGES[name], expected, **LOOKS[look])
    page.wait_for_load_state("networkidle")

    found = Axe().run(page, options=RULES)
    keep(page, f"{name}-{look}", whole=True)
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")

    assert found.violations_count == 0, found.generate_report()
    assert wider <= 0


def test_the_page_about_the_interface_has_no_violation(visit, taji):
    """Its thousands of cells are alike: for contrast, which axe paints, it looks at the first."""
    page = visit(f"{taji.url}/docs")
    cells = page.locator("td").count()

    whole = Axe().run(page, options={**RULES, "rules": {"color-contrast": {"enabled": False}}})
    page.evaluate(ALIKE)
    begun = Axe().run(page, options=RULES)

    assert cells > 1000
    assert whole.violations_count == 0, whole.generate_report()
    assert begun.violations_count == 0, begun.generate_report()
