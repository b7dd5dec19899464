"""The words that a vertical is written in."""

from huntgroup.teams.agent import VoiceAgent
from huntgroup.teams.bargein import BargeInPolicy
from huntgroup.teams.context import CallContext, ToolContext
from huntgroup.teams.edges import Consult, Edge, consult, handoff
from huntgroup.teams.guard import GuardPolicy
from huntgroup.teams.keys import KeyTransfer
from huntgroup.teams.payload import Brief
from huntgroup.teams.team import SilencePolicy, Team, team_of
from huntgroup.teams.tool import Effect, Late, VoiceTool, effect_of, tool

__all__ = [
    "BargeInPolicy",
    "Brief",
    "CallContext",
    "Consult",
    "Edge",
    "Effect",
    "GuardPolicy",
    "KeyTransfer",
    "Late",
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
