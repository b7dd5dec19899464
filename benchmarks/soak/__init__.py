"""Many short calls through one process, and what it keeps of them."""
