"""The words that a vertical is written in."""

from huntgroup.teams.agent import VoiceAgent
from huntgroup.teams.context import CallContext, ToolContext
from huntgroup.teams.edges import Brief, Consult, Edge, consult, handoff
from huntgroup.teams.guard import GuardPolicy
from huntgroup.teams.team import SilencePolicy, Team, team_of
from huntgroup.teams.tool import Effect, VoiceTool, effect_of, tool

__all__ = [
    "Brief",
    "CallContext",
    "Consult",
    "Edge",
    "Effect",
    "GuardPolicy",
    "SilencePolicy",
    "Team",
    "ToolContext",
    "VoiceAgent",
    "VoiceTool",
    "consult",
    "effect_of",
    "handoff",
    "team_of",
    "tool",
]
