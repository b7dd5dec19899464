"""What can be wrong with model files. Both mean: the craft that needs them is off, the rest goes on."""

from __future__ import annotations

from pathlib import Path

from huntgroup.domain.errors import DataMissing


class WeightsMissing(DataMissing):
    """No source has the bundle; `reason` names it and where it was looked for."""

    def __init__(self, bundle: str, looked_in: list[str]) -> None:
        self.bundle = bundle
        self.reason = f"model files of {bundle} not found (looked in: {', '.join(looked_in) or 'nowhere'})"
        super().__init__(self.reason)


class WeightsDamaged(DataMissing):
    """A file is there but its SHA-256 is not the pinned one."""

    def __init__(self, bundle: str, path: Path, expected: str, found: str) -> None:
        self.bundle = bundle
        self.path = path
        self.reason = f"{path.name} of {bundle} is damaged: SHA-256 {found[:12]}…, expected {expected[:12]}…"
        super().__init__(self.reason)
