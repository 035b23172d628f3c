"""How heavy a first visit is, and how soon a page can be used."""

import gzip

STORY = "/incidents/taji-rocket-attack-2020-03-11"
USABLE = "section.time:not([hidden])"
VISITS = 5


def test_a_first_visit_is_light(visit, taji):
    page, answers = visit("about:blank"), []

    def answered(answer):
        answers.append(answer)

    page.on("response", answered)
    page.goto(taji.url + STORY)
    page.wait_for_selector(USABLE)
    page.wait_for_load_state("networkidle")
    ahead = ("/situation?", "/events?")
    told = [answer for answer in answers if not any(part in answer.url for part in ahead)]
    weight = sum(len(gzip.compress(answer.body())) for answer in told)

    assert len(told) > 5
    assert weight < 150_000


def test_a_page_is_soon_usable(visit, taji):
    """The quickest of some first visits: what else the machine does is not the page's doing."""
    usable = []
    for _ in range(VISITS):
        page = visit(taji.url + STORY)
        page.wait_for_selector(USABLE)
        usable.append(page.evaluate("performance.getEntriesByName('sitrep:usable')[0].startTime"))

    assert min(usable) < 1_000
