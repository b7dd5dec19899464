"""What is alive in this process: what one that forgets nothing would gather."""

from __future__ import annotations

import asyncio
import gc
import os
from collections import Counter
from typing import Any

from huntgroup.house import House


def census(house: House) -> dict[str, Any]:
    """Count tasks, file handles, sockets, and objects that the collector knows, ours by class. Linux only."""
    gc.collect()
    handles = os.listdir("/proc/self/fd")
    things = gc.get_objects()
    return {
        "tasks": len(asyncio.all_tasks()),
        "handles": len(handles),
        "sockets": sum(map(_is_socket, handles)),
        "objects": len(things),
        "ours": dict(Counter(type(thing).__qualname__ for thing in things if _is_ours(thing))),
        "live": len(house.live),
        "facts_waiting": house.writer.backlog,
    }


def _is_ours(thing: object) -> bool:
    return str(type(thing).__module__).startswith("huntgroup")


def _is_socket(handle: str) -> bool:
    try:
        return os.readlink(f"/proc/self/fd/{handle}").startswith("socket:")
    except OSError:
        return False
