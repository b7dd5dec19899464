"""Who is measured, and where peers that are not ours come from."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PIPECAT = "pipecat-ai[websocket,openai]==1.14.0"
_HOME = ROOT / ".tools" / "bench" / "pipecat"


@dataclass(frozen=True)
class Contender:
    """A server under test: its program, the Python that runs it, and the audio that it can pass to the model."""

    name: str
    module: str
    python: Path = Path(sys.executable)
    audio: tuple[str, ...] = ("pcmu", "pcm16")
    arguments: tuple[str, ...] = ()
    title: str = ""


RELAY = Contender("relay", "benchmarks.media.servers.relay", title="bare relay")
OURS = Contender("huntgroup", "benchmarks.media.servers.ours", title="huntgroup")
SDK = Contender("sdk", "benchmarks.media.servers.agents_sdk", title="Agents SDK, 50 ms pieces")
SDK_FRAMES = Contender(
    "sdk-20ms",
    "benchmarks.media.servers.agents_sdk",
    arguments=("--piece-ms", "20"),
    title="Agents SDK, 20 ms pieces",
)
PIPECAT_BOT = Contender(
    "pipecat",
    "benchmarks.media.servers.pipecat_bot",
    python=_HOME / "bin" / "python",
    audio=("pcm16",),
    title="Pipecat",
)
ALL = (RELAY, OURS, SDK, SDK_FRAMES, PIPECAT_BOT)


def make_ready(contender: Contender) -> None:
    """Install what a peer needs, once, into an environment of its own. Raises `RuntimeError` when that fails."""
    if contender is not PIPECAT_BOT or contender.python.exists():
        return
    uv = ROOT / ".tools" / "uv" / "bin" / "uv"
    program = str(uv) if uv.exists() else shutil.which("uv")
    if program is None:
        raise RuntimeError("needs uv, which ./run brings into the checkout")
    target = ("--python", str(contender.python))
    for command in (
        ("venv", "--quiet", "--python", sys.executable, str(_HOME)),
        ("pip", "install", "--quiet", *target, PIPECAT, "uvicorn[standard]", "fastapi"),
    ):
        done = subprocess.run([program, *command], capture_output=True, text=True, check=False)
        if done.returncode:
            shutil.rmtree(_HOME, ignore_errors=True)
            raise RuntimeError(f"cannot be installed: {done.stderr.strip().splitlines()[-1][:200]}")
