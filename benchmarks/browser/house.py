"""`huntgroup serve` as a process: what a page is served by, and what can be killed under it."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

START_LIMIT_S = 180.0
_ROOT = Path(__file__).resolve().parents[2]


class ServedHouse:
    """A server that keeps its port when it is started again, as a page expects of an address.

    `folder` holds its data and `server.log`; every user of the machine must be able to pass through. `settings` are
    variables of its environment. Use it in a `with` block, or call `start` and `stop`.
    """

    def __init__(self, folder: Path, **settings: str) -> None:
        self._folder = folder
        self._port = _free_port()
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its origin."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def pid(self) -> int:
        """The server's process, while there is one."""
        if self._process is None:
            raise RuntimeError("the house is not started")
        return self._process.pid

    def start(self) -> None:
        """Start it, and wait until it takes calls. Raises `RuntimeError` with the end of its log when it does not."""
        log = self._folder / "server.log"
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "huntgroup", "serve"],
                env=self._environment(os.environ),
                cwd=_ROOT,
                stdout=output,
                stderr=output,
            )
        until = time.monotonic() + START_LIMIT_S
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > until:
                self.kill()
                raise RuntimeError(f"huntgroup serve did not start:\n{log.read_text('utf-8')[-2000:]}")
            time.sleep(0.1)

    def kill(self) -> None:
        """End it at once, with no chance to say goodbye."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self, limit_s: float = 60.0) -> None:
        """Ask it to leave; kill it when it does not."""
        if self._process is None:
            return
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(limit_s)
        self.kill()

    def read(self, path: str) -> Any:
        """What its API answers to a GET. Raises `urllib.error.URLError`."""
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            return json.load(answer)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _environment(self, given: Mapping[str, str]) -> dict[str, str]:
        kept = {name: value for name, value in given.items() if not name.startswith(("HUNTGROUP_", "OPENAI_"))}
        own = {"HUNTGROUP_PORT": str(self._port), "HUNTGROUP_DATA_DIR": str(self._folder / "data")}
        return kept | own | self._settings

    def _is_ready(self) -> bool:
        try:
            return bool(self.read("/readyz")["status"] == "ready")
        except (OSError, urllib.error.URLError):
            return False


def _free_port() -> int:
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        return int(asking.getsockname()[1])
