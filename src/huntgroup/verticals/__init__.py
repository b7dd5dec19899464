"""One folder per line of business, each describing itself in its `manifest.toml`."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from huntgroup.teams import Team
from huntgroup.teams.manifest import Manifest, load_team, read_manifest


@dataclass(frozen=True)
class Vertical:
    """A folder that was found; nothing of its code is loaded before `load`."""

    name: str
    folder: Path

    @property
    def package(self) -> str:
        return f"{__name__}.{self.name}"

    def manifest(self) -> Manifest:
        """Read its manifest. Raises `TeamError`."""
        return read_manifest(self.folder / "manifest.toml")

    def load(self) -> Team:
        """Load its team. Raises `TeamError`."""
        return load_team(f"{self.package}.team:TEAM")


def discover() -> Iterator[Vertical]:
    """Find every vertical, in order of name: a folder here with a manifest."""
    here = Path(__file__).parent
    for manifest in sorted(here.glob("*/manifest.toml")):
        yield Vertical(manifest.parent.name, manifest.parent)
