"""Imports go one way: server, cli → bootstrap → edges → middle → words and wire → domain."""

from graphlib import TopologicalSorter

import pytest

from tests.house.import_rule import layer, offences
from tests.house.source_tree import modules

CLOCKLESS = ("asyncio", "time")


def test_no_module_breaks_the_rule_of_imports() -> None:
    found = [offence for module in modules() if module.room for offence in offences(module.name, module.imports())]
    assert found == []


def test_every_room_stands_in_a_layer() -> None:
    for module in modules():
        if module.room:
            layer(module.room)


def test_imports_between_modules_have_no_circle() -> None:
    names = {module.name for module in modules()}
    graph = {
        module.name: {name if name in names else name.rpartition(".")[0] for name in module.imports()} & names
        for module in modules()
        if module.path.name != "__init__.py"
    }
    assert list(TopologicalSorter(graph).static_order())


def test_sound_and_wire_know_no_clock_and_no_loop() -> None:
    found = [
        f"{module.name} imports {name}"
        for module in modules()
        if module.room in {"media", "wire"}
        for name in module.imports()
        if name.split(".")[0] in CLOCKLESS
    ]
    assert found == []


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("huntgroup.domain.facts", "huntgroup.media.g711"),
        ("huntgroup.lines.twilio", "huntgroup.models.client"),
        ("huntgroup.calls.session", "huntgroup.storage.base"),
        ("huntgroup.engine.session", "huntgroup.verticals.healthcare"),
        ("huntgroup.verticals.healthcare.team", "huntgroup.storage.calls"),
        ("huntgroup.verticals.healthcare.team", "huntgroup.verticals.salon.tables"),
        ("huntgroup.verticals.healthcare.team", "huntgroup.calls.ports"),
        ("huntgroup.storage.base", "huntgroup.settings"),
        ("huntgroup.testing.caller", "huntgroup.lines.twilio"),
        ("huntgroup.bootstrap", "huntgroup.server.app"),
    ],
)
def test_the_rule_forbids(module: str, imported: str) -> None:
    assert list(offences(module, [imported]))


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("huntgroup.verticals.healthcare.team", "huntgroup.storage.base.Database"),
        ("huntgroup.verticals.healthcare.team", "huntgroup.verticals.healthcare.tables"),
        ("huntgroup.lines.twilio", "huntgroup.calls.ports"),
        ("huntgroup.cli.db", "huntgroup.migrations"),
        ("huntgroup.server.app", "huntgroup.settings.Settings"),
        ("huntgroup.domain.facts", "msgspec"),
    ],
)
def test_the_rule_allows(module: str, imported: str) -> None:
    assert not list(offences(module, [imported]))
