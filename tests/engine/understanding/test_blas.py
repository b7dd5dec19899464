"""A fork in one thread does not hang the linear algebra of another."""

import subprocess
import sys

import pytest

SOLVE_WHILE_FORKING = """
import os, threading
import numpy as np
from huntgroup.engine.understanding.matching import Matcher

Matcher(None)
matrix, columns = np.eye(400) * 400 + np.random.rand(400, 400), np.random.rand(400, 8)
forked = threading.Event()

def solve():
    while not forked.is_set():
        np.linalg.solve(matrix, columns)

solver = threading.Thread(target=solve)
solver.start()
for _ in range(100):
    if os.fork() == 0:
        os._exit(0)
    os.wait()
forked.set()
solver.join()
"""


@pytest.mark.timeout(240)
def test_a_fork_while_another_thread_computes_hangs_nothing() -> None:
    subprocess.run([sys.executable, "-c", SOLVE_WHILE_FORKING], check=True, timeout=200)
