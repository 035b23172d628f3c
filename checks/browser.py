"""`python -m checks.browser`: sees to it that there is a Chromium in which tests can open pages."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from playwright.sync_api import sync_playwright

CHOSEN = "SITREP_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PACKAGES = ("chromium", "fonts-dejavu-core")
"""Debian's; the font has Latin and Arabic letters, and a machine without a screen may have none."""

SECONDS = 600


@click.command()
def main() -> None:
    if found() is None:
        for command in _ways():
            click.echo(f"No Chromium here: {' '.join(command)}", err=True)
            subprocess.run(command, check=False, timeout=SECONDS, stdout=sys.stderr)
            if found() is not None:
                break
    if (browser := found()) is None:
        click.echo(f"Install Chromium, or name one that is there in {CHOSEN}.", err=True)
        sys.exit(1)
    click.echo(f"Pages are opened in {browser}", err=True)


def found() -> Path | None:
    """The browser that is named, the system's, or Playwright's own."""
    if named := os.environ.get(CHOSEN):
        return Path(named)
    for name in NAMES:
        if there := shutil.which(name):
            return Path(there)
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return own if own.exists() else None


def _ways() -> Iterator[tuple[str, ...]]:
    """Commands that may bring one, the system's packages first where we may install them."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        yield ("apt-get", "update", "-q")
        yield ("apt-get", "install", "-q", "-y", "--no-install-recommends", *PACKAGES)
    yield (sys.executable, "-m", "playwright", "install", "chromium")


if __name__ == "__main__":
    main()
