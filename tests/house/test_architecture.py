"""The map of `calls/` in docs/architecture.md has every module of the folder, once, and no other."""

import re
from collections import Counter

from tests.house.source_tree import PACKAGE, ROOT

NAME = re.compile(r"`([a-z_]+/?)`")


def mapped() -> list[str]:
    """Return the names in the second column of the table; what a folder holds is named after it, behind a colon."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text.split("## Inside `calls/`")[1].split("\n## ")[0]
    rows = [line.split("|")[2] for line in table.splitlines() if line.startswith("|")][2:]
    return [name for row in rows for name in NAME.findall(_without_contents(row))]


def _without_contents(row: str) -> str:
    return re.sub(r"(`[a-z_]+/`): [^;]*", r"\1", row)


def test_the_map_of_calls_has_every_module_once_and_no_other() -> None:
    calls = PACKAGE / "calls"
    modules = {path.stem for path in calls.glob("*.py")} - {"__init__"}
    folders = {f"{path.parent.name}/" for path in calls.glob("*/__init__.py")}
    assert Counter(mapped()) == Counter(modules | folders)
