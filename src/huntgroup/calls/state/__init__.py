"""What the desks of a call share, and small things that all of them need."""
