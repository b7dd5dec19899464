"""The page by which a vertical describes itself: `manifest.toml` beside its `team.py`."""

import importlib
import tomllib
from pathlib import Path
from typing import Self

from agents.realtime import RealtimeAgent
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from huntgroup.domain.errors import TeamError
from huntgroup.teams.team import Team, team_of


class Retention(BaseModel):
    """For how many days each kind of data is kept; `audio`, where the operator has sound recorded, 0 for not at all.

    What was concluded from facts is kept at least as long as they are, their sound at most as long.
    """

    model_config = ConfigDict(extra="forbid")

    facts: int = Field(default=90, ge=1)
    audio: int = Field(default=0, ge=0)
    analytics: int = Field(default=365, ge=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.audio <= self.facts <= self.analytics:
            raise ValueError("audio is kept at most as long as facts, and analytics at least as long")
        return self


class Manifest(BaseModel):
    """What a vertical says of itself; `name` is its folder, `first_agent` the one that answers."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    first_agent: str
    languages: list[str] = Field(default_factory=lambda: ["en"])
    data_kept: list[str] = Field(default_factory=list)
    retention_days: Retention = Field(default_factory=Retention)


def read_manifest(path: Path) -> Manifest:
    """Read a manifest. Raises `TeamError` with the file and what is wrong in it."""
    try:
        return Manifest.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise TeamError(f"{path}: {error}") from error


def load_team(target: str) -> Team:
    """Load a team from `package.module:name`, where the name is a `Team` or a stock `RealtimeAgent`.

    Raises `TeamError` when there is no such module or name, or when it is something else.
    """
    module_name, _, attribute = target.partition(":")
    try:
        found = getattr(importlib.import_module(module_name), attribute)
    except (ImportError, AttributeError) as error:
        raise TeamError(f"cannot load {target}: {error}") from error
    if isinstance(found, RealtimeAgent):
        return team_of(found, name=module_name.rpartition(".")[2])
    if not isinstance(found, Team):
        raise TeamError(f"{target} is a {type(found).__name__}, neither a Team nor a RealtimeAgent")
    return found
