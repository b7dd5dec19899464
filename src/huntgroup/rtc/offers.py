"""What an offer says, read and bounded before anything is built for it."""

from __future__ import annotations

from dataclasses import dataclass

from aioice import Candidate
from aiortc import RTCIceParameters
from aiortc.rtcicetransport import candidate_to_aioice
from aiortc.sdp import MediaDescription, SessionDescription

from huntgroup.rtc.description import key_event_type, without_unusable_candidates

MAX_OFFER_CHARS = 32_768
# Each candidate is checked from each of our sockets, several times: an offer must not make us flood strangers.
MOST_CANDIDATES = 24
_DIGESTS = {"sha-256", "sha-384", "sha-512"}


class OfferRefused(Exception):
    """The offer cannot be answered; `code` says why.

    bad_offer: it is malformed, or has no Opus. unsupported_media: it wants more than one sound and one channel.
    no_answer: we failed, or took too long. no_port: no UDP port is free. connection_gone: it goes on with a connection
    that is over, and the page must offer another.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Offer:
    """An offer that can be worked with.

    `connection` names the page's connection that it comes from: the session in its `o=` line, which is one for the life
    of a connection (RFC 8829, section 5.2.1), and the fingerprints.
    """

    sdp: str
    connection: tuple[str, frozenset[str]]
    ice: RTCIceParameters
    candidates: tuple[Candidate, ...]
    key_type: int | None

    def restarts(self, earlier: Offer) -> bool:
        """Whether it asks for ICE anew (RFC 8839, section 4.4.1.1.1)."""
        mine, before = self.ice, earlier.ice
        return (mine.usernameFragment, mine.password) != (before.usernameFragment, before.password)


def read_offer(text: str) -> Offer:
    """Return what an offer says, with at most `MOST_CANDIDATES` candidates. Raises `OfferRefused`."""
    if len(text) > MAX_OFFER_CHARS or "m=audio" not in text:
        raise OfferRefused("bad_offer")
    sdp = without_unusable_candidates(text, most=MOST_CANDIDATES)
    try:
        description = SessionDescription.parse(sdp)
        return _read(sdp, description)
    except OfferRefused:
        raise
    except Exception as error:
        # The parser answers what is malformed with whatever breaks first.
        raise OfferRefused("bad_offer") from error


def _read(sdp: str, description: SessionDescription) -> Offer:
    kinds = sorted(media.kind for media in description.media)
    if kinds not in (["audio"], ["application", "audio"]):
        raise OfferRefused("unsupported_media")
    audio = next(media for media in description.media if media.kind == "audio")
    fingerprints = frozenset(_fingerprints(audio))
    if audio.ice is None or not audio.ice.usernameFragment or not audio.ice.password or not fingerprints:
        raise OfferRefused("bad_offer")
    candidates = tuple(candidate_to_aioice(one) for media in description.media for one in media.ice_candidates)
    session = " ".join((description.origin or "").split()[:2])
    return Offer(sdp, (session, fingerprints), audio.ice, candidates, key_event_type(sdp))


def _fingerprints(media: MediaDescription) -> list[str]:
    found = media.dtls.fingerprints if media.dtls is not None else []
    return [f"{one.algorithm} {one.value}".lower() for one in found if one.algorithm.lower() in _DIGESTS]
