"""Who looks on a running call, and who helps."""
