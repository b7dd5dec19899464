"""A thin shell around aiortc: one browser's peer as 20 ms of PCM16 each way, keys, and a channel of messages.

It knows nothing of calls. Whoever holds a `Peer` gives it sound and takes sound every 20 ms; nothing in here has a
clock of its own.
"""

from huntgroup.rtc.agent import Network
from huntgroup.rtc.offers import Offer, OfferRefused, read_offer
from huntgroup.rtc.peer import Peer, PeerEvents

__all__ = ["Network", "Offer", "OfferRefused", "Peer", "PeerEvents", "read_offer"]
