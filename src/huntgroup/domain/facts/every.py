"""All facts there are. A fact that is not in this union is no fact: it cannot be read back."""

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
    Whispered,
)
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
from huntgroup.domain.facts.tools import ApprovalAsked, ApprovalGiven, Consulted, LateResult, ToolAnswered, ToolCalled

Fact = (
    CallStarted
    | SoundElsewhere
    | CallerSpoke
    | AgentSpoke
    | ToolCalled
    | ToolAnswered
    | LateResult
    | HandoffProposed
    | HandoffRefused
    | HandoffCommitted
    | ContextTrimmed
    | ContextMeasured
    | HandoffHeard
    | OpenerEchoed
    | HandoffRolledBack
    | HandoffReturned
    | StandbyFailed
    | Consulted
    | Interrupted
    | AgentPaused
    | AgentResumed
    | SpeechIgnored
    | GuardrailTripped
    | GuardrailChecked
    | GuardrailFailed
    | ApprovalAsked
    | ApprovalGiven
    | DtmfPressed
    | ClaimGranted
    | SilencePrompted
    | FillerSpoken
    | EmergencyDeclared
    | HumanRequested
    | Whispered
    | RecordingFailed
    | LineLost
    | LineReturned
    | CallMoved
    | CallResumed
    | ModelLost
    | ModelRestored
    | ModelRolledOver
    | ModelError
    | BadInput
    | UsageReported
    | UnreadableFact
    | CallEnded
)
FACT_TYPES: tuple[type[FactBase], ...] = Fact.__args__
