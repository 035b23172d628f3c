"""The tables, as SQLAlchemy Core sees them. `migrations/` makes them; a test holds the two equal.

Every key begins with the lane (ARCHITECTURE.md §3). Times are integer microseconds UTC, ids 16
bytes, bodies bytes.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()


def _lane() -> Column[int]:
    return Column("lane", SmallInteger, primary_key=True, autoincrement=False)


def _incident() -> Column[str]:
    return Column("incident", String(80), primary_key=True)


def _plain_text(name: str) -> Column[str]:
    """Text in the order of its bytes, on either engine."""
    kind = Text().with_variant(Text(collation="C"), "postgresql")
    return Column(name, kind, primary_key=True)


def _number(name: str, *, key: bool = False, null: bool = False) -> Column[int]:
    return Column(name, BigInteger, primary_key=key, autoincrement=False, nullable=null)


lane_heads = Table(
    "lane_heads",
    metadata,
    _lane(),
    _number("position"),
    _number("recorded_us"),
)

incidents = Table(
    "incidents",
    metadata,
    _lane(),
    _incident(),
    _number("version"),
    _number("position"),
    _number("recorded_us"),
    _number("opened_us"),
    Column("opened_title", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("merged_into", String(80)),
    _number("release_us", null=True),
    Column("brief", LargeBinary, nullable=False),
    Column("view", LargeBinary, nullable=False),
    Column("edition", SmallInteger, nullable=False),
    _number("derived_version"),
    Index("incidents_by_opening", "opened_us", "incident"),
)

updates = Table(
    "updates",
    metadata,
    _lane(),
    _incident(),
    Column("update_id", LargeBinary(16), primary_key=True),
    Column("digest", LargeBinary(32), nullable=False),
    _number("first_version"),
    _number("version"),
    _number("position"),
    _number("recorded_us"),
    UniqueConstraint("lane", "incident", "recorded_us", name="updates_by_recording"),
    Index("updates_by_time", "recorded_us", "incident"),
    sqlite_with_rowid=False,
)

events = Table(
    "events",
    metadata,
    _lane(),
    _incident(),
    _number("version", key=True),
    _number("position"),
    Column("event_id", LargeBinary(16), nullable=False),
    Column("update_id", LargeBinary(16), nullable=False),
    Column("type", Text, nullable=False),
    Column("schema_version", SmallInteger, nullable=False),
    Column("publisher", Text, nullable=False),
    Column("origin", Text, nullable=False),
    _number("published_us"),
    _number("effective_us"),
    _number("recorded_us"),
    Column("actor", Text, nullable=False),
    Column("refs", LargeBinary),
    Column("commitment", LargeBinary(32), nullable=False),
    Column("leaf", LargeBinary(32), nullable=False),
    UniqueConstraint("lane", "position", name="events_by_position"),
    UniqueConstraint("lane", "event_id", name="events_by_id"),
)

payloads = Table(
    "payloads",
    metadata,
    _lane(),
    Column("event_id", LargeBinary(16), primary_key=True),
    Column("salt", LargeBinary(16), nullable=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

slots = Table(
    "slots",
    metadata,
    _lane(),
    _incident(),
    Column("slot", LargeBinary(16), primary_key=True),
    _number("lead_us"),
    _number("part"),
    Index("slots_by_part", "lane", "incident", "part", "slot"),
    sqlite_with_rowid=False,
)

standing = Table(
    "standing",
    metadata,
    _lane(),
    _incident(),
    Column("slot", LargeBinary(16), primary_key=True),
    _number("version", key=True),
    _number("root"),
    _number("effective_us"),
    _number("said_us"),
    _number("published_us"),
    Column("publisher", Text, nullable=False),
    Column("root_publisher", Text, nullable=False),
    _number("peak_us"),
    Column("origin", Text, nullable=False),
    Column("root_origin", Text, nullable=False),
    Column("voices", SmallInteger, nullable=False),
    _number("part"),
    Index(
        "standing_by_rank", "lane", "incident", "slot", "effective_us", "said_us", "root", "version"
    ),
    Index("standing_by_part", "lane", "incident", "part", "version"),
    Index("standing_by_publication", "lane", "incident", "part", "published_us", "version"),
    Index("standing_by_effect", "lane", "incident", "part", "effective_us", "version"),
    sqlite_with_rowid=False,
)

voids = Table(
    "voids",
    metadata,
    _lane(),
    _incident(),
    _number("target", key=True),
    _number("root", key=True),
    _number("by", key=True),
    _number("published_us"),
    Column("publisher", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("retracts", SmallInteger, nullable=False),
    sqlite_with_rowid=False,
)

reached = Table(
    "reached",
    metadata,
    _lane(),
    _incident(),
    _number("part", key=True),
    _number("by", key=True),
    Column("slot", LargeBinary(16), primary_key=True),
    _number("published_us"),
    Index("reached_by_publication", "lane", "incident", "part", "published_us", "by"),
    sqlite_with_rowid=False,
)

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
    return _number("until_us", key=True), _number("from_us", key=True)


withholdings = Table(
    "withholdings",
    metadata,
    _lane(),
    _incident(),
    _number("target", key=True),
    _number("by", key=True),
    _number("published_us"),
    _number("until_us"),
    Column("marks", SmallInteger, nullable=False),
    Column("releases", SmallInteger, nullable=False),
    sqlite_with_rowid=False,
)

catalogue = Table(
    "catalogue",
    metadata,
    _lane(),
    _incident(),
    *_period(),
    _number("opened_us"),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False),
    _number("occurred_from_us"),
    _number("occurred_to_us"),
    _number("killed_low"),
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
    _lane(),
    _incident(),
    Column("place", LargeBinary(8), primary_key=True),
    *_period(),
    Column("country", Text, nullable=False),
    *(_number(side, null=True) for side in ("west", "south", "east", "north")),
    Index("places_by_country", "country"),
    Index("places_by_west", "west", "south", "east", "north"),
    Index("places_spanning", "west", sqlite_where=SPANNING, postgresql_where=SPANNING),
    sqlite_with_rowid=False,
)

links = Table(
    "links",
    metadata,
    _lane(),
    _incident(),
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
    _lane(),
    _number("number", key=True),
    Column("incident", String(80), nullable=False),
    _number("version"),
    _number("until_us"),
    _number("from_us"),
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
    _lane(),
    _incident(),
    _plain_text("publisher"),
    _plain_text("origin"),
    *(_number(name) for name in (*COUNTED, "first_us", "last_us")),
    Index("ledger_by_source", "publisher", "origin", "incident"),
    sqlite_with_rowid=False,
)
"""What each source told of each incident. An empty publisher or origin stands for any."""

accounts = Table(
    "accounts",
    metadata,
    _lane(),
    _plain_text("publisher"),
    _plain_text("origin"),
    *(_number(name) for name in ("incidents", *COUNTED, "first_us", "last_us")),
    Column("kind", Text, nullable=False),
    Column("named", SmallInteger, nullable=False),
    _number("named_us"),
    Column("named_by", LargeBinary(16)),
    Index("accounts_by_publisher", "publisher", "origin"),
    Index("accounts_by_origin", "origin", "publisher"),
    sqlite_with_rowid=False,
)
"""The ledger's sums for each source. `named_by` is the event that gave its name last."""

firsts = Table(
    "firsts",
    metadata,
    _lane(),
    _incident(),
    Column("first", LargeBinary(16), primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("publisher", "origin", "figure")),
    *(_number(name) for name in ("version", "published_us", "low")),
    _number("high", null=True),
    Column("amended", SmallInteger, nullable=False),
    Column("outcome", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""The first count that an origin at a publisher gave of a figure, in millionths."""

keys = Table(
    "keys",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("digest", LargeBinary(32), nullable=False),
    Column("role", Text, nullable=False),
    _number("created_us"),
    _number("revoked_us", null=True),
    UniqueConstraint("digest", name="keys_by_digest"),
)
