"""Guardrails that come with the house: fast, deterministic checks, offered as the SDK's own guardrail objects."""

from huntgroup.teams.guardrails.allowances import MaySay
from huntgroup.teams.guardrails.clinical import find_clinical_advice
from huntgroup.teams.guardrails.findings import Finding
from huntgroup.teams.guardrails.injection import find_injection
from huntgroup.teams.guardrails.language import foreign_language
from huntgroup.teams.guardrails.neutralise import neutralise
from huntgroup.teams.guardrails.personal import PERSONAL_KINDS, find_personal_data, mask
from huntgroup.teams.guardrails.shipped import (
    guarded,
    no_clinical_advice,
    no_injected_arguments,
    no_injection,
    no_instructions_asked,
    no_personal_data,
    no_personal_data_in_output,
    no_topics,
    no_topics_asked,
    only_languages,
    only_languages_asked,
    remembers_personal_data,
)
from huntgroup.teams.guardrails.topic_shelf import (
    INSULTS,
    INVESTMENT_ADVICE,
    LEGAL_ADVICE,
    POLITICS,
    PROMISES,
    RELIGION,
    SHELF,
)
from huntgroup.teams.guardrails.topics import Topic, find_topics

__all__ = [
    "INSULTS",
    "INVESTMENT_ADVICE",
    "LEGAL_ADVICE",
    "PERSONAL_KINDS",
    "POLITICS",
    "PROMISES",
    "RELIGION",
    "SHELF",
    "Finding",
    "MaySay",
    "Topic",
    "find_clinical_advice",
    "find_injection",
    "find_personal_data",
    "find_topics",
    "foreign_language",
    "guarded",
    "mask",
    "neutralise",
    "no_clinical_advice",
    "no_injected_arguments",
    "no_injection",
    "no_instructions_asked",
    "no_personal_data",
    "no_personal_data_in_output",
    "no_topics",
    "no_topics_asked",
    "only_languages",
    "only_languages_asked",
    "remembers_personal_data",
]
