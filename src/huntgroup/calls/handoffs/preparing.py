"""What is made ready for a change of hands before anything is sent."""

import logging

from huntgroup.calls.handoffs import takeover
from huntgroup.calls.handoffs.moves import Move
from huntgroup.calls.handoffs.placing import Placing, Plan
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.state.redaction import Redaction
from huntgroup.calls.state.toolset import resolve
from huntgroup.domain.errors import TellModel, ToolFailed

logger = logging.getLogger(__name__)


async def prepare(live: LiveCall, move: Move, placing: Placing) -> Plan:
    """Resolve the receiver of a move. Its own code may fail: raises `TellModel`, and the giver goes on."""
    try:
        if move.edge.sdk is not None and not move.back:
            arguments = move.call.arguments if move.call is not None else ""
            await move.edge.sdk.on_invoke_handoff(live.run_context(), arguments)
        redaction = Redaction(live.team.agent(move.to), move.payload)
        told = _told(live, move, redaction)
        toolset = await resolve(live.team, move.to, live.run_context(), move.returns, told)
        plan = Plan(toolset=toolset, redaction=redaction)
        await placing.ready(move, plan)
    except TellModel:
        raise
    except Exception as error:
        logger.warning("handoff to %s could not be prepared: %s", move.to, type(error).__name__)
        raise ToolFailed(f"{move.to} cannot take the call now; carry on yourself") from error
    return plan


def _told(live: LiveCall, move: Move, redaction: Redaction) -> str:
    """Return what the receiver's instructions say of how the call came to it."""
    if not move.back:
        return takeover.takeover_text(move.edge, redaction.visible, move.by)
    told = takeover.return_text(move.edge, redaction.visible)
    return told if move.edge.policy == "full" else f"{told}\n{redaction.text(takeover.so_far(live.log.facts, move.to))}"
