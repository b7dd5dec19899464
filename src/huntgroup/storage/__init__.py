"""PostgreSQL: sessions, the shared tables, the store of calls, and an embedded server."""
