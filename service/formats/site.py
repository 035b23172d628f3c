"""Where the site is: the addresses that other forms of a situation lead back to."""

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlencode

Asked = tuple[tuple[str, str], ...]
"""The parameters of a question, as they were sent."""


class Site(NamedTuple):
    """`root` is such as `https://sitrep.example.org`; empty where it is not known, and then all
    addresses are relative to it.
    """

    root: str

    def page(self, incident: str, asked: Asked = ()) -> str:
        """What a person looks at."""
        return written(f"{self.root}/incidents/{incident}", asked)

    def data(self, incident: str, name: str = "", asked: Asked = ()) -> str:
        """What a program reads: the situation, or `name` of it such as `updates.atom`."""
        return written(f"{self.root}/v1/incidents/{incident}{name and '/'}{name}", asked)


def written(uri: str, asked: Iterable[tuple[str, object]]) -> str:
    query = urlencode(list(asked))
    return f"{uri}?{query}" if query else uri
