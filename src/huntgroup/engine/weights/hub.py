"""The last resort: a model hub, where one can be reached and the operator allows it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import httpx


class Hub:
    """Downloads single files by `{base_url}/{repo}/resolve/main/{path}`. Blocking.

    `base_url` comes from the operator; there is no default, so nothing is contacted unasked.
    """

    def __init__(self, base_url: str, *, transport: httpx.BaseTransport | None = None) -> None:
        self._base_url = base_url.rstrip("/")
        self._transport = transport

    def fetch(self, repo: str, path: str, target: Path) -> bool:
        """Write the file to `target` atomically; False when the hub does not have it or does not answer."""
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as out:
                url = f"{self._base_url}/{repo}/resolve/main/{path}"
                with self._client() as client, client.stream("GET", url) as answer:
                    answer.raise_for_status()
                    for chunk in answer.iter_bytes():
                        out.write(chunk)
        except (httpx.HTTPError, httpx.InvalidURL):
            return False
        else:
            temporary.chmod(0o644)
            temporary.replace(target)
            return True
        finally:
            temporary.unlink(missing_ok=True)

    def _client(self) -> httpx.Client:
        timeout = httpx.Timeout(60.0, connect=5.0)
        return httpx.Client(timeout=timeout, follow_redirects=True, transport=self._transport)
