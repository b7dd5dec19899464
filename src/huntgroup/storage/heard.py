"""The words that were heard in a call, for the search: kept in one place as facts of speech are stored."""

import re
from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from huntgroup.domain.facts import AgentSpoke, CallerSpoke, Fact
from huntgroup.storage.gone import not_forgotten

# PostgreSQL takes 1 MB of words in one place, and a call's record must be stored whatever was said in it: twice this
# many words of four-byte letters are below that.
MOST_WORDS = 3_000
LONGEST_WORD = 32
# Letters and digits alone. PostgreSQL's own parser would keep an address, a date or a number with dashes as one word.
_WORD = re.compile(r"[^\W_]+")
# Without positions the same words twice are the words once, so that a batch can be stored again.
_NOTE = text(
    f"""
    insert into huntgroup.call_words as known (call_id, words)
    select call_id, strip(to_tsvector('simple', said))
    from unnest(cast(:call_ids as text[]), cast(:said as text[])) as batch (call_id, said)
    where {not_forgotten("batch.call_id")} order by call_id
    on conflict (call_id) do update set words = known.words || excluded.words where length(known.words) < :most
    """  # noqa: S608
)


def words_of(said: str) -> list[str]:
    """Return the words of a text in lower case, each once, in order; of long ones the beginning."""
    return list(dict.fromkeys(word[:LONGEST_WORD].lower() for word in _WORD.findall(said)))


async def note_words(session: AsyncSession, facts: Sequence[Fact]) -> None:
    """Add what was heard in these facts to the words of their calls; safe to repeat."""
    said: dict[str, list[str]] = {}
    for fact in facts:
        if heard := _heard(fact):
            said.setdefault(fact.call_id, []).append(heard)
    found = {call_id: " ".join(words_of(" ".join(texts))[:MOST_WORDS]) for call_id, texts in said.items()}
    if any(found.values()):
        columns = {"call_ids": list(found), "said": list(found.values()), "most": MOST_WORDS}
        await session.execute(_NOTE, columns)


def _heard(fact: Fact) -> str:
    match fact:
        case CallerSpoke():
            return fact.text
        case AgentSpoke():
            return fact.heard_text
        case _:
            return ""
