"""Small teams for tests of the runtime."""

import asyncio

from pydantic import Field

from huntgroup.teams import Brief, Team, ToolContext, VoiceAgent, consult, handoff, tool


class Question(Brief):
    """What the caller wants."""

    question: str = Field(description="The caller's question.")
    secret: str = Field(default="", description="Not for everybody.")


class Result(Brief):
    """What came of it."""

    outcome: str = Field(description="What came of it.")


@tool(effect="read")
async def look(ctx: ToolContext, what: str) -> dict[str, object]:
    """Look something up."""
    return {"ok": True, "message": f"There is {what}."}


@tool(effect="write", requires=("verified",))
async def write(ctx: ToolContext, what: str) -> dict[str, object]:
    """Write something down."""
    return {"ok": True, "key": ctx.context.idempotency_key(ctx.tool_call_id)}


@tool(effect="read")
async def verify(ctx: ToolContext) -> dict[str, object]:
    """Verify the caller. Grants: verified"""
    ctx.context.claims.grant("verified", "p1")
    return {"ok": True}


@tool(effect="read")
async def fail(ctx: ToolContext) -> dict[str, object]:
    """Fail."""
    raise RuntimeError("the caller's secret 555-0142")


@tool(effect="read", timeout_ms=50)
async def hang(ctx: ToolContext) -> dict[str, object]:
    """Never answer."""
    await asyncio.Event().wait()
    return {}


@tool(effect="read", patience_ms=600)
async def slow(ctx: ToolContext) -> dict[str, object]:
    """Take two seconds."""
    await ctx.context.clock.sleep_ms(2_000)
    return {"ok": True, "message": "Here it is."}


@tool(effect="read")
async def flood(ctx: ToolContext) -> str:
    """Answer a megabyte."""
    return "x" * 1_000_000


@tool(effect="terminal")
async def goodbye(ctx: ToolContext) -> dict[str, object]:
    """End the call."""
    ctx.context.hang_up("agent_hung_up")
    return {"ok": True, "message": "Goodbye."}


desk = VoiceAgent(
    name="desk",
    instructions="You are the desk.",
    opener="Hello.",
    tools=[look, write, verify, fail, hang, slow, flood, goodbye],
)
expert = VoiceAgent(name="expert", instructions="You are the expert.", tools=[look], sees=frozenset({"question"}))

TEAM = Team(
    name="office",
    first="desk",
    agents=[desk, expert],
    edges=[handoff(frm="desk", to="expert", description="Ask an expert.", brief=Question, returns=Result)],
    consults=[consult(frm="desk", to="expert", description="Ask the expert.", returns=Result)],
)
