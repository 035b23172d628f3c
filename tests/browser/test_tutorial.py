"""The tutorial, followed by somebody who knows nothing but it: what it says to press is there, what
it says will show does, and its pictures are of just that (`pytest --pictures` takes them anew).
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.process.documents import ROOT, Typist, examples
from tests.process.serving import Server, free_port

DOCUMENT = ROOT / "docs" / "tutorial.md"
IMAGES = ROOT / "docs" / "images"
PRESSED = re.compile(r"\*\*([^*]+)\*\*")
SIZE = {"width": 1000, "height": 760}
CALM = {"viewport": SIZE, "color_scheme": "light", "locale": "en-GB", "timezone_id": "UTC"}


@pytest.fixture
def begun(tmp_path):
    """`sitrep run` on an empty folder: what it said, and somebody who types there."""
    database = f"sqlite:///{tmp_path / 'sitrep.db'}"
    server = Server(database, free_port(), "run")
    try:
        key = server.first_line()
        server.wait_until_ready()
        yield server.url, Typist(tmp_path, url=server.url, key=key, database=database), key
    finally:
        server.stop()


class Reader:
    """Does what the tutorial says, by the names that it gives, in bold, to what is on the page."""

    def __init__(self, page, picture):
        self.page, self.picture = page, picture
        self.found = set()

    def named(self, name):
        self.found.add(name)
        return name

    def press(self, name):
        words = re.compile(f"^{re.escape(self.named(name))}", re.IGNORECASE)
        role = self.page.get_by_role
        self.page.locator("main, header, dialog[open]").locator(
            role("link", name=words).or_(role("button", name=words)).or_(role("radio", name=words))
        ).locator("visible=true").first.click()

    def fill(self, name, text, within="main"):
        label = re.compile(f"^{re.escape(self.named(name))}( needed)?$")
        field = self.page.locator(within).get_by_label(label).first
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(label=text)
        else:
            field.fill(text)

    def sees(self, words, within="main"):
        expect(self.page.locator(within).first).to_contain_text(words)


@pytest.fixture
def picture(request):
    """A picture of the tutorial. It is there already, unless pictures are taken anew."""

    def pictured(page, name):
        file = IMAGES / f"{name}.png"
        if request.config.getoption("--pictures"):
            page.mouse.move(0, 0)
            page.screenshot(path=file)
        assert file.exists(), f"{file}: pytest --pictures"

    return pictured


def test_the_tutorial_leads_to_an_update_of_ones_own(begun, visit, picture):
    url, typist, key = begun
    text = DOCUMENT.read_text("utf-8")
    reader = Reader(visit(url, **CALM), picture)

    reads_what_holds(reader)
    goes_back(reader)
    asks_on_whose_word(reader)
    writes(reader, key)
    corrects(reader)

    assert set(PRESSED.findall(text)) == reader.found
    assert set(re.findall(r"images/([\w-]+)\.png", text)) == {one.stem for one in IMAGES.iterdir()}
    for example in examples(DOCUMENT):
        if example.commands != "make run\n":
            typist.follow(example)


def reads_what_holds(reader):
    reader.press("Rocket attack on Camp Taji, 11 March 2020")
    reader.page.wait_for_selector("section.time:not([hidden])")

    reader.sees("what the origins say fits together", ".figures")
    reader.sees("disputed", ".figures")
    reader.picture(reader.page, "tutorial-now")


def goes_back(reader):
    reader.press("as the world published it")
    reader.press("First")
    expect(figure(reader.page, "Killed")).to_have_text("0")
    reader.press("Compare from here")
    reader.named("▶")
    for _ in range(2):
        reader.page.get_by_role("button", name="To the next update").click()

    expect(figure(reader.page, "Killed")).to_have_text("at least 3")
    reader.sees("Killed: 0 → at least 3 (GB, US).", ".changes")
    reader.sees("18:30", ".time")
    reader.picture(reader.page, "tutorial-compared")
    address = reader.page.get_by_role("link", name=reader.named("Link to this moment"))
    assert "published_until=2020-03-11T18%3A30" in address.get_attribute("href")


def asks_on_whose_word(reader):
    reader.press("at least 3")
    reader.sees("overtaken by events", "dialog[open]")
    reader.sees("not yet told at the moment shown", "dialog[open]")
    reader.picture(reader.page, "tutorial-reasons")
    reader.page.get_by_role("button", name=reader.named("Close")).click()


def writes(reader, key):
    page = reader.page
    reader.press("Sign in")
    reader.fill("Your key", key)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/incidents/**")
    reader.press("Desk")
    page.wait_for_url("**/desk")
    reader.press("Open an incident")
    reader.fill("Title", "Fire at the harbour")
    reader.fill("Kind", "Accident")
    reader.fill("Address of the incident", "harbour-fire")
    source = page.get_by_role("group", name="Where it was read")
    source.get_by_label(reader.named("Name"), exact=True).fill("Harbour Radio")
    source.get_by_label("Kind", exact=True).select_option(label="Local")
    reader.fill("In a sentence", "Two hurt in a fire at the harbour, says the fire brigade.")
    reader.press("Casualties")
    reader.fill("What happened to them", "Injured")
    reader.fill("How many", "at least two")
    reader.sees("That is at least 2.")
    page.locator("summary", has_text=reader.named("On whose word")).click()
    origin = page.locator("details", has_text="On whose word")
    origin.get_by_label("Name", exact=True).fill("Fire brigade")
    origin.get_by_label("Kind", exact=True).select_option(label="Official")
    page.get_by_label("How many").scroll_into_view_if_needed()
    reader.picture(page, "tutorial-form")
    reader.press("Preview")
    reader.sees("Injured: none reported → at least 2.")
    reader.picture(page, "tutorial-preview")
    reader.press("Open the incident")
    page.wait_for_url("**/incidents/harbour-fire**")
    expect(figure(page, "Injured")).to_have_text("at least 2")


def corrects(reader):
    page = reader.page
    reader.press("events 1 to 2")
    reader.press("Correct")
    reader.fill("How many", "3")
    reader.press("Preview")
    reader.press("Post")
    page.wait_for_url("**/incidents/harbour-fire**")
    expect(figure(page, "Injured")).to_have_text("3")
    reader.sees("corrects", "[aria-labelledby=acts]")
    reader.picture(page, "tutorial-corrected")


def figure(page, name):
    return page.locator(".figures > div").filter(has=page.locator("dt", has_text=name)).locator("b")


def test_every_picture_is_of_something_told(request):
    told = "".join(one.read_text("utf-8") for one in Path(ROOT / "docs").rglob("*.md"))

    assert [one.name for one in IMAGES.iterdir() if f"images/{one.name}" not in told] == []
