"""How callers reach us: thin shells over `wire`."""
