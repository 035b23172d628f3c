"""Real pages in a real Chromium, from a really served Sitrep with the story of Taji."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from checks.browser import found
from tests.postgres import fresh_database
from tests.process.serving import Server, free_port

KEPT = Path(__file__).parents[2] / "build" / "screenshots"
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


class Site(NamedTuple):
    """A served Sitrep, and a key that may write there."""

    url: str
    key: str


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser of this machine. Without one the run fails. It is closed before tests of another
    package: while it is open, nothing else on this thread can run an event loop.
    """
    there = found()
    if there is None:
        pytest.fail("there is no Chromium here: python -m checks.browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=there, args=QUIET)
        yield browser
        browser.close()


def told_on(database: str) -> Iterator[Site]:
    server = Server(database, free_port(), "run")
    try:
        key = server.first_line()
        server.wait_until_ready()
        yield Site(server.url, key)
    finally:
        server.stop()


@pytest.fixture(scope="session")
def taji(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The story of Taji, as `sitrep run` serves it. For readers: no test adds to it."""
    yield from told_on(f"sqlite:///{tmp_path_factory.mktemp('taji') / 'sitrep.db'}")


@pytest.fixture
def told_anew(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """The same on each engine in turn, for one test to write to."""
    if engine_name == "sqlite":
        yield from told_on(f"sqlite:///{tmp_path / 'sitrep.db'}")
        return
    with fresh_database(request.getfixturevalue("postgres_server")) as url:
        yield from told_on(url)


@pytest.fixture(params=["desktop", "phone"])
def screen(request: pytest.FixtureRequest) -> dict[str, int]:
    return DESKTOP if request.param == "desktop" else PHONE


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens an address in a browser of its own. Whatever its console says of trouble fails the
    test, but for what is expected.
    """
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def visited(address: str, expected: Sequence[str] = (), **options: object) -> Page:
        def heard(said: ConsoleMessage) -> None:
            is_expected = any(words in said.text for words in expected)
            if said.type in {"error", "warning"} and not is_expected:
                wrong.append(said.text)

        context = chromium.new_context(**{"viewport": DESKTOP, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", heard)
        page.goto(address)
        return page

    yield visited
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def keep(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Keeps a picture of a page to look at, named for its test."""

    def kept(page: Page, name: str, *, whole: bool = False) -> None:
        KEPT.mkdir(parents=True, exist_ok=True)
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=KEPT / f"{name}-{width}.png", full_page=whole)

    return kept
