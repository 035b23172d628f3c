"""The tables by which incidents are listed and searched, and sources are counted.

All of them follow from the events; `service.store.tables` has the rest.
"""

from sqlalchemy import (
    Column,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    text,
)

from service.store.tables import incident_key, lane_key, metadata, number


def byte_text(name: str) -> Column[str]:
    """Text in the order of its bytes, on either engine."""
    kind = Text().with_variant(Text(collation="C"), "postgresql")
    return Column(name, kind, primary_key=True)


FOREVER = 2**62
"""The end of what holds until further notice."""
NEVER = -(2**62)
"""When it happened, where nobody has said it."""
LONG_US = 32 * 86_400 * 1_000_000
WIDE = 1_000_000
"""What lasts longer, or lies wider, has an index of its own; others are found near their beginning.
"""
LASTING = text(f"occurred_to_us - occurred_from_us > {LONG_US}")
SPANNING = text(f"east - west > {WIDE}")


def _period() -> tuple[Column[int], Column[int]]:
    """Until before a moment of recording, from another one on."""
    return number("until_us", key=True), number("from_us", key=True)


catalogue = Table(
    "catalogue",
    metadata,
    lane_key(),
    incident_key(),
    *_period(),
    number("opened_us"),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False),
    number("occurred_from_us"),
    number("occurred_to_us"),
    number("killed_low"),
    Column("brief", LargeBinary, nullable=False),
    Index("catalogue_by_opening", "opened_us", "incident", "from_us", "until_us", "kind", "status"),
    Index("catalogue_by_killed", "killed_low", "opened_us", "incident"),
    Index("catalogue_by_time", "occurred_from_us", "incident", "occurred_to_us"),
    Index(
        "catalogue_lasting",
        "occurred_from_us",
        "occurred_to_us",
        sqlite_where=LASTING,
        postgresql_where=LASTING,
    ),
    sqlite_with_rowid=False,
)

places = Table(
    "places",
    metadata,
    lane_key(),
    incident_key(),
    Column("place", LargeBinary(8), primary_key=True),
    *_period(),
    Column("country", Text, nullable=False),
    *(number(side, null=True) for side in ("west", "south", "east", "north")),
    Index("places_by_country", "country"),
    Index("places_by_west", "west", "south", "east", "north"),
    Index("places_spanning", "west", sqlite_where=SPANNING, postgresql_where=SPANNING),
    sqlite_with_rowid=False,
)

links = Table(
    "links",
    metadata,
    lane_key(),
    incident_key(),
    Column("target", String(80), primary_key=True),
    *_period(),
    Index("links_by_target", "target"),
    sqlite_with_rowid=False,
)

FULL_TEXT = "texts_words"
"""How the names of what each engine has of its own to find words begin."""

texts = Table(
    "texts",
    metadata,
    lane_key(),
    number("number", key=True),
    Column("incident", String(80), nullable=False),
    number("version"),
    number("until_us"),
    number("from_us"),
    Column("body", Text, nullable=False),
    Index("texts_by_update", "lane", "incident", "version"),
    sqlite_with_rowid=False,
)
COUNTED = (
    *("updates", "reports", "acts", "corrections", "own_corrections", "retractions"),
    *("disputed", "endorsed", "stood", "fell", "open"),
)
"""What the ledger counts of a source. `own_corrections` are those by the report's own publisher."""

ledger = Table(
    "ledger",
    metadata,
    lane_key(),
    incident_key(),
    byte_text("publisher"),
    byte_text("origin"),
    *(number(name) for name in (*COUNTED, "first_us", "last_us")),
    Index("ledger_by_source", "publisher", "origin", "incident"),
    sqlite_with_rowid=False,
)
"""What each source told of each incident. An empty publisher or origin stands for any."""

accounts = Table(
    "accounts",
    metadata,
    lane_key(),
    byte_text("publisher"),
    byte_text("origin"),
    *(number(name) for name in ("incidents", *COUNTED, "first_us", "last_us")),
    Column("kind", Text, nullable=False),
    Column("named", SmallInteger, nullable=False),
    number("named_us"),
    Column("named_by", LargeBinary(16)),
    Index("accounts_by_publisher", "publisher", "origin"),
    Index("accounts_by_origin", "origin", "publisher"),
    sqlite_with_rowid=False,
)
"""The ledger's sums for each source. `named_by` is the event that gave its name last."""

firsts = Table(
    "firsts",
    metadata,
    lane_key(),
    incident_key(),
    Column("first", LargeBinary(16), primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("publisher", "origin", "figure")),
    *(number(name) for name in ("version", "published_us", "low")),
    number("high", null=True),
    Column("amended", SmallInteger, nullable=False),
    Column("outcome", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""The first count that an origin at a publisher gave of a figure, in millionths."""
