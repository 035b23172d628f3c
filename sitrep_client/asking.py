"""One request and its answer: how both are written and read, whoever sends them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Generic, NamedTuple, TypeVar
from urllib.parse import quote

import msgspec

P = TypeVar("P")
T = TypeVar("T")
U = TypeVar("U")

Moment = datetime | str
"""A datetime that knows its offset, or RFC 3339."""


RawPage = dict[str, msgspec.Raw]


class Reply(NamedTuple):
    """`headers` are asked for by names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Ask(NamedTuple, Generic[T]):
    """One request, and how its answer is read."""

    path: str
    read: Callable[[Reply], T]
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None

    @property
    def method(self) -> str:
        return "GET" if self.body is None else "POST"

    def reading(self, read: "Callable[[Reply], U]") -> "Ask[U]":
        """The same, its answer read otherwise."""
        return Ask(self.path, read, self.query, self.headers, self.body)

    def raw(self) -> "Ask[bytes]":
        """The same, answered with the very bytes."""
        return self.reading(body_of)


class Pages(NamedTuple, Generic[P, T]):
    """What comes page by page: `items` of a page, and the value that asks for the next one."""

    first: Ask[P]
    items: Callable[[P], Iterable[T]]
    next: Callable[[P], str | None]
    parameter: str = "cursor"

    def after(self, page: P) -> Ask[P] | None:
        following = self.next(page)
        if following is None:
            return None
        kept = [pair for pair in self.first.query if pair[0] not in {self.parameter, "cursor"}]
        return self.first._replace(query=(*kept, (self.parameter, following)))

    def raw(self, name: str) -> "Pages[RawPage, bytes]":
        """What the pages hold under a name, each as the very JSON."""
        return Pages(
            self.first.reading(json_of(RawPage)),
            lambda page: map(bytes, msgspec.json.decode(page[name], type=list[msgspec.Raw])),
            lambda page: msgspec.json.decode(page["next"], type=str | None),
            self.parameter,
        )


def body_of(reply: Reply) -> bytes:
    return reply.body


def json_of(kind: type[T]) -> Callable[[Reply], T]:
    return lambda reply: msgspec.json.decode(reply.body, type=kind)


def path_of(incident: str, *parts: str) -> str:
    return "/".join(["/v1/incidents", *(quote(part, safe="") for part in (incident, *parts))])


def query_of(**asked: Any) -> tuple[tuple[str, str], ...]:
    """What is None or empty is not asked; what is several is repeated."""
    return tuple(
        (name, _written(value))
        for name, values in asked.items()
        for value in (values if isinstance(values, list | tuple) else (values,))
        if value is not None
    )


def _written(value: Any) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"{value} has no offset: which moment is it?")
        return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"
    return str(value).lower() if isinstance(value, bool) else str(value)
