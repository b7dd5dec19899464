"""The tools of the clinic's agents, by desk."""
