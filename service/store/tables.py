"""The tables, as SQLAlchemy Core sees them. `migrations/` makes them; a test holds the two equal.

Every key begins with the lane (ARCHITECTURE.md §3). Times are integer microseconds UTC, ids 16
bytes, bodies bytes.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()


def lane_key() -> Column[int]:
    return Column("lane", SmallInteger, primary_key=True, autoincrement=False)


def incident_key() -> Column[str]:
    return Column("incident", String(80), primary_key=True)


def number(name: str, *, key: bool = False, null: bool = False) -> Column[int]:
    return Column(name, BigInteger, primary_key=key, autoincrement=False, nullable=null)


lane_heads = Table(
    "lane_heads",
    metadata,
    lane_key(),
    number("position"),
    number("recorded_us"),
    number("tree_size", null=True),
    Column("peaks", LargeBinary),
    Column("checkpoint", LargeBinary),
)

tiles = Table(
    "tiles",
    metadata,
    lane_key(),
    Column("level", SmallInteger, primary_key=True, autoincrement=False),
    number("number", key=True),
    Column("root", LargeBinary(32), nullable=False),
    Column("hashes", LargeBinary, nullable=False),
)

signers = Table(
    "signers",
    metadata,
    number("number", key=True),
    Column("verifier", Text, nullable=False),
    number("since_us"),
)

incidents = Table(
    "incidents",
    metadata,
    lane_key(),
    incident_key(),
    number("version"),
    number("position"),
    number("recorded_us"),
    number("opened_us"),
    Column("opened_title", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("merged_into", String(80)),
    number("release_us", null=True),
    Column("brief", LargeBinary, nullable=False),
    Column("view", LargeBinary, nullable=False),
    Column("edition", SmallInteger, nullable=False),
    number("derived_version"),
    number("erased_version", null=True),
    Index("incidents_by_opening", "opened_us", "incident"),
)

updates = Table(
    "updates",
    metadata,
    lane_key(),
    incident_key(),
    Column("update_id", LargeBinary(16), primary_key=True),
    Column("digest", LargeBinary(32), nullable=False),
    number("first_version"),
    number("version"),
    number("position"),
    number("recorded_us"),
    UniqueConstraint("lane", "incident", "recorded_us", name="updates_by_recording"),
    Index("updates_by_time", "recorded_us", "incident"),
    sqlite_with_rowid=False,
)

events = Table(
    "events",
    metadata,
    lane_key(),
    incident_key(),
    number("version", key=True),
    number("position"),
    Column("event_id", LargeBinary(16), nullable=False),
    Column("update_id", LargeBinary(16), nullable=False),
    Column("type", Text, nullable=False),
    Column("schema_version", SmallInteger, nullable=False),
    Column("publisher", Text, nullable=False),
    Column("origin", Text, nullable=False),
    number("published_us"),
    number("effective_us"),
    number("recorded_us"),
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
    lane_key(),
    Column("event_id", LargeBinary(16), primary_key=True),
    Column("salt", LargeBinary(16), nullable=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

slots = Table(
    "slots",
    metadata,
    lane_key(),
    incident_key(),
    Column("slot", LargeBinary(16), primary_key=True),
    number("lead_us"),
    number("part"),
    Index("slots_by_part", "lane", "incident", "part", "slot"),
    sqlite_with_rowid=False,
)

standing = Table(
    "standing",
    metadata,
    lane_key(),
    incident_key(),
    Column("slot", LargeBinary(16), primary_key=True),
    number("version", key=True),
    number("root"),
    number("effective_us"),
    number("said_us"),
    number("published_us"),
    Column("publisher", Text, nullable=False),
    Column("root_publisher", Text, nullable=False),
    number("peak_us"),
    Column("origin", Text, nullable=False),
    Column("root_origin", Text, nullable=False),
    Column("voices", SmallInteger, nullable=False),
    number("part"),
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
    lane_key(),
    incident_key(),
    number("target", key=True),
    number("root", key=True),
    number("by", key=True),
    number("published_us"),
    Column("publisher", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("retracts", SmallInteger, nullable=False),
    sqlite_with_rowid=False,
)

reached = Table(
    "reached",
    metadata,
    lane_key(),
    incident_key(),
    number("part", key=True),
    number("by", key=True),
    Column("slot", LargeBinary(16), primary_key=True),
    number("published_us"),
    Index("reached_by_publication", "lane", "incident", "part", "published_us", "by"),
    sqlite_with_rowid=False,
)

withholdings = Table(
    "withholdings",
    metadata,
    lane_key(),
    incident_key(),
    number("target", key=True),
    number("by", key=True),
    number("published_us"),
    number("until_us"),
    Column("marks", SmallInteger, nullable=False),
    Column("releases", SmallInteger, nullable=False),
    sqlite_with_rowid=False,
)

keys = Table(
    "keys",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("digest", LargeBinary(32), nullable=False),
    Column("role", Text, nullable=False),
    number("created_us"),
    number("revoked_us", null=True),
    number("expires_us", null=True),
    number("last_used_us", null=True),
    UniqueConstraint("digest", name="keys_by_digest"),
)

former_keys = Table(
    "former_keys",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("name", String(80), nullable=False),
    number("until_us"),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("secret", LargeBinary(32), nullable=False),
    number("created_us"),
    number("used_us"),
    number("until_us"),
)

drafts = Table(
    "drafts",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("update_id", LargeBinary(16), primary_key=True),
    Column("incident", String(80)),
    number("version"),
    Column("fields", LargeBinary, nullable=False),
    number("changed_us"),
)

key_uses = Table(
    "key_uses",
    metadata,
    number("at_us", key=True),
    Column("use_id", LargeBinary(16), primary_key=True),
    Column("name", String(80)),
    Column("method", Text, nullable=False),
    Column("route", Text, nullable=False),
    Column("incident", String(80)),
    Column("status", SmallInteger, nullable=False),
    Column("address", Text, nullable=False),
    Column("times", Integer, nullable=False),
    Index("key_uses_by_name", "name", "at_us", "use_id"),
    sqlite_with_rowid=False,
)
