"""Reading links as strictly as they are defined: RFC 8288 §3 for headers, RFC 6690 §2 for TimeMaps,
dates as RFC 7089 §2.1.1.1 has them. Anything else is a ValueError.
"""

import re
from datetime import UTC, datetime
from typing import NamedTuple

TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
URI = r"[A-Za-z][A-Za-z0-9+.\-]*://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+"
PARAMETER = re.compile(rf'[ \t\r\n]*;[ \t\r\n]*({TOKEN})="([^"\\]*)"')
TARGET = re.compile(rf"<({URI})>")
BETWEEN = re.compile(r"[ \t\r\n]*,[ \t\r\n]*")
RFC1123_DATE = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), "
    r"\d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT"
)


class Link(NamedTuple):
    uri: str
    rels: frozenset[str]
    attributes: dict[str, str]

    @property
    def at(self) -> datetime:
        return read_date(self.attributes["datetime"])


def read_links(text: str) -> list[Link]:
    """Absolute URIs only; every link has a `rel`, and no parameter twice."""
    links, place = [], 0
    while True:
        target = _matched(TARGET, text, place)
        place = target.end()
        said: list[tuple[str, str]] = []
        while found := PARAMETER.match(text, place):
            said.append((found[1], found[2]))
            place = found.end()
        attributes = dict(said)
        if len(attributes) != len(said):
            raise ValueError(f"a parameter twice: {said}")
        links.append(Link(target[1], frozenset(attributes.pop("rel").split(" ")), attributes))
        if place == len(text):
            return links
        place = _matched(BETWEEN, text, place).end()


def with_rel(links: list[Link], rel: str) -> Link:
    """The only link with a relation."""
    (found,) = [link for link in links if rel in link.rels]
    return found


def read_date(text: str) -> datetime:
    if RFC1123_DATE.fullmatch(text) is None:
        raise ValueError(f"not an rfc1123-date: {text}")
    return datetime.strptime(text, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)


def _matched(pattern: re.Pattern[str], text: str, place: int) -> re.Match[str]:
    found = pattern.match(text, place)
    if found is None:
        raise ValueError(f"no link at {place}: {text[place : place + 40]!r}")
    return found
