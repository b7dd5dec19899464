"""The control plane: everything that owns a call between its line and its model."""
