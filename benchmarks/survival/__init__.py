"""Processes that are killed under live calls, and a database that goes away: what becomes of it all."""
