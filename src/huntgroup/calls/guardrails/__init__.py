"""What may be heard, said and done, checked while the call runs."""
