"""What the desk does behind its tools: queries, bookings and the refusals that callers hear."""
