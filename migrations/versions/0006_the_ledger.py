"""What became of each source's reports, and of the first figures that it gave.

Derived from the events: `ledger` counts by incident and source, `accounts` has its sums for each
source, `firsts` the first count that each origin at a publisher gave of a figure. All of it can be
rebuilt. The release before writes to none of it and runs as it did; what it writes meanwhile is
counted when `sitrep migrate` derives its incidents anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COUNTED = (
    *("updates", "reports", "acts", "corrections", "own_corrections", "retractions"),
    *("disputed", "endorsed", "stood", "fell", "open"),
)


def upgrade() -> None:
    op.create_table(
        "ledger",
        _small("lane"),
        _incident(),
        *_source(),
        *_counts(),
        sa.PrimaryKeyConstraint("lane", "incident", "publisher", "origin"),
        sqlite_with_rowid=False,
    )
    op.create_index("ledger_by_source", "ledger", ["publisher", "origin", "incident"])
    op.create_table(
        "accounts",
        _small("lane"),
        *_source(),
        _number("incidents"),
        *_counts(),
        _text("kind"),
        _small("named"),
        _number("named_us"),
        sa.Column("named_by", sa.LargeBinary(16)),
        sa.PrimaryKeyConstraint("lane", "publisher", "origin"),
        sqlite_with_rowid=False,
    )
    op.create_index("accounts_by_publisher", "accounts", ["publisher", "origin"])
    op.create_index("accounts_by_origin", "accounts", ["origin", "publisher"])
    op.create_table(
        "firsts",
        _small("lane"),
        _incident(),
        sa.Column("first", sa.LargeBinary(16), nullable=False),
        *(_text(name) for name in ("publisher", "origin", "figure")),
        *(_number(name) for name in ("version", "published_us", "low")),
        _number("high", null=True),
        _small("amended"),
        _text("outcome"),
        sa.PrimaryKeyConstraint("lane", "incident", "first"),
        sqlite_with_rowid=False,
    )


def _source() -> tuple[sa.Column[str], sa.Column[str]]:
    """Text in the order of its bytes, on either engine."""
    kind = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    return sa.Column("publisher", kind, nullable=False), sa.Column("origin", kind, nullable=False)


def _counts() -> list[sa.Column[int]]:
    return [_number(name) for name in (*COUNTED, "first_us", "last_us")]


def _number(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, autoincrement=False, nullable=null)


def _small(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.SmallInteger, autoincrement=False, nullable=False)


def _incident() -> sa.Column[str]:
    return sa.Column("incident", sa.String(80), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)
