"""What the assistant is about to do for the caller."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Goal:
    """A tool to be called. Turns count from 0; only what was said from turn `floor` on fills times, choices and texts.

    `picked` holds values taken from an offered row with the turn of the choice: later words override them.
    `confirmed` are the arguments that the caller agreed to; other arguments are confirmed anew.
    `silent` goals fetch what another goal needs; their answer is not said.
    """

    tool: str
    opener: int
    floor: int
    picked: dict[str, tuple[Any, int]] = field(default_factory=dict)
    confirmed: dict[str, Any] | None = None
    denied: bool = False
    silent: bool = False
    waived: set[str] = field(default_factory=set)
    asked: Counter[str] = field(default_factory=Counter)
    tried: list[str] = field(default_factory=list)
    retry_from: int = -1
    offered: bool = False
    stalled: bool = False
    text: str = ""
