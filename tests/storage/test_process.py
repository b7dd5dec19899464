"""Which processes are known to be dead."""

import os
import subprocess
import sys

from huntgroup.storage.process import is_dead, name_of_this_process

TELL = "from huntgroup.storage.process import name_of_this_process as name; print(name(), flush=True); input()"


def test_this_process_lives_and_has_two_names_never_alike() -> None:
    assert not is_dead(name_of_this_process())
    assert name_of_this_process() != name_of_this_process()


def test_a_killed_process_is_dead_even_before_it_is_buried() -> None:
    child = subprocess.Popen([sys.executable, "-c", TELL], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    name = child.stdout.readline().strip()
    assert not is_dead(name)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert is_dead(name)
    child.communicate()
    assert is_dead(name)


def test_nothing_is_known_of_other_machines_and_odd_names() -> None:
    machine, pid, started, noise = name_of_this_process().split(".")
    assert is_dead(f"{machine}.{pid}.1.{noise}")
    assert not any(map(is_dead, (f"other.{pid}.1.{noise}", "", "a.b.c.d", f"{machine}.x.{started}.{noise}")))
