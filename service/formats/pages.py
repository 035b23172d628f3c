"""An HTML page as a reader sees it: its text, and what its head says of it."""

from html.parser import HTMLParser
from typing import NamedTuple

from service.errors import Malformed

UNSEEN = {"script", "style", "template", "noscript"}
APART = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article"}
"""Elements that begin and end a line."""


class Page(NamedTuple):
    title: str | None
    text: str | None
    meta: dict[str, str]
    canonical: str | None


def read_page(html: str) -> Page:
    """Raises Malformed where it cannot be read at all; a browser reads nearly everything."""
    reader = _Reader()
    try:
        reader.feed(html)
        reader.close()
    except AssertionError as broken:  # what html.parser says of some declarations
        raise Malformed(f"the HTML cannot be read: {broken}") from broken
    title = reader.meta.get("og:title") or " ".join("".join(reader.title).split())
    return Page(title or None, reader.text(), reader.meta, reader.canonical)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title: list[str] = []
        self.meta: dict[str, str] = {}
        self.canonical: str | None = None
        self._pieces: list[str] = []
        self._unseen = 0
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        self._unseen += tag in UNSEEN
        self._in_title = tag == "title" and not self.title
        if tag in APART:
            self._pieces.append("\n")
        if tag == "meta":
            name = held.get("property") or held.get("name", "")
            self.meta.setdefault(name, held.get("content", ""))
        if tag == "link" and held.get("rel") == "canonical":
            self.canonical = held.get("href")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in UNSEEN))
        self._in_title = False
        if tag in APART:
            self._pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title.append(data)
        elif not self._unseen:
            self._pieces.append(data)

    def text(self) -> str | None:
        lines = (" ".join(line.split()) for line in "".join(self._pieces).split("\n"))
        return "\n".join(line for line in lines if line) or None
