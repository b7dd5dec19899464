"""The call changes hands: the transaction, what the receiver is told, and the way back."""
