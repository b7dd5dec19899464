"""The desk's search: the words of a call in one place, its feeling as a column, and the order of the list as an index."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# PostgreSQL takes 1 MB of words in one place: so many characters are below that, whatever their letters.
_FILL = r"""
    insert into huntgroup.call_words (call_id, words)
    select call_id, strip(to_tsvector('simple', translate(
        left(string_agg(said, ' ' order by seq), 200000), E'-@./\\_+:;<>&#=?~%\'', repeat(' ', 18))))
    from (
        select call_id, seq, case type when 'AgentSpoke' then body ->> 'heard_text' else body ->> 'text' end as said
        from huntgroup.facts where type in ('CallerSpoke', 'AgentSpoke')
    ) as heard
    where said <> ''
    group by call_id
"""


def upgrade() -> None:
    op.create_table(
        "call_words",
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_call_words")),
        schema="huntgroup",
    )
    op.execute(sa.text(_FILL.replace(":", r"\:")))
    op.create_index(
        "ix_call_words_words", "call_words", ["words"], unique=False, schema="huntgroup", postgresql_using="gin"
    )
    op.drop_index("ix_facts_heard", table_name="facts", schema="huntgroup", postgresql_using="gin")
    op.add_column(
        "analytics",
        sa.Column("sentiment", sa.String(), sa.Computed("body ->> 'sentiment_label'", persisted=True), nullable=True),
        schema="huntgroup",
    )
    op.drop_index("ix_calls_started_at", table_name="calls", schema="huntgroup")
    op.create_index(
        "ix_calls_started_at",
        "calls",
        [sa.literal_column("started_at desc"), sa.literal_column("call_id desc")],
        unique=False,
        schema="huntgroup",
    )


def downgrade() -> None:
    op.drop_index("ix_calls_started_at", table_name="calls", schema="huntgroup")
    op.create_index(
        "ix_calls_started_at", "calls", [sa.literal_column("started_at desc")], unique=False, schema="huntgroup"
    )
    op.drop_column("analytics", "sentiment", schema="huntgroup")
    op.create_index(
        "ix_facts_heard",
        "facts",
        [sa.literal_column("to_tsvector('simple'::regconfig, coalesce(body ->> 'heard_text', body ->> 'text'))")],
        unique=False,
        schema="huntgroup",
        postgresql_using="gin",
        postgresql_where=sa.text("type in ('CallerSpoke', 'AgentSpoke')"),
    )
    op.drop_table("call_words", schema="huntgroup")
