"""Nouns and rules of a call: facts, claims, ids, errors, clock. Imports nothing of huntgroup but itself."""
