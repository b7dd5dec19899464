"""What sentences mean, beside what words they have: trained judges over sentence vectors, and judges from examples."""

from huntgroup.teams.guardrails.meaning.fewshot import Likeness
from huntgroup.teams.guardrails.meaning.heads import Heads, shipped_heads
from huntgroup.teams.guardrails.meaning.port import Encode, Meaning

__all__ = ["Encode", "Heads", "Likeness", "Meaning", "shipped_heads"]
