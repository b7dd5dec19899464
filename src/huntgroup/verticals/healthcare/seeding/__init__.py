"""The demo practice as data: who works there, who comes, and what happened."""
