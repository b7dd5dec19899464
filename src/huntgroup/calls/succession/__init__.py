"""Another session in a session's place: after a loss, before its limit, for another voice."""
