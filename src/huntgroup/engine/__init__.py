"""The offline realtime backend: hearing, understanding, speaking and the protocol session."""
