"""What is changed in descriptions on their way."""

from huntgroup.rtc.description import key_event_type, with_key_events, without_unusable_candidates
from huntgroup.rtc.keys import KeyEvents

OFFER = (
    "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111 110 126\r\na=rtpmap:111 opus/48000/2\r\n"
    "a=rtpmap:126 telephone-event/8000\r\na=rtpmap:110 telephone-event/48000\r\n"
    "a=candidate:1 1 udp 2113937151 5b2a.local 5000 typ host\r\na=candidate:2 1 udp 1 192.0.2.1 5000 typ srflx\r\n"
)
ANSWER = (
    "v=0\r\nm=audio 5 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\nm=application 9 X\r\na=sctp-port:5000\r\n"
)


def test_keys_are_accepted_at_the_clock_of_opus() -> None:
    assert key_event_type(OFFER) == 110
    assert with_key_events(ANSWER, OFFER) == (
        "v=0\r\nm=audio 5 UDP/TLS/RTP/SAVPF 111 110\r\n"
        "a=rtpmap:110 telephone-event/48000\r\na=fmtp:110 0-16\r\na=rtpmap:111 opus/48000/2\r\n"
        "m=application 9 X\r\na=sctp-port:5000\r\n"
    )


def test_an_offer_without_keys_is_answered_without_them() -> None:
    assert with_key_events(ANSWER, ANSWER) == ANSWER


def test_candidates_that_only_the_caller_can_resolve_are_left_out() -> None:
    kept = without_unusable_candidates(
        OFFER + "a=candidate:3 1 tcp 1 192.0.2.2 9 typ host\r\na=end-of-candidates\r\n", most=5
    )
    assert [line for line in kept.splitlines() if "candidate" in line] == [
        "a=candidate:2 1 udp 1 192.0.2.1 5000 typ srflx"
    ]


def test_no_more_candidates_are_tried_than_we_want_to() -> None:
    many = "".join(f"a=candidate:{n} 1 udp 1 192.0.2.{n} 5000 typ host\r\n" for n in range(200))
    assert without_unusable_candidates(many, most=5).count("a=candidate") == 5


def test_packets_of_one_press_are_one_key() -> None:
    keys = KeyEvents()
    told = [keys.take(stamp, bytes((event, 10, 3, 192))) for stamp, event in ((1, 5), (1, 5), (2, 5), (2, 5), (3, 99))]
    assert told == ["5", None, "5", None, None]
    assert keys.take(4, b"\x01") is None
