"""Which browser pages are opened in."""

from pathlib import Path

from checks.browser import CHOSEN, NAMES, found


def test_the_browser_that_is_named_is_the_one(monkeypatch):
    monkeypatch.setenv(CHOSEN, "/opt/another/chromium")

    assert found() == Path("/opt/another/chromium")


def test_the_system_s_browser_comes_before_playwright_s_own(monkeypatch, tmp_path):
    monkeypatch.delenv(CHOSEN, raising=False)
    for name in reversed(NAMES):
        (tmp_path / name).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert found() == tmp_path / "chromium"
