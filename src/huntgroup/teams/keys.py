"""What keys do by themselves, whoever has the call."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class KeyTransfer:
    """A key that hands the call to `to`, where the owner has an edge to it; `brief` is what is told along that edge."""

    to: str
    brief: Mapping[str, Any] = field(default_factory=dict)
