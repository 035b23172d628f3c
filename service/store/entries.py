"""What is added to the ledger for each source, and how it is written.

`accounts` is the sum of `ledger` over its lane's incidents, source by source: every source has a
row in `ledger` for each incident that it counts in `accounts`.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, structs

from service.domain.ledger import Source
from service.domain.report import Event, Origin, Publisher
from service.store.sealing import uuid_bytes
from service.store.statements import Accumulate, Batch
from service.store.tables import COUNTED, accounts, ledger

NEVER_US = 2**62

_SUMS = ("incidents", *COUNTED)
_LAST = {"last_us": "last_us"}
_IDENTITY = dict.fromkeys(("kind", "named"), "last_us") | dict.fromkeys(
    ("named_us", "named_by"), "named_us"
)
_to_ledger = Accumulate(ledger, sums=COUNTED, least="first_us", latest=_LAST)
_to_accounts = Accumulate(accounts, sums=_SUMS, least="first_us", latest=_LAST | _IDENTITY)

Place = Mapping[str, Any]
"""`lane`, `incident`."""


class Entry(Struct):
    """What is added for one source in one incident. `named_by` is the event that named it last."""

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

    def add(self, field: str, number: int) -> None:
        setattr(self, field, getattr(self, field) + number)

    def date(self, recorded_us: int) -> None:
        self.first_us = min(self.first_us, recorded_us)
        self.last_us = max(self.last_us, recorded_us)

    def know(self, source: Publisher | Origin, event: Event) -> None:
        """What a source is, as it was last told; a name that is not said again stays."""
        self.kind = source.kind.value
        self.named = int(source.is_named) if isinstance(source, Origin) else 1
        if source.name is not None:
            self.named_us, self.named_by = event.recorded_us, uuid_bytes(event.event_id)

    def merge(self, other: "Entry") -> None:
        """Add another incident's entry of the same source."""
        for field in _SUMS:
            self.add(field, getattr(other, field))
        self.first_us = min(self.first_us, other.first_us)
        if other.last_us >= self.last_us:
            self.last_us, self.kind, self.named = other.last_us, other.kind, other.named
        if other.named_us >= self.named_us:
            self.named_us, self.named_by = other.named_us, other.named_by


class Entries:
    """All that is added, by incident and source."""

    def __init__(self) -> None:
        self._told: dict[tuple[int, str], dict[Source, Entry]] = {}

    def of(self, source: Source, place: Place, known: set[Source]) -> Entry:
        """A source's entry in an incident, which is one of its own from now on."""
        told = self._told.setdefault((place["lane"], place["incident"]), {})
        entry = told.get(source)
        if entry is None:
            entry = told[source] = Entry()
            if source not in known:
                known.add(source)
                entry.incidents = 1
        return entry

    def write(self, batch: Batch) -> None:
        sums: dict[tuple[int, Source], Entry] = {}
        for (lane, incident), told in self._told.items():
            for source, entry in told.items():
                row = structs.asdict(entry) | source._asdict()
                batch.add(_to_ledger, row | {"lane": lane, "incident": incident})
                known = sums.get((lane, source))
                if known is None:
                    sums[lane, source] = entry
                else:
                    known.merge(entry)
        for (lane, source), entry in sums.items():
            add_to_account(batch, lane, source, entry)
        self._told = {}


def add_to_account(batch: Batch, lane: int, source: Source, entry: Entry) -> None:
    batch.add(_to_accounts, structs.asdict(entry) | source._asdict() | {"lane": lane})
