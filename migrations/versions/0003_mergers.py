"""Which incident a merged one is told on as, so that reading the one that is left costs no more.

Derived from the events; the release before knows of no mergers and leaves it empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("incidents", sa.Column("merged_into", sa.String(80)))
