"""What is added to the ledger for each source, and how it is written.

`accounts` is the sum of `ledger` over its lane's incidents, source by source: every source has a
row in `ledger` for each incident that it counts in `accounts`.
"""

from collections.abc import Collection, Mapping
from typing import Any

from msgspec import Struct, structs

from service.domain.ledger import Source
from service.domain.report import Origin, Publisher
from service.store.books import Book
from service.store.shelves import COUNTED, accounts, ledger
from service.store.statements import Accumulate, Batch, Change, Insert

NEVER_US = 2**62

_SUMS = ("incidents", *COUNTED)
_LAST = {"last_us": "last_us"}
_IDENTITY = dict.fromkeys(("kind", "named"), "last_us") | dict.fromkeys(
    ("named_us", "named_by"), "named_us"
)
_insert_entry = Insert(ledger)
_to_ledger = Accumulate(ledger, sums=COUNTED, least="first_us", latest=_LAST)
_to_accounts = Accumulate(accounts, sums=_SUMS, least="first_us", latest=_LAST | _IDENTITY)

_MORE = "updates = updates + ?, reports = reports + ?, acts = acts + ?, last_us = ?"
_ALL_THREE = "publisher IN ('', ?) AND origin IN ('', ?)"
"""The publisher, the origin, and the origin at the publisher: no source has neither key."""
_GO_ON = f"UPDATE ledger SET {_MORE} WHERE lane = ? AND incident = ? AND {_ALL_THREE}"  # noqa: S608
_go_on = Change(
    _GO_ON,
    ("updates", "reports", "acts", "last_us", "lane", "incident", "publisher", "origin"),
    sqlite=_GO_ON.replace("origin IN", "+origin IN"),
)
"""The sign keeps SQLite to the table's own key: by the other index it takes four times as long."""
_tell_on = Change(
    f"UPDATE accounts SET {_MORE},"  # noqa: S608
    " kind = CASE WHEN origin = '' THEN ? ELSE ? END,"
    " named = CASE WHEN origin = '' THEN named ELSE ? END,"
    " named_us = CASE WHEN origin = '' THEN COALESCE(?, named_us) ELSE COALESCE(?, named_us) END,"
    " named_by = CASE WHEN origin = '' THEN COALESCE(?, named_by) ELSE COALESCE(?, named_by) END"
    f" WHERE lane = ? AND {_ALL_THREE}",
    (
        *("updates", "reports", "acts", "last_us", "publisher_kind", "kind", "named"),
        *("publisher_named_us", "named_us", "publisher_named_by", "named_by"),
        *("lane", "publisher", "origin"),
    ),
)

Place = Mapping[str, Any]
"""`lane`, `incident`."""


class Entry(Struct):
    """What is added for one source in one incident. `named_by` is the event that named it last;
    `usual` that it told more, and nothing else happened.
    """

    incidents: int = 0
    updates: int = 0
    reports: int = 0
    acts: int = 0
    corrections: int = 0
    own_corrections: int = 0
    retractions: int = 0
    disputed: int = 0
    endorsed: int = 0
    stood: int = 0
    fell: int = 0
    open: int = 0
    first_us: int = NEVER_US
    last_us: int = 0
    kind: str = ""
    named: int = 1
    named_us: int = 0
    named_by: bytes | None = None
    usual: bool = True

    def tell(self, recorded_us: int, *, claim: bool) -> None:
        """One more report. Those of one update share their moment of recording."""
        if claim:
            self.reports += 1
        else:
            self.acts += 1
        if self.last_us != recorded_us:
            self.updates += 1
            self.first_us = min(self.first_us, recorded_us)
            self.last_us = recorded_us

    def know(self, source: Publisher | Origin, event_id: bytes) -> None:
        """What a source is, as it was told last; a name that is not said again stays."""
        self.kind = source.kind.value
        self.named = int(source.is_named) if isinstance(source, Origin) else 1
        if source.name is not None:
            self.named_us, self.named_by = self.last_us, event_id

    def add(self, field: str, number: int) -> None:
        self.usual = False
        setattr(self, field, getattr(self, field) + number)

    def merge(self, other: "Entry") -> None:
        """Add another incident's entry of the same source."""
        for field in _SUMS:
            self.add(field, getattr(other, field))
        self.first_us = min(self.first_us, other.first_us)
        if other.last_us >= self.last_us:
            self.last_us, self.kind, self.named = other.last_us, other.kind, other.named
        if other.named_us >= self.named_us:
            self.named_us, self.named_by = other.named_us, other.named_by


class Page:
    """One incident's part of the ledger while it is written."""

    __slots__ = ("book", "entries", "place")

    def __init__(self, place: Place, book: Book) -> None:
        self.place = place
        self.book = book
        self.entries: dict[Source, Entry] = {}

    def entry(self, source: Source) -> Entry:
        """A source's entry, for which the incident is one of its own from now on."""
        entry = self.entries.get(source)
        if entry is None:
            entry = self.entries[source] = Entry()
            if source not in self.book.sources:
                self.book.sources.add(source)
                entry.incidents = 1
                entry.usual = False
        return entry


def write_entries(batch: Batch, pages: Collection[Page]) -> None:
    """Rows for `ledger`, and their sums for `accounts`."""
    if len(pages) == 1 and _is_usual(page := next(iter(pages))):
        _write_usual(batch, page)
        return
    sums: dict[tuple[int, Source], Entry] = {}
    for page in pages:
        lane = page.place["lane"]
        for source, entry in page.entries.items():
            statement = _insert_entry if entry.incidents else _to_ledger
            batch.add(statement, {**structs.asdict(entry), **source._asdict(), **page.place})
            known = sums.get((lane, source))
            if known is None:
                sums[lane, source] = entry
            else:
                known.merge(entry)
    for (lane, source), entry in sums.items():
        add_to_account(batch, lane, source, entry)


def add_to_account(batch: Batch, lane: int, source: Source, entry: Entry) -> None:
    batch.add(_to_accounts, structs.asdict(entry) | source._asdict() | {"lane": lane})


def _is_usual(page: Page) -> bool:
    """Whether one origin at one publisher told more, and nothing else happened."""
    return len(page.entries) == 3 and all(entry.usual for entry in page.entries.values())


def _write_usual(batch: Batch, page: Page) -> None:
    """The three sources of a report count alike: one statement for each table."""
    by_publisher, _, pair = page.entries
    whole, entry = page.entries[by_publisher], page.entries[pair]
    row = {
        **page.place,
        **pair._asdict(),
        "updates": entry.updates,
        "reports": entry.reports,
        "acts": entry.acts,
        "last_us": entry.last_us,
        "kind": entry.kind,
        "named": entry.named,
        "named_us": entry.named_us or None,
        "named_by": entry.named_by,
        "publisher_kind": whole.kind,
        "publisher_named_us": whole.named_us or None,
        "publisher_named_by": whole.named_by,
    }
    batch.add(_go_on, row)
    batch.add(_tell_on, row)
