"""Every module says what it is for, and stays small enough to be read in one go."""

import ast

from tests.house.source_tree import modules

LONGEST = 250
MIGRATIONS = "huntgroup.migrations.versions"


def test_every_module_says_what_it_is_for() -> None:
    trees = {module.name: module.tree for module in modules()}
    assert [name for name, tree in trees.items() if tree.body and not ast.get_docstring(tree)] == []


def test_no_module_is_too_long_to_be_read_in_one_go() -> None:
    lengths = {
        module.name: len(module.path.read_text(encoding="utf-8").splitlines())
        for module in modules()
        if not module.name.startswith(MIGRATIONS)
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}
