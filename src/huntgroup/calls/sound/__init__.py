"""The agents' sound on its way to the caller: held, queued, heard, cut."""
