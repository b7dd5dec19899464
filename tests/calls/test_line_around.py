"""A line around another hands every member of the port on, so that a line that is wrapped loses nothing."""

import inspect
from typing import Any

import pytest

from huntgroup.calls.ports import Line, LineAround
from huntgroup.calls.processes.laterline import LaterLine
from huntgroup.lines.recorded import RecordedLine

MEMBERS = sorted(name for name in vars(Line) if not name.startswith("_"))


class Told:
    """Has any member that is asked for: an attribute of the port is itself the answer, a method notes its arguments."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Any, ...]]] = []

    def __getattr__(self, name: str) -> Any:
        if isinstance(vars(Line)[name], property):
            return f"the {name}"

        def method(*given: Any) -> str:
            self.calls.append((name, given))
            return f"the {name}"

        async def later(*given: Any) -> str:
            return method(*given)

        return later if inspect.iscoroutinefunction(vars(Line)[name]) else method


@pytest.mark.parametrize("name", MEMBERS)
async def test_every_member_of_the_port_is_handed_on(name: str) -> None:
    told = Told()
    member = getattr(LineAround(told), name)  # type: ignore[arg-type]
    port = vars(Line)[name]
    if isinstance(port, property):
        assert member == f"the {name}"
        return
    given = tuple(object() for _ in list(inspect.signature(port).parameters)[1:])
    answer = member(*given)
    answer = await answer if inspect.isawaitable(answer) else answer
    assert told.calls == [(name, given)]
    assert answer in (None, f"the {name}")
    assert answer is not None or inspect.signature(port).return_annotation in (None, "None")


def test_lines_around_others_hand_on_by_one_base() -> None:
    assert issubclass(LaterLine, LineAround)
    assert issubclass(RecordedLine, LineAround)
