"""Figures, measured on this machine: `python -m benchmarks`, or `./run bench`."""
