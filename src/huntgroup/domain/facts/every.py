"""All facts there are. A fact that is not in this union is no fact: it cannot be read back."""

from typing import get_args

from huntgroup.domain.facts import call, guardrails, handoffs, model, process, speech, supervision, tools
from huntgroup.domain.facts.base import FactBase, UnreadableFact

Fact = (
    call.CallStarted
    | call.SoundElsewhere
    | speech.CallerSpoke
    | speech.AgentSpoke
    | tools.ToolCalled
    | tools.ToolAnswered
    | tools.LateResult
    | handoffs.HandoffProposed
    | handoffs.HandoffRefused
    | handoffs.HandoffCommitted
    | handoffs.ContextTrimmed
    | handoffs.ContextMeasured
    | handoffs.HandoffHeard
    | handoffs.OpenerEchoed
    | handoffs.HandoffRolledBack
    | handoffs.HandoffReturned
    | handoffs.StandbyFailed
    | tools.Consulted
    | speech.Interrupted
    | speech.AgentPaused
    | speech.AgentResumed
    | speech.SpeechIgnored
    | guardrails.GuardrailTripped
    | guardrails.GuardrailChecked
    | guardrails.GuardrailFailed
    | tools.ApprovalAsked
    | tools.ApprovalGiven
    | call.DtmfPressed
    | call.ClaimGranted
    | call.SilencePrompted
    | speech.FillerSpoken
    | call.EmergencyDeclared
    | call.HumanRequested
    | supervision.Whispered
    | supervision.WhisperAnswered
    | supervision.LengthReached
    | supervision.SupervisorJoined
    | supervision.SupervisorSpoke
    | supervision.SupervisorLeft
    | call.RecordingFailed
    | call.LineLost
    | call.LineReturned
    | process.CallMoved
    | process.CallResumed
    | model.ModelLost
    | model.ModelRestored
    | model.ModelRolledOver
    | model.ModelError
    | call.BadInput
    | model.UsageReported
    | UnreadableFact
    | call.CallEnded
)
FACT_TYPES: tuple[type[FactBase], ...] = get_args(Fact)
