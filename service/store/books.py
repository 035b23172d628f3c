"""What the writer remembers of an incident's part of the ledger (service/domain/ledger.py)."""

from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any

from msgspec import Struct, structs
from sqlalchemy import Connection

from service.domain.ledger import Interval, Outcome, Source, sources_of, whole_of
from service.store.shelves import firsts, ledger
from service.store.statements import Batch, Insert, Lookup, Update

CORRECTED, RETRACTED = 1, 2
"""The bits of `amended`."""


class First(Struct, kw_only=True):
    """The first count of one figure by an origin at a publisher, and how it fares."""

    publisher: str
    origin: str
    figure: str
    version: int
    published_us: int
    low: int
    high: int | None
    amended: int = 0
    outcome: str = Outcome.OPEN.value
    is_new: bool = False

    @property
    def source(self) -> Source:
        return Source(self.publisher, self.origin)

    @property
    def interval(self) -> Interval:
        return Interval(self.low, self.high)

    @property
    def rank(self) -> tuple[int, int]:
        return self.published_us, self.version


_FIRST = First.__struct_fields__[:-1]
_sources = Lookup(ledger, keys=("lane", "incident"), columns=Source._fields)
_firsts = Lookup(firsts, keys=("lane", "incident"), columns=_FIRST)
_insert_first = Insert(firsts)
_update_first = Update(firsts, keys=("lane", "incident", "first"), columns=_FIRST[3:])

Firsts = dict[Source, First]
"""The first counts of one figure, by every source that they are the first of."""


class Book(Struct):
    """One incident's sources, their first counts by what is counted and by figure, and what stood
    of each thing counted when their outcomes were told last.
    """

    sources: set[Source]
    firsts: dict[str, dict[str, Firsts]]
    shown: dict[str, dict[str, Interval]]

    def of(self, figure: str) -> Firsts:
        return self.firsts.setdefault(whole_of(figure), {}).setdefault(figure, {})

    def enter(self, first: First) -> dict[Source, First | None]:
        """A count, for every source that gave none before it: which, and what was its first till
        now.
        """
        held = self.of(first.figure)
        replaced: dict[Source, First | None] = {}
        for source in sources_of(first.publisher, first.origin):
            known = held.get(source)
            if known is None or first.rank < known.rank:
                replaced[source] = known
                held[source] = first
        return replaced

    def all_firsts(self) -> Iterator[First]:
        for figures in self.firsts.values():
            for held in figures.values():
                yield from each(held)


def each(held: Firsts) -> Iterator[First]:
    """Every first count once, under its own source."""
    return (first for source, first in held.items() if source == first.source)


def blank() -> Book:
    return Book(set(), {}, {})


def read_book(connection: Connection, place: Mapping[str, Any]) -> Book:
    """An incident's book as it is stored. `place`: `lane`, `incident`."""
    book = blank()
    book.sources = {Source(*row) for row in _sources.all(connection, place)}
    for row in _firsts.all(connection, place):
        book.enter(First(**dict(zip(_FIRST, row, strict=True))))
    return book


def write_first(batch: Batch, first: First, place: Mapping[str, Any]) -> None:
    key = blake2b("\x1f".join((*first.source, first.figure)).encode(), digest_size=16).digest()
    row = structs.asdict(first) | {**place, "first": key}
    batch.add(_insert_first if first.is_new else _update_first, row)
    first.is_new = False
