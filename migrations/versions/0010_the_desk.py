"""Who is signed in at the desk, and what they have begun to write (docs/adr/0017).

The release before has no desk and knows nothing of either.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_ins",
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("secret", sa.LargeBinary(32), nullable=False),
        *(_number(name) for name in ("created_us", "used_us", "until_us")),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_table(
        "drafts",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("update_id", sa.LargeBinary(16), nullable=False),
        sa.Column("incident", sa.String(80)),
        _number("version"),
        sa.Column("fields", sa.LargeBinary, nullable=False),
        _number("changed_us"),
        sa.PrimaryKeyConstraint("name", "update_id"),
    )


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, autoincrement=False, nullable=False)
