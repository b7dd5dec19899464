"""Public doubles: a clock that obeys, lines and callers without a telephone."""
