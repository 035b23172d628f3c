"""What the site has beside docs/: its first page, the reference made from the code, the decisions.

Called by MkDocs (mkdocs.yml); each page is made anew at every build, so that it cannot be wrong.
"""

import re
from collections.abc import Callable
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from handbook.commands import commands
from handbook.decisions import decisions
from handbook.interface import interface
from handbook.quantities import quantities

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAGES = ROOT / "service" / "web" / "static"
"""Whose style sheet the site shares."""

MADE: dict[str, Callable[[], str]] = {
    "reference/commands.md": commands,
    "reference/http.md": interface,
    "reference/quantities.md": quantities,
    "adr/index.md": decisions,
}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    files.append(File.generated(config, "index.md", content=_front()))
    for path, write in MADE.items():
        files.append(File.generated(config, path, content=write()))
    style = (PAGES / "sitrep.css").read_text("utf-8")
    files.append(File.generated(config, "sitrep.css", content=style))
    return files


def on_page_content(html: str, **_: object) -> str:
    """What is too wide for a screen can be moved by keys."""
    return html.replace("<pre>", '<pre tabindex="0">')


def _front() -> str:
    """README as it stands; its links into docs/ and out of it are another's there."""
    text = README.read_text("utf-8")
    text = re.sub(r"\]\(docs/adr/\)", "](adr/index.md)", text)
    text = re.sub(r"\]\(docs/([^)]+)\)", r"](\1)", text)
    return re.sub(r"\[([^\]]+)\]\(CHANGELOG\.md\)", r"`\1`", text)
