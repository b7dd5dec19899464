"""All that a call needs from outside. Each port has a real and an in-memory implementation and one contract suite."""

from huntgroup.calls.ports.around import LineAround
from huntgroup.calls.ports.line import (
    Line,
    LineAudio,
    LineBadInput,
    LineDtmf,
    LineEnded,
    LineEvent,
    LineMark,
    LineReturned,
    LineTick,
)
from huntgroup.calls.ports.model import Capacity, ModelSession, Outgoing, Profile, RealtimeModel
from huntgroup.calls.ports.phrases import HousePhrases, Phrase, PhraseKind
from huntgroup.calls.ports.stores import CallLeases, CallStore, ToolOutcomes
from huntgroup.calls.ports.supervisor import Supervisor
from huntgroup.domain.call import Lease
from huntgroup.domain.clock import Clock

__all__ = [
    "CallLeases",
    "CallStore",
    "Capacity",
    "Clock",
    "HousePhrases",
    "Lease",
    "Line",
    "LineAround",
    "LineAudio",
    "LineBadInput",
    "LineDtmf",
    "LineEnded",
    "LineEvent",
    "LineMark",
    "LineReturned",
    "LineTick",
    "ModelSession",
    "Outgoing",
    "Phrase",
    "PhraseKind",
    "Profile",
    "RealtimeModel",
    "Supervisor",
    "ToolOutcomes",
]
