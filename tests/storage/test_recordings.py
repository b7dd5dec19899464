"""The sound of calls on disk: written whole, read back, forgotten; and a disk that does not take it."""

import io
import os
import tracemalloc
import wave
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from huntgroup.domain.clock import SystemClock
from huntgroup.media.formats import PCM16_16K, PCM16_24K, PCMU_8K
from huntgroup.media.g711 import pcm16_to_ulaw
from huntgroup.media.lanes import Piece
from huntgroup.storage.archive import PgArchive
from huntgroup.storage.base import Database
from huntgroup.storage.calls import PgCallStore
from huntgroup.storage.recording import PIECE_FRAMES, WavFile
from huntgroup.storage.recordings import Recordings
from huntgroup.storage.retention import SoundRetention
from huntgroup.storage.tapes import TapeRoom
from tests.server.dummy_house import tone
from tests.storage.test_archive import keep

LOUD = pcm16_to_ulaw(np.full(8000, 8000, dtype="<i2").tobytes())  # 1 s
QUIET = PCMU_8K.silence(1000)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[TapeRoom]:
    room = TapeRoom(tmp_path / "recordings")
    yield room
    await room.close()


async def record(room: TapeRoom, call_id: str, *pieces: Piece, start_ms: int = 0) -> list[str]:
    troubles: list[str] = []
    tape = room.tape(call_id, PCMU_8K, troubles.append)
    assert tape is not None
    tape.start_ms = start_ms
    for piece in pieces:
        tape.put(piece)
    tape.close()
    await room.settled()
    return troubles


def whole(wav: WavFile) -> bytes:
    return b"".join(wav.read(0, wav.size_bytes))


async def test_what_was_put_is_read_back_on_its_place(room: TapeRoom) -> None:
    await record(room, "a", Piece(0, LOUD, QUIET), Piece(2000, QUIET, LOUD))
    found = Recordings(room.folder).find("a")
    assert found is not None
    samples = found.read(0, found.frames)
    assert found.duration_ms == 3000
    assert [bool(samples[at, lane]) for at in (4000, 12000, 20000) for lane in (0, 1)] == [
        True, False, False, False, False, True
    ]  # fmt: skip


async def test_how_loud_a_call_is_is_found_once_and_again_when_it_has_grown(room: TapeRoom) -> None:
    await record(room, "a", Piece(0, LOUD, QUIET))
    recordings = Recordings(room.folder)
    first = recordings.peaks("a", 100)
    assert first is not None
    assert recordings.peaks("a", 100) is first
    await record(room, "a", Piece(0, QUIET, LOUD), start_ms=5000)
    grown = recordings.peaks("a", 100)
    assert grown is not None
    assert grown["duration_ms"] > first["duration_ms"]
    recordings.forget("a")
    assert recordings.peaks("a", 100) is None


async def test_a_lane_alone_is_silent_outside_of_what_the_ledger_says(room: TapeRoom) -> None:
    await record(room, "a", Piece(0, LOUD, LOUD))
    found = Recordings(room.folder).find("a")
    assert found is not None
    with wave.open(io.BytesIO(whole(WavFile(found, "heard", [(100, 300)])))) as file:
        assert (file.getnchannels(), file.getframerate(), file.getnframes()) == (1, 8000, 8000)
        heard = np.frombuffer(file.readframes(8000), dtype=np.int16)
    assert np.flatnonzero(heard).tolist() == list(range(800, 2400))


async def test_a_call_in_two_processes_is_one_recording(room: TapeRoom) -> None:
    await record(room, "a", Piece(0, LOUD, QUIET))
    await record(room, "a", Piece(0, QUIET, LOUD), start_ms=5000)
    found = Recordings(room.folder).find("a")
    assert found is not None
    assert found.duration_ms == 6000
    assert np.flatnonzero(found.read(0, found.frames)[:, 1])[0] == 40000
    assert Recordings(room.folder).find("b") is None


@pytest.mark.parametrize("lane", ["both", "caller", "heard"])
async def test_any_part_of_a_file_is_the_same_as_of_the_whole(room: TapeRoom, lane: str) -> None:
    sound = tone(9_000, 300)
    await record(room, "a", Piece(0, pcm16_to_ulaw(sound), LOUD * 9))
    tape = room.tape("a", PCM16_24K, lambda code: None)
    assert tape is not None
    tape.start_ms = 7_100
    tape.put(Piece(0, tone(5_000, 300, 24_000), tone(5_000, 500, 24_000)))
    tape.close()
    await room.settled()
    found = Recordings(room.folder).find("a")
    assert found is not None
    wav = WavFile(found, lane, [(0, 1_000), (8_500, 11_000)])
    content = whole(wav)
    assert (found.duration_ms, len(content)) == (12_100, wav.size_bytes)
    for start, end in (
        (0, 20),
        (20, 60),
        (44, 45),
        (1_001, 50_003),
        (100_001, 180_000),
        (len(content) - 3, len(content)),
    ):
        assert b"".join(wav.read(start, end)) == content[start:end]


