"""The source tree as the house tests see it: modules, their rooms and what they import."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "huntgroup"


@dataclass(frozen=True)
class Module:
    """One source file; `room` is the first name below `huntgroup`."""

    path: Path

    @property
    def dotted(self) -> tuple[str, ...]:
        parts = self.path.relative_to(PACKAGE.parent).with_suffix("").parts
        return parts[:-1] if parts[-1] == "__init__" else parts

    @property
    def name(self) -> str:
        return ".".join(self.dotted)

    @property
    def room(self) -> str:
        return self.dotted[1] if len(self.dotted) > 1 else ""

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"), filename=str(self.path))

    def imports(self) -> Iterator[str]:
        """Yield the dotted name of everything that is imported, anywhere in the file."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from self._from(node)

    def _from(self, node: ast.ImportFrom) -> Iterator[str]:
        base = node.module or ""
        if node.level:
            package = self.dotted if self.path.name == "__init__.py" else self.dotted[:-1]
            kept = package[: len(package) - node.level + 1]
            base = ".".join((*kept, base)) if base else ".".join(kept)
        yield from (f"{base}.{alias.name}" for alias in node.names)


def modules() -> list[Module]:
    """Return every module of the package."""
    return [Module(path) for path in sorted(PACKAGE.rglob("*.py"))]
