"""Every module says what it is for, and stays small enough to be read in one go."""

import ast
import warnings

from tests.house.source_tree import modules

LONGEST = 250
FAR_TOO_LONG = 600
GENERATED = "huntgroup.migrations.versions"


def test_every_module_says_what_it_is_for() -> None:
    trees = {module.name: module.tree for module in modules()}
    assert [name for name, tree in trees.items() if tree.body and not ast.get_docstring(tree)] == []


def test_no_module_is_far_too_long() -> None:
    lengths = {
        module.name: len(module.path.read_text(encoding="utf-8").splitlines())
        for module in modules()
        if not module.name.startswith(GENERATED)
    }
    long = {name: length for name, length in lengths.items() if length > LONGEST}
    if long:
        warnings.warn(f"longer than {LONGEST} lines: {long}", stacklevel=1)
    assert [name for name, length in long.items() if length > FAR_TOO_LONG] == []
