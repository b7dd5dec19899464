"""Formats, companding, resampling, framing and levels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntgroup.media import g711, levels
from huntgroup.media.formats import PCM16_16K, PCM16_24K, PCMA_8K, PCMU_8K, AudioFormat
from huntgroup.media.frames import Framer, pieces
from huntgroup.media.resample import Resampler, resample
from huntgroup.media.transcode import Transcoder, transcode


def tone(hz: int, rate_hz: int, ms: int, level: float = 8000) -> bytes:
    t = np.arange(rate_hz * ms // 1000) / rate_hz
    return (np.sin(2 * np.pi * hz * t) * level).astype("<i2").tobytes()


def samples(pcm16: bytes) -> np.ndarray:
    return np.frombuffer(pcm16, dtype="<i2").astype(float)


def test_formats_count_bytes() -> None:
    assert (PCMU_8K.frame_bytes, PCM16_16K.frame_bytes, PCM16_24K.frame_bytes) == (160, 640, 960)
    assert PCM16_24K.duration_ms(960) == 20
    assert len(PCM16_24K.silence(20)) == 960


def ulaw_by_the_book(sample: int) -> int:
    """G.711 by its definition: bias 132 (of 16 bit), a segment and four bits of mantissa, inverted."""
    fine = sample >> 2  # the law's 14 bits
    sign, magnitude = (0x80, -fine) if fine < 0 else (0, fine)
    magnitude = min(magnitude, 8158) + 33
    segment = magnitude.bit_length() - 6
    mantissa = (magnitude >> (segment + 1)) & 0x0F
    return ~(sign | (segment << 4) | mantissa) & 0xFF


def test_ulaw_is_g711_for_every_sample() -> None:
    every = np.arange(-32768, 32768, dtype="<i2")
    coded = g711.pcm16_to_ulaw(every.tobytes())
    assert coded == bytes(ulaw_by_the_book(int(value)) for value in every)


@pytest.mark.parametrize(
    ("expand", "compress"),
    [(g711.ulaw_to_pcm16, g711.pcm16_to_ulaw), (g711.alaw_to_pcm16, g711.pcm16_to_alaw)],
)
def test_a_decoded_code_is_coded_the_same_again(expand, compress) -> None:  # type: ignore[no-untyped-def]
    codes = bytes(code for code in range(256) if code != 0x7F)  # µ-law's negative zero reads as zero
    assert compress(expand(codes)) == codes


def test_half_a_sample_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="whole samples"):
        g711.pcm16_to_ulaw(b"\0\0\0")


@pytest.mark.parametrize(("from_hz", "to_hz"), [(8000, 24000), (24000, 8000), (8000, 16000), (16000, 24000)])
def test_resampling_is_steady_after_a_first_frame_short_by_two_ms(from_hz: int, to_hz: int) -> None:
    stream = Resampler(from_hz, to_hz)
    sizes = [len(stream.push(tone(440, from_hz, 20))) for _ in range(20)]
    frame = to_hz // 50 * 2
    assert sizes[1:] == [frame] * 19
    assert frame - sizes[0] <= to_hz // 1000 * 2 * 2
    assert sum(sizes) + len(stream.flush()) == 20 * frame


def test_frames_leave_no_seams() -> None:
    recording = tone(440, 8000, 1000)
    stream = Resampler(8000, 24000)
    framed = b"".join(stream.push(frame) for frame in pieces(recording, 320)) + stream.flush()
    assert np.abs(samples(framed) - samples(resample(recording, 8000, 24000))).max() <= 1


def test_a_tone_survives_the_way_to_the_model_and_back() -> None:
    there = samples(transcode(g711.pcm16_to_ulaw(tone(440, 8000, 1000)), PCMU_8K, PCM16_24K))
    spectrum = np.abs(np.fft.rfft(there * np.hanning(len(there))))
    assert spectrum.argmax() == pytest.approx(440, abs=1)
    near = spectrum[430:451].sum()
    assert near / spectrum.sum() > 0.8


@given(st.lists(st.integers(0, 400), max_size=20))
def test_resampling_does_not_depend_on_how_the_bytes_are_cut(cuts: list[int]) -> None:
    recording = tone(300, 8000, 100)
    stream, out, at = Resampler(8000, 24000), b"", 0
    for size in cuts:
        out += stream.push(recording[at : at + size])
        at += size
    out += stream.push(recording[at:]) + stream.flush()
    assert out == resample(recording, 8000, 24000) or abs(len(out) - len(recording) * 3) <= 6


def test_equal_formats_hand_the_same_object_back() -> None:
    frame = bytes(160)
    assert Transcoder(PCMU_8K, PCMU_8K).push(frame) is frame


@pytest.mark.parametrize("dst", [PCMU_8K, PCMA_8K, PCM16_16K, PCM16_24K])
def test_transcoding_keeps_the_length(dst: AudioFormat) -> None:
    out = transcode(tone(440, 24000, 300), PCM16_24K, dst)
    assert dst.duration_ms(len(out)) == pytest.approx(300, abs=1)


def test_reset_forgets_what_is_held_back() -> None:
    stream = Transcoder(PCMU_8K, PCM16_24K)
    first = stream.push(PCMU_8K.silence(20))
    stream.reset()
    assert stream.push(PCMU_8K.silence(20)) == first


@given(st.lists(st.binary(max_size=50)), st.integers(1, 20))
def test_framing_loses_and_adds_nothing(chunks: list[bytes], size: int) -> None:
    framer = Framer(size)
    frames = [frame for chunk in chunks for frame in framer.push(chunk)]
    assert all(len(frame) == size for frame in frames)
    assert b"".join(frames) + framer.flush() == b"".join(chunks)


def test_the_last_frame_is_filled_up() -> None:
    framer = Framer(4)
    framer.push(b"abcdef")
    assert framer.flush(b"\xff") == b"ef\xff\xff"
    with pytest.raises(ValueError, match="at least one byte"):
        Framer(0)


def test_levels() -> None:
    assert levels.dbfs(bytes(320)) == levels.SILENCE_DBFS
    assert levels.is_quiet(bytes(320))
    assert levels.dbfs(tone(440, 8000, 100, 32767)) == pytest.approx(-3.0, abs=0.1)
    assert levels.peak(levels.gain(tone(440, 8000, 100, 8000), 0.5)) == pytest.approx(4000, rel=0.01)
    assert len(levels.mix(bytes(4), bytes(8))) == 8