async def test_a_part_at_another_rate_has_no_seams(room: TapeRoom) -> None:
    await record(room, "a", Piece(0, QUIET, QUIET))
    tape = room.tape("a", PCM16_24K, lambda code: None)
    assert tape is not None
    tape.start_ms = 1_000
    tape.put(Piece(0, tone(4_000, 440, 24_000), tone(4_000, 440, 24_000)))
    tape.close()
    await room.settled()
    found = Recordings(room.folder).find("a")
    assert found is not None
    heard = found.read(8_000 + 400, 24_000)[:, 1].astype(float)
    ideal = np.frombuffer(tone(5_000, 440, 8_000), dtype="<i2")[400:24_400]
    assert np.abs(heard - ideal).max() < 0.05 * 8_000


async def test_an_hour_is_read_in_a_bounded_memory(room: TapeRoom) -> None:
    await record(room, "a", Piece(0, LOUD, QUIET))
    with (room.folder / "a.0.wav").open("r+b") as file:
        file.truncate(44 + 2 * 8_000 * 3_600)
    found = Recordings(room.folder).find("a")
    assert found is not None
    wav = WavFile(found)
    tracemalloc.start()
    sizes = [len(piece) for piece in wav.read(0, wav.size_bytes)]
    peaks = found.peaks(1_200)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (sum(sizes), max(sizes)) == (44 + 4 * 8_000 * 3_600, 4 * PIECE_FRAMES)
    assert len(peaks["caller"]) == 1_200
    assert most < 3 * 1024 * 1024


async def test_a_file_that_was_never_closed_can_be_heard(room: TapeRoom) -> None:
    tape = room.tape("a", PCM16_16K, lambda code: None)
    assert tape is not None
    tape.put(Piece(0, PCM16_16K.silence(500), PCM16_16K.silence(500)))
    await room.settled()
    found = Recordings(room.folder).find("a")
    assert found is not None
    assert (found.duration_ms, found.rate_hz) == (500, 16000)


async def test_only_the_owner_may_read_the_files(room: TapeRoom) -> None:
    await record(room, "a", Piece(0, LOUD, LOUD))
    (path,) = room.folder.iterdir()
    assert (room.folder.stat().st_mode & 0o777, path.stat().st_mode & 0o777) == (0o700, 0o600)


async def test_a_disk_that_takes_nothing_is_one_complaint(tmp_path: Path) -> None:
    room = TapeRoom(Path("/dev/full"))
    assert await record(room, "a", Piece(0, LOUD, LOUD), Piece(1000, LOUD, LOUD)) == ["not_writable"]
    await room.close()


async def test_a_full_disk_is_named(room: TapeRoom) -> None:
    room.folder.mkdir()
    (room.folder / "a.0.wav").symlink_to("/dev/full")
    assert await record(room, "a", Piece(0, LOUD, LOUD)) == ["disk_full"]


async def test_a_disk_that_is_too_slow_costs_a_bounded_memory(tmp_path: Path) -> None:
    room = TapeRoom(tmp_path, most_waiting_bytes=20_000)
    assert await record(room, "a", Piece(0, LOUD, LOUD), Piece(1000, LOUD, LOUD)) == ["too_slow"]
    await room.close()


async def test_a_call_whose_id_is_no_name_is_not_kept(room: TapeRoom) -> None:
    assert room.tape("../../etc/passwd", PCMU_8K, lambda code: None) is None


async def test_loudness_is_told_in_steps(room: TapeRoom) -> None:
    await record(room, "a", Piece(0, LOUD, QUIET), Piece(1000, QUIET, LOUD))
    found = Recordings(room.folder).find("a")
    assert found is not None
    peaks = found.peaks(4)
    assert (peaks["step_ms"], len(peaks["caller"])) == (500.0, 4)
    assert [value > 0.2 for value in peaks["caller"]] == [True, True, False, False]


async def test_sound_is_forgotten_with_its_call_and_when_its_time_is_over(db: Database, room: TapeRoom) -> None:
    recordings = Recordings(room.folder)
    sound = SoundRetention(PgCallStore(db), PgArchive(db), recordings, {"clinic": 30, "salon": 0}, default_days=30)
    await keep(db, "kept", "hello")
    await keep(db, "over", "hello", team="salon")
    for call_id in ("kept", "over", "gone", "young"):
        await record(room, call_id, Piece(0, LOUD, LOUD))
    for path in room.folder.iterdir():
        if not path.name.startswith("young"):
            old = datetime.now(UTC).timestamp() - 2 * 24 * 3600
            os.utime(path, (old, old))
    await sound.forget_expired(SystemClock().utc_now())
    assert {path.name.split(".")[0] for path in room.folder.iterdir()} == {"kept", "young"}
    await sound.forget("kept")
    assert recordings.find("kept") is None
    assert await PgCallStore(db).facts("kept") == []
    async with db.session() as session:
        assert (await session.execute(text("select count(*) from huntgroup.calls"))).scalar() == 1
