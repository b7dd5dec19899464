"""A call from process to process: its owner, its move, its rebuilding from facts."""
