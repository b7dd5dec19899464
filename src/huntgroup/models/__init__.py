"""Realtime backends over the network, with a capability profile each."""
