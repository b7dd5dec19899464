"""The rule of imports as a function: which import, if any, a module may not have."""

from collections.abc import Iterable, Iterator

LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"__main__"}),
    frozenset({"server", "cli"}),
    frozenset({"bootstrap", "house", "openings", "backends", "offline", "replaying", "migrations", "settings"}),
    frozenset({"lines", "models", "engine", "verticals", "testing"}),
    frozenset({"calls", "analytics", "storage"}),
    frozenset({"teams", "wire", "media", "rtc"}),
    frozenset({"domain"}),
)
FRIENDS = frozenset(
    {
        ("server", "cli"),
        ("cli", "server"),
        ("bootstrap", "house"),
        ("bootstrap", "openings"),
        ("bootstrap", "backends"),
        ("openings", "offline"),
        ("backends", "offline"),
        ("replaying", "offline"),
    }
)
"""Pairs of the top layers that work together; `settings` is read by them only."""
SETTINGS_READERS = frozenset(
    {"settings", "__main__", "server", "cli", "bootstrap", "house", "openings", "backends", "offline"}
)
VERTICAL_SEES = ("huntgroup.teams", "huntgroup.domain", "huntgroup.storage.base")


def offences(module: str, imported: Iterable[str]) -> Iterator[str]:
    """Yield each import of `module` that the rule forbids; both are dotted names from `huntgroup` on."""
    for name in imported:
        if name.startswith("huntgroup.") and not _allowed(module, name):
            yield f"{module} imports {name}"


def layer(room: str) -> int:
    """Return the layer of a room, 0 on the left. Raises `LookupError` for a room that no layer names."""
    for number, rooms in enumerate(LAYERS):
        if room in rooms:
            return number
    raise LookupError(f"{room} stands in no layer of the import rule")


def _allowed(module: str, imported: str) -> bool:
    here, there = _room(module), _room(imported)
    if there.startswith("__"):
        return True
    if here == "verticals":
        return _same_vertical(module, imported) or f"{imported}.".startswith(
            tuple(f"{name}." for name in VERTICAL_SEES)
        )
    if there == "settings":
        return here in SETTINGS_READERS
    if here == there or (here, there) in FRIENDS:
        return True
    if there == "migrations":
        return layer(here) <= layer("bootstrap")
    return layer(here) < layer(there)


def _room(dotted: str) -> str:
    return dotted.split(".")[1]


def _same_vertical(module: str, imported: str) -> bool:
    mine, theirs = module.split("."), imported.split(".")
    return len(mine) > 2 and theirs[1] == "verticals" and theirs[2:3] == mine[2:3]
