"""What was said of who may read what, so that a question need not read the log to know what is
withheld; and until when a stored view may be sent as it is.

Derived from the events. Rows of the release before are derived anew after the migration, as those
that it writes later are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "withholdings",
        sa.Column("lane", sa.SmallInteger, autoincrement=False, nullable=False),
        sa.Column("incident", sa.String(80), nullable=False),
        *(_number(name) for name in ("target", "by", "published_us", "until_us")),
        *(sa.Column(name, sa.SmallInteger, nullable=False) for name in ("marks", "releases")),
        sa.PrimaryKeyConstraint("lane", "incident", "target", "by"),
        sqlite_with_rowid=False,
    )
    op.add_column("incidents", sa.Column("release_us", sa.BigInteger))


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, autoincrement=False, nullable=False)
