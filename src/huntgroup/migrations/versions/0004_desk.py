"""The desk: who may come in, who is there, what they did; and calls that are found by what was heard in them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_links",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_desk_links")),
        schema="huntgroup",
    )
    op.create_table(
        "desk_sessions",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_desk_sessions")),
        schema="huntgroup",
    )
    op.create_table(
        "desk_deeds",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_deeds")),
        schema="huntgroup",
    )
    op.create_index("ix_calls_caller", "calls", ["caller"], unique=False, schema="huntgroup")
    op.create_index("ix_desk_deeds_call_id", "desk_deeds", ["call_id"], unique=False, schema="huntgroup")
    op.create_index(
        "ix_facts_heard",
        "facts",
        [sa.literal_column("to_tsvector('simple'::regconfig, coalesce(body ->> 'heard_text', body ->> 'text'))")],
        unique=False,
        schema="huntgroup",
        postgresql_using="gin",
        postgresql_where=sa.text("type in ('CallerSpoke', 'AgentSpoke')"),
    )


def downgrade() -> None:
    op.drop_index("ix_facts_heard", table_name="facts", schema="huntgroup", postgresql_using="gin")
    op.drop_index("ix_calls_caller", table_name="calls", schema="huntgroup")
    op.drop_index("ix_desk_deeds_call_id", table_name="desk_deeds", schema="huntgroup")
    op.drop_table("desk_deeds", schema="huntgroup")
    op.drop_table("desk_sessions", schema="huntgroup")
    op.drop_table("desk_links", schema="huntgroup")
