"""The everyday frame: against the library's own protocol, in both directions and however the bytes are cut."""

from itertools import pairwise
from sys import getrefcount

from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN, Protocol, Side

from huntgroup.wire.websocket import Masks, TextSplitter, text_frame

PING = Frame(Opcode.PING, b"alive?").serialize(mask=False)
sizes = st.lists(st.integers(0, 300) | st.sampled_from([125, 126, 65_535, 65_536]), max_size=5)


def texts(lengths: list[int]) -> list[bytes]:
    return [bytes((65 + number,)) * length for number, length in enumerate(lengths)]


def cut(data: bytes, at: list[int]) -> list[bytes]:
    edges = [0, *sorted(min(edge, len(data)) for edge in at), len(data)]
    return [data[a:b] for a, b in pairwise(edges)]


@given(sizes, st.booleans(), st.lists(st.integers(0, 70_000), max_size=6))
def test_messages_come_back_whole_however_they_are_cut(lengths: list[int], masked: bool, cuts: list[int]) -> None:
    messages = texts(lengths)
    stream = b"".join(text_frame(message, Masks() if masked else None) for message in messages)
    splitter = TextSplitter(1 << 20)
    found = [entry for piece in cut(stream, cuts) for entry in splitter.feed(piece)]
    assert found == [(True, message) for message in messages]


@given(sizes, st.booleans())
def test_the_library_reads_what_is_written(lengths: list[int], masked: bool) -> None:
    messages = texts(lengths)
    reader = Protocol(Side.SERVER if masked else Side.CLIENT, state=OPEN)
    for message in messages:
        reader.receive_data(text_frame(message, Masks() if masked else None))
    events = reader.events_received()
    assert [(event.opcode, bytes(event.data)) for event in events] == [(Opcode.TEXT, text) for text in messages]


@given(sizes, st.booleans())
def test_what_the_library_writes_is_read(lengths: list[int], masked: bool) -> None:
    messages = texts(lengths)
    writer = Protocol(Side.CLIENT if masked else Side.SERVER, state=OPEN)
    for message in messages:
        writer.send_text(message)
    assert TextSplitter(1 << 20).feed(b"".join(writer.data_to_send())) == [(True, text) for text in messages]


def test_other_frames_pass_as_they_came_and_in_order() -> None:
    broken = Frame(Opcode.TEXT, b"be", fin=False).serialize(mask=False)
    rest = Frame(Opcode.CONT, b"gin").serialize(mask=False)
    stream = text_frame(b"one") + PING + broken + rest + text_frame(b"two")
    splitter = TextSplitter(100)
    found = [entry for byte in stream for entry in splitter.feed(bytes((byte,)))]
    assert found == [(True, b"one"), (False, PING), (False, broken), (False, rest), (True, b"two")]


def test_a_frame_that_is_too_long_is_handed_on_at_its_head() -> None:
    splitter = TextSplitter(1000)
    head = text_frame(b"x" * 2000)[:4]
    assert splitter.feed(head) == [(False, head)]
    assert splitter.gave_up
    assert splitter.feed(b"more") == [(False, b"more")]


def test_each_frame_of_a_client_has_a_mask_of_its_own() -> None:
    masks = Masks()
    assert len({masks.next() for _ in range(2000)}) > 1990
    assert text_frame(b"hello", masks)[2:6] != text_frame(b"hello", masks)[2:6]


def test_the_pieces_of_a_long_message_are_kept_as_they_came_and_joined_once() -> None:
    stream = text_frame(bytes(300_000))
    splitter = TextSplitter(1 << 20)
    splitter.feed(stream[:1_000])
    piece = stream[1_000:100_000]
    holders = getrefcount(piece)
    assert splitter.feed(piece) == []
    assert getrefcount(piece) > holders
    assert splitter.feed(stream[100_000:]) == [(True, bytes(300_000))]
