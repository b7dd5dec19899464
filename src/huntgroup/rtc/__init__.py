"""A thin shell around aiortc: one browser's peer as 20 ms of PCM16 each way, keys, and a channel of messages.

It knows nothing of calls. Whoever holds a `Peer` gives it sound and takes sound every 20 ms; nothing in here has a
clock of its own.
"""

from huntgroup.rtc.peer import OfferRefused, Peer, PeerEvents

__all__ = ["OfferRefused", "Peer", "PeerEvents"]
