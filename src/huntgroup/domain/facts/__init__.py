"""The facts of a call: immutable, ordered, and the only history that anybody keeps.

Each fact has the call's id, its sequence number (from 0, without holes), milliseconds of the line's clock since the
call began, and the agent that owned that moment. On the wire and in the store a fact is a JSON object whose `type` is
its class name. Fields that may hold personal data are named in `PERSONAL`; nothing else does.

The modules are topics; everything is imported from here.
"""

from huntgroup.domain.facts.base import FactBase, UnreadableFact
from huntgroup.domain.facts.call import (
    BadInput,
    CallEnded,
    CallStarted,
    ClaimGranted,
    DtmfPressed,
    EmergencyDeclared,
    HumanRequested,
    LineLost,
    LineReturned,
    RecordingFailed,
    SilencePrompted,
    SoundElsewhere,
)
from huntgroup.domain.facts.codec import decode_any, decode_fact, encode_fact
from huntgroup.domain.facts.every import FACT_TYPES, Fact
from huntgroup.domain.facts.guardrails import GuardrailChecked, GuardrailFailed, GuardrailTripped
from huntgroup.domain.facts.handoffs import (
    ContextMeasured,
    ContextTrimmed,
    HandoffCommitted,
    HandoffHeard,
    HandoffProposed,
    HandoffRefused,
    HandoffReturned,
    HandoffRolledBack,
    OpenerEchoed,
    StandbyFailed,
)
from huntgroup.domain.facts.masking import FOR_THE_CALLER, MASK, NOTHING_CLEAR, Clear, masked
from huntgroup.domain.facts.model import ModelError, ModelLost, ModelRestored, ModelRolledOver, UsageReported
from huntgroup.domain.facts.process import CallMoved, CallResumed
from huntgroup.domain.facts.speech import (
    AgentPaused,
    AgentResumed,
    AgentSpoke,
    CallerSpoke,
    FillerSpoken,
    Interrupted,
    SpeechIgnored,
)
from huntgroup.domain.facts.supervision import (
    LengthReached,
    SupervisorJoined,
    SupervisorLeft,
    SupervisorSpoke,
    WhisperAnswered,
    Whispered,
)
from huntgroup.domain.facts.tools import ApprovalAsked, ApprovalGiven, Consulted, LateResult, ToolAnswered, ToolCalled

__all__ = [
    "FACT_TYPES",
    "FOR_THE_CALLER",
    "MASK",
    "NOTHING_CLEAR",
    "AgentPaused",
    "AgentResumed",
    "AgentSpoke",
    "ApprovalAsked",
    "ApprovalGiven",
    "BadInput",
    "CallEnded",
    "CallMoved",
    "CallResumed",
    "CallStarted",
    "CallerSpoke",
    "ClaimGranted",
    "Clear",
    "Consulted",
    "ContextMeasured",
    "ContextTrimmed",
    "DtmfPressed",
    "EmergencyDeclared",
    "Fact",
    "FactBase",
    "FillerSpoken",
    "GuardrailChecked",
    "GuardrailFailed",
    "GuardrailTripped",
    "HandoffCommitted",
    "HandoffHeard",
    "HandoffProposed",
    "HandoffRefused",
    "HandoffReturned",
    "HandoffRolledBack",
    "HumanRequested",
    "Interrupted",
    "LateResult",
    "LengthReached",
    "LineLost",
    "LineReturned",
    "ModelError",
    "ModelLost",
    "ModelRestored",
    "ModelRolledOver",
    "OpenerEchoed",
    "RecordingFailed",
    "SilencePrompted",
    "SoundElsewhere",
    "SpeechIgnored",
    "StandbyFailed",
    "SupervisorJoined",
    "SupervisorLeft",
    "SupervisorSpoke",
    "ToolAnswered",
    "ToolCalled",
    "UnreadableFact",
    "UsageReported",
    "WhisperAnswered",
    "Whispered",
    "decode_any",
    "decode_fact",
    "encode_fact",
    "masked",
]
