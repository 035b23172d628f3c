"""What a question needs to leave origins out, to ask about one part of the situation, and to know
which rows were derived by an older release.

Everything here is derived. A migration reads no stored events, so the rows that are there get
values that say nothing, and `sitrep migrate` derives them anew after it. The release before leaves
the new columns out of its inserts, and `derived_version` behind: that is how its rows are found.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PARTS = {
    "standing_by_part": ["version"],
    "standing_by_publication": ["published_us", "version"],
    "standing_by_effect": ["effective_us", "version"],
}


def upgrade() -> None:
    for table in ("standing", "voids"):
        op.add_column(table, _text("origin"))
    op.add_column("standing", _text("root_origin"))
    op.add_column("standing", _small("voices", 0))
    op.add_column("standing", _number("part"))
    op.add_column("voids", _small("retracts", 0))
    op.add_column("incidents", _small("edition", 1))
    op.add_column("incidents", _number("derived_version"))
    for name, columns in PARTS.items():
        op.create_index(name, "standing", ["lane", "incident", "part", *columns])


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _small(name: str, without: int) -> sa.Column[int]:
    return sa.Column(name, sa.SmallInteger, nullable=False, server_default=str(without))


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, server_default="0")
