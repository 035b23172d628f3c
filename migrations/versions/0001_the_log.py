"""The log, its index of standing reports, the current views and the writers' keys.

Events are append-only by the database's own word: triggers refuse UPDATE, DELETE and TRUNCATE, and
on PostgreSQL the owner gives up those rights as well. Every key begins with the lane, so that one
schema serves one file and a cluster.
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _tables()
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()
    lanes = int(context.config.attributes.get("lanes", 1))
    if not 1 <= lanes <= 1024:
        raise ValueError(f"SITREP_LANES: a store has 1 to 1024 lanes, not {lanes}")
    heads = sa.table(
        "lane_heads", sa.column("lane"), sa.column("position"), sa.column("recorded_us")
    )
    op.bulk_insert(
        heads, [{"lane": lane, "position": 0, "recorded_us": 0} for lane in range(lanes)]
    )


def _number(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, autoincrement=False, nullable=null)


def _lane() -> sa.Column[int]:
    return sa.Column("lane", sa.SmallInteger, autoincrement=False, nullable=False)


def _incident() -> sa.Column[str]:
    return sa.Column("incident", sa.String(80), nullable=False)


def _bytes(name: str, length: int | None = None, *, null: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(length), nullable=null)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _tables() -> None:
    op.create_table(
        "lane_heads",
        _lane(),
        _number("position"),
        _number("recorded_us"),
        sa.PrimaryKeyConstraint("lane"),
    )
    op.create_table(
        "incidents",
        _lane(),
        _incident(),
        *(_number(name) for name in ("version", "position", "recorded_us", "opened_us")),
        _text("opened_title"),
        _text("kind"),
        *(_bytes(name) for name in ("leaf", "brief", "view")),
        sa.PrimaryKeyConstraint("lane", "incident"),
    )
    op.create_index("incidents_by_opening", "incidents", ["opened_us", "incident"])
    op.create_table(
        "updates",
        _lane(),
        _incident(),
        _bytes("update_id", 16),
        _bytes("digest", 32),
        *(_number(name) for name in ("first_version", "version", "position", "recorded_us")),
        sa.PrimaryKeyConstraint("lane", "incident", "update_id"),
        sa.UniqueConstraint("lane", "incident", "recorded_us", name="updates_by_recording"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "events",
        _lane(),
        _incident(),
        _number("version"),
        _number("position"),
        _bytes("event_id", 16),
        _bytes("update_id", 16),
        _text("type"),
        sa.Column("schema_version", sa.SmallInteger, nullable=False),
        _text("publisher"),
        _text("origin"),
        *(_number(name) for name in ("published_us", "effective_us", "recorded_us")),
        _text("actor"),
        _bytes("refs", null=True),
        _bytes("commitment", 32),
        _bytes("leaf", 32),
        sa.PrimaryKeyConstraint("lane", "incident", "version"),
        sa.UniqueConstraint("lane", "position", name="events_by_position"),
        sa.UniqueConstraint("lane", "event_id", name="events_by_id"),
    )
    op.create_table(
        "payloads",
        _lane(),
        _bytes("event_id", 16),
        _bytes("salt", 16),
        _bytes("body"),
        sa.PrimaryKeyConstraint("lane", "event_id"),
        sqlite_with_rowid=False,
    )
    _index_tables()
    op.create_table(
        "keys",
        sa.Column("name", sa.String(80), nullable=False),
        _bytes("digest", 32),
        _text("role"),
        _number("created_us"),
        _number("revoked_us", null=True),
        sa.PrimaryKeyConstraint("name"),
        sa.UniqueConstraint("digest", name="keys_by_digest"),
    )


def _index_tables() -> None:
    op.create_table(
        "slots",
        _lane(),
        _incident(),
        _bytes("slot", 16),
        _number("lead_us"),
        sa.PrimaryKeyConstraint("lane", "incident", "slot"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "standing",
        _lane(),
        _incident(),
        _bytes("slot", 16),
        *(_number(name) for name in ("version", "root", "effective_us", "said_us", "published_us")),
        _text("publisher"),
        _text("root_publisher"),
        _number("peak_us"),
        sa.PrimaryKeyConstraint("lane", "incident", "slot", "version"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "standing_by_rank",
        "standing",
        ["lane", "incident", "slot", "effective_us", "said_us", "root", "version"],
    )
    op.create_table(
        "voids",
        _lane(),
        _incident(),
        *(_number(name) for name in ("target", "root", "by", "published_us")),
        _text("publisher"),
        sa.PrimaryKeyConstraint("lane", "incident", "target", "root", "by"),
        sqlite_with_rowid=False,
    )


def _guard_sqlite() -> None:
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER events_refuse_{act.lower()} BEFORE {act} ON events "
            f"BEGIN SELECT RAISE(ABORT, 'events are append-only: {act} refused'); END"
        )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% are append-only: % refused', TG_TABLE_NAME, TG_OP "
        "USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER events_refuse_change BEFORE UPDATE OR DELETE ON events "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER events_refuse_truncate BEFORE TRUNCATE ON events "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON events FROM CURRENT_USER")
