"""A person speaks in the agent's place: the two lines put together, and what was said in writing."""
