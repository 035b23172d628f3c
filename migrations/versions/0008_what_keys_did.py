"""Keys that expire and are exchanged for others, and what was done with each.

The release before knows nothing of it: a key that has expired, and the secret that a key had
before, are for it what they were, and what is done with a key is not told.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("expires_us", "last_used_us"):
        op.add_column("keys", sa.Column(name, sa.BigInteger))
    op.create_table(
        "former_keys",
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        _number("until_us"),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_table(
        "key_uses",
        _number("at_us"),
        sa.Column("use_id", sa.LargeBinary(16), nullable=False),
        sa.Column("name", sa.String(80)),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("method", "route")),
        sa.Column("incident", sa.String(80)),
        sa.Column("status", sa.SmallInteger, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("at_us", "use_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("key_uses_by_name", "key_uses", ["name", "at_us", "use_id"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER key_uses_refuse_update BEFORE UPDATE ON key_uses "
            "BEGIN SELECT RAISE(ABORT, 'key_uses are append-only: UPDATE refused'); END"
        )
    else:
        op.execute(
            "CREATE TRIGGER key_uses_refuse_update BEFORE UPDATE ON key_uses "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, autoincrement=False, nullable=False)
