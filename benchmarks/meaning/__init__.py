"""How the judges of meaning are trained: `./run bench meaning`."""
