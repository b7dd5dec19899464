"""What `huntgroup check` looks at. Every function returns problems as lines that name the place and the remedy."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agents import FunctionTool, Tool

from huntgroup.domain.errors import HuntgroupError
from huntgroup.teams.manifest import load_team, read_manifest
from huntgroup.teams.team import Team
from huntgroup.testing.scenario import load_scenario
from huntgroup.verticals import discover

_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
_EXAMPLES = re.compile(r"^\s*Examples:\s*$", re.MULTILINE)


def vertical_names() -> list[str]:
    """Names of the verticals that are installed."""
    return [vertical.name for vertical in discover()]


def vertical_dir(name: str) -> Path | None:
    """The folder of a vertical, or None when there is none of that name."""
    return next((vertical.folder for vertical in discover() if vertical.name == name), None)


def inspect_vertical(name: str) -> list[str]:
    """Look at one vertical whole: its manifest, team, prompts and scenarios."""
    folder = vertical_dir(name)
    if folder is None:
        return [f"there is no such vertical; there are: {', '.join(vertical_names())}"]
    problems = [*_manifest(folder), *_prompts(folder), *_scenarios(folder)]
    problems.extend(inspect_target(f"huntgroup.verticals.{name}.team:TEAM"))
    if not (folder / "README.md").is_file():
        problems.append("README.md is missing: ten lines on what a caller can do and how to try it")
    return problems


def inspect_target(target: str) -> list[str]:
    """Look at a team, or a stock agent, by `package.module:name`."""
    try:
        team = load_team(target)
    except HuntgroupError as error:
        return [str(error)]
    return [*_agents(team), *_edges(team)]


def _manifest(folder: Path) -> Iterator[str]:
    try:
        manifest = read_manifest(folder / "manifest.toml")
        team = load_team(f"huntgroup.verticals.{folder.name}.team:TEAM")
    except HuntgroupError as error:
        yield str(error)
        return
    if manifest.name != folder.name:
        yield f"manifest.toml: name is {manifest.name!r}, the folder is {folder.name!r}"
    if manifest.first_agent != team.first:
        yield f"manifest.toml: first_agent is {manifest.first_agent!r}, the team begins with {team.first!r}"
    if team.name != manifest.name:
        yield f"team.py: the team is named {team.name!r}, the manifest {manifest.name!r}"


def _prompts(folder: Path) -> Iterator[str]:
    for prompt in sorted((folder / "prompts").glob("*.md")):
        if not prompt.read_text("utf-8").strip():
            yield f"prompts/{prompt.name} is empty"


def _scenarios(folder: Path) -> Iterator[str]:
    for path in sorted((folder / "scenarios").glob("*.yaml")):
        try:
            load_scenario(path)
        except (HuntgroupError, ValueError) as error:
            yield f"scenarios/{path.name}: {' '.join(str(error).split())}"


def _agents(team: Team) -> Iterator[str]:
    reachable = _reachable(team)
    for agent in team.agents:
        if not _NAME.match(agent.name):
            yield f"agent {agent.name!r}: a name is lower_case with underscores, so that a model can say it"
        if agent.instructions is None or (isinstance(agent.instructions, str) and not agent.instructions.strip()):
            yield f"agent {agent.name}: no instructions"
        if agent.name not in reachable:
            yield f"agent {agent.name}: no handoff, consult or fallback leads to it from {team.first}"
        for tool in agent.tools:
            yield from (f"agent {agent.name}, {problem}" for problem in _tool(tool))


def _reachable(team: Team) -> set[str]:
    waiting = [team.first] if team.fallback is None else [team.first, team.fallback]
    reached = set(waiting)
    while waiting:
        name = waiting.pop()
        nearby = [edge.to for edge in team.edges_from(name)] + [asked.to for asked in team.consults_of(name)]
        fresh = [other for other in nearby if other not in reached]
        reached.update(fresh)
        waiting.extend(fresh)
    return reached


def _tool(tool: Tool) -> Iterator[str]:
    if not isinstance(tool, FunctionTool):
        return
    where = f"tool {tool.name}"
    if not tool.description.strip():
        yield f"{where}: no description, so a model cannot know what it is for"
    elif not _EXAMPLES.search(tool.description) and hasattr(tool, "effect"):
        yield f"{where}: no `Examples:` section, so the offline engine has nothing to match a caller's words with"
    yield from (f"{where}, {problem}" for problem in _schema(tool.params_json_schema))


def _schema(schema: dict[str, Any]) -> Iterator[str]:
    properties = schema.get("properties", {})
    for name in schema.get("required", []):
        if name not in properties:
            yield f"argument {name} is required and not declared"
    for name, spec in properties.items():
        if not _NAME.match(name):
            yield f"argument {name!r}: a name is lower_case with underscores"
        if not str(spec.get("description", "")).strip():
            yield f"argument {name}: no description in the docstring's `Args:`"
    try:
        json.dumps(schema)
    except (TypeError, ValueError):
        yield "its schema cannot be written as JSON"


def _edges(team: Team) -> Iterator[str]:
    for edge in team.edges:
        where = f"handoff {edge.frm} to {edge.to}"
        if not edge.description.strip():
            yield f"{where}: no description, so a model cannot know when to use it"
        for name, spec in edge.parameters().get("properties", {}).items():
            if edge.sdk is None and not str(spec.get("description", "")).strip():
                yield f"{where}: field {name} of its brief has no description"
