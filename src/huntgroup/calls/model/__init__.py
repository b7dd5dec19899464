"""The model's session: how it is configured, what is asked of it, and what its events mean."""
