"""What it takes to follow a figure step by step: which slots a part of the situation has, and which
of them an editorial act reached.

Everything here is derived. Rows that are there get values that say nothing, and `sitrep migrate`
derives them anew after it. The release before leaves the new column out of its inserts and the new
table empty, and `derived_version` behind: that is how its rows are found.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("slots", sa.Column("part", sa.BigInteger, nullable=False, server_default="0"))
    op.create_index("slots_by_part", "slots", ["lane", "incident", "part", "slot"])
    op.create_table(
        "reached",
        sa.Column("lane", sa.SmallInteger, autoincrement=False, nullable=False),
        sa.Column("incident", sa.String(80), nullable=False),
        _number("part"),
        _number("by"),
        sa.Column("slot", sa.LargeBinary(16), nullable=False),
        _number("published_us"),
        sa.PrimaryKeyConstraint("lane", "incident", "part", "by", "slot"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "reached_by_publication",
        "reached",
        ["lane", "incident", "part", "published_us", "by"],
    )


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, autoincrement=False, nullable=False)
