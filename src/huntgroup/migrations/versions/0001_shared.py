"""The shared tables, and the tenant that calls belong to when none is named."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "analytics",
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("sentiment_score", sa.Double(), nullable=False),
        sa.Column("lead_score", sa.Integer(), nullable=False),
        sa.Column("resolution", sa.String(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_analytics")),
        schema="huntgroup",
    )
    op.create_table(
        "facts",
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("t_ms", sa.Integer(), nullable=False),
        sa.Column("agent", sa.String(), nullable=True),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("call_id", "seq", name=op.f("pk_facts")),
        schema="huntgroup",
    )
    op.create_index("ix_facts_type_at", "facts", ["type", "at"], unique=False, schema="huntgroup")
    op.create_table(
        "tenants",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("keep_calls_days", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenants")),
        schema="huntgroup",
    )
    op.create_table(
        "tool_results",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=True),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_tool_results")),
        schema="huntgroup",
    )
    op.create_index("ix_tool_results_call_id", "tool_results", ["call_id"], unique=False, schema="huntgroup")
    op.create_table(
        "calls",
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("tenant_id", sa.String(), server_default="default", nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("caller", sa.String(), nullable=True),
        sa.Column("callee", sa.String(), nullable=True),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("end_reason", sa.String(), nullable=True),
        sa.Column("keep_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["huntgroup.tenants.id"], name=op.f("fk_calls_tenant_id")),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_calls")),
        schema="huntgroup",
    )
    op.create_index(
        "ix_calls_keep_until",
        "calls",
        ["keep_until"],
        unique=False,
        schema="huntgroup",
        postgresql_where=sa.text("keep_until is not null"),
    )
    op.create_index(
        "ix_calls_started_at",
        "calls",
        [sa.literal_column("started_at desc")],
        unique=False,
        schema="huntgroup",
    )
    op.create_index(
        "ix_calls_team_started_at",
        "calls",
        ["team", sa.literal_column("started_at desc")],
        unique=False,
        schema="huntgroup",
    )
    op.execute("insert into huntgroup.tenants (id, name) values ('default', 'Default')")


def downgrade() -> None:
    op.drop_index("ix_calls_team_started_at", table_name="calls", schema="huntgroup")
    op.drop_index("ix_calls_started_at", table_name="calls", schema="huntgroup")
    op.drop_index(
        "ix_calls_keep_until",
        table_name="calls",
        schema="huntgroup",
        postgresql_where=sa.text("keep_until is not null"),
    )
    op.drop_table("calls", schema="huntgroup")
    op.drop_index("ix_tool_results_call_id", table_name="tool_results", schema="huntgroup")
    op.drop_table("tool_results", schema="huntgroup")
    op.drop_table("tenants", schema="huntgroup")
    op.drop_index("ix_facts_type_at", table_name="facts", schema="huntgroup")
    op.drop_table("facts", schema="huntgroup")
    op.drop_table("analytics", schema="huntgroup")
