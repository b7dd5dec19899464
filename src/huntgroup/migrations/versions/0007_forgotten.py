"""Calls that were deleted, so that facts that come late do not bring them back."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forgotten_calls",
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_forgotten_calls")),
        schema="huntgroup",
    )


def downgrade() -> None:
    op.drop_table("forgotten_calls", schema="huntgroup")
