"""The map of `calls/` in docs/architecture.md has every module of every room, once, and no other."""

import re

from tests.house.source_tree import PACKAGE, ROOT, modules

NAME = re.compile(r"`([a-z_]+)`")


def mapped() -> dict[str, list[str]]:
    """Return the modules in the table's last column by the room in its first."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text.split("## Inside `calls/`")[1].split("\n## ")[0]
    rows = [line.split("|") for line in table.splitlines() if line.startswith("|")][2:]
    return {row[1].strip(" `/"): sorted(NAME.findall(row[3])) for row in rows}


def test_the_map_of_calls_has_every_module_once_and_no_other() -> None:
    calls = PACKAGE / "calls"
    rooms = [calls, *(path.parent for path in sorted(calls.glob("*/__init__.py")))]
    found = {room.name: sorted(path.stem for path in room.glob("*.py") if path.stem != "__init__") for room in rooms}
    assert mapped() == found


def test_a_room_of_calls_needs_only_rooms_above_it_in_the_map() -> None:
    order = list(mapped())
    wrong = [
        f"{module.name} imports {name}"
        for module in modules()
        if module.room == "calls" and module.dotted[2:]
        for name in module.imports()
        if name.startswith("huntgroup.calls.")
        and order.index(_room(module.name, order)) < order.index(_room(name, order))
    ]
    assert wrong == []


def _room(dotted: str, rooms: list[str]) -> str:
    name = dotted.split(".")[2]
    return name if name in rooms else "calls"
