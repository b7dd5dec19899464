"""What the caller says, keys or writes, and who has the floor."""
