"""The tree over the log, and whom its checkpoints are signed by (docs/adr/0012).

Each lane's head learns how far its tree has grown: its peaks, and the checkpoint signed at its last
append. The release before leaves these columns as they are; the tree is grown over what it appended
when the next release appends. An incident learns which event erased words of it last.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lane_heads", sa.Column("tree_size", sa.BigInteger))
    op.add_column("lane_heads", sa.Column("peaks", sa.LargeBinary))
    op.add_column("lane_heads", sa.Column("checkpoint", sa.LargeBinary))
    op.add_column("incidents", sa.Column("erased_version", sa.BigInteger))
    op.create_table(
        "tiles",
        sa.Column("lane", sa.SmallInteger, autoincrement=False, nullable=False),
        sa.Column("level", sa.SmallInteger, autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(32), nullable=False),
        sa.Column("hashes", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("lane", "level", "number"),
    )
    op.create_table(
        "signers",
        sa.Column("number", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("verifier", sa.Text, nullable=False),
        sa.Column("since_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
