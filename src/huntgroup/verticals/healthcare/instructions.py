"""Prompts as files, with the practice's name and its present filled in when an agent takes the call."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from agents import RunContextWrapper
from agents.realtime import RealtimeAgent

from huntgroup.teams import CallContext
from huntgroup.verticals.healthcare.rules.spoken import say_now
from huntgroup.verticals.healthcare.seeding.catalog import PRACTICE

Instructions = Callable[[RunContextWrapper[CallContext], RealtimeAgent[CallContext]], str]


@cache
def read_prompt(name: str) -> str:
    """Return the text of `prompts/<name>.md`."""
    return (files("huntgroup.verticals.healthcare") / "prompts" / f"{name}.md").read_text("utf-8")


def instructions_from(name: str) -> Instructions:
    """Return instructions that render `prompts/<name>.md` with the time at which they are asked for."""

    def render(ctx: RunContextWrapper[CallContext], agent: RealtimeAgent[Any]) -> str:
        now = ctx.context.clock.utc_now().astimezone(ZoneInfo(PRACTICE["timezone"]))
        return read_prompt(name).format(practice=PRACTICE["name"], now=say_now(now))

    return render
