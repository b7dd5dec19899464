"""Who owns a call, which processes live, facts that came too late, and callers to be called back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call_leases",
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_call_leases")),
        schema="huntgroup",
    )
    op.create_table(
        "processes",
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("draining", sa.Boolean(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_processes")),
        schema="huntgroup",
    )
    op.create_table(
        "stray_facts",
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("call_id", "epoch", "seq", name=op.f("pk_stray_facts")),
        schema="huntgroup",
    )
    op.create_table(
        "callbacks",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tenant_id", sa.String(), server_default="default", nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("caller", sa.String(), nullable=False),
        sa.Column("callee", sa.String(), nullable=True),
        sa.Column("carrier_call", sa.String(), nullable=False),
        sa.Column("wished_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["huntgroup.tenants.id"], name=op.f("fk_callbacks_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callbacks")),
        sa.UniqueConstraint("carrier_call", name=op.f("uq_callbacks_carrier_call")),
        schema="huntgroup",
    )
    op.create_index(
        "ix_callbacks_state_wished_at", "callbacks", ["state", "wished_at"], unique=False, schema="huntgroup"
    )
    op.create_index(
        "ix_calls_running",
        "calls",
        ["started_at"],
        unique=False,
        schema="huntgroup",
        postgresql_where=sa.text("ended_at is null"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_calls_running", table_name="calls", schema="huntgroup", postgresql_where=sa.text("ended_at is null")
    )
    op.drop_index("ix_callbacks_state_wished_at", table_name="callbacks", schema="huntgroup")
    op.drop_table("callbacks", schema="huntgroup")
    op.drop_table("stray_facts", schema="huntgroup")
    op.drop_table("processes", schema="huntgroup")
    op.drop_table("call_leases", schema="huntgroup")
