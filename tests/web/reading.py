"""Pages as they are read: by the eye, and by assistive technology."""

import re
from html.parser import HTMLParser
from typing import Any


class Outline(HTMLParser):
    """What assistive technology goes by: elements, headings, links, cells without a scope."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self.tags.append(tag)
        self.links += [held["href"] or ""] if "href" in held else []
        self.ids += [held["id"] or ""] if "id" in held else []
        assert tag != "th" or held["scope"] in {"col", "row"}
        assert tag != "time" or held["datetime"]
        if tag not in {"meta", "link", "input", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def words_of(answer: Any) -> str:
    """The text that a reader sees, its blanks tidied."""
    seen = re.sub('<script type="application/ld\\+json">.*?</script>', "", answer.text)
    within_a_line = re.sub("</?(a|b|bdi|code|small|span|time)( [^>]*)?>", "", seen)
    return " ".join(re.sub("<[^>]*>", " ", within_a_line).split())
