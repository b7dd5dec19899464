"""Facts on their way to the store: numbered, written in batches, kept on disk while the store is away."""
