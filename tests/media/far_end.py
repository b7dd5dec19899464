"""A carrier as it is: a network both ways, a buffer before the ear, late echoes. It alone knows what was heard.

An oracle of its own: it shares no code with the ledger or with `media.playback`.
"""

import random
from collections import deque
from dataclasses import dataclass

from huntgroup.media.formats import FRAME_MS
from huntgroup.media.playout import Cut, PlayoutLedger

MARK_EVERY_MS = 200


@dataclass(frozen=True)
class Weather:
    """How bad it is. Times in ms; `drift_ppm` is how much faster the far end's clock runs than ours."""

    down_ms: int = 40
    down_jitter_ms: int = 30
    up_ms: int = 40
    up_jitter_ms: int = 30
    start_ms: int = 60
    echo_ms: int = 0
    lost: float = 0.0
    drift_ppm: int = 0


class Network:
    """One direction of one socket: everything arrives, in order, some time later."""

    def __init__(self, chance: random.Random, delay_ms: int, jitter_ms: int) -> None:
        self._chance, self._delay_ms, self._jitter_ms = chance, delay_ms, jitter_ms
        self._way: deque[tuple[float, tuple[str, object]]] = deque()

    def send(self, now_ms: float, kind: str, what: object) -> None:
        at_ms = now_ms + self._delay_ms + self._chance.random() * self._jitter_ms
        self._way.append((max(at_ms, self._way[-1][0] if self._way else 0), (kind, what)))

    def arrived(self, now_ms: float) -> list[tuple[str, object]]:
        out = []
        while self._way and self._way[0][0] <= now_ms:
            out.append(self._way.popleft()[1])
        return out


class Carrier:
    """Plays 20 ms at each tick of its own clock; `heard` is the truth."""

    def __init__(self, weather: Weather, chance: random.Random, up: Network) -> None:
        self._weather, self._chance, self._up = weather, chance, up
        self._queue: deque[list[object]] = deque()
        self._echoes: deque[tuple[float, str]] = deque()
        self._ticks = 0
        self._delays: dict[str, float] = {}
        self._last_echo_ms = 0.0
        self._plays_from_ms: float | None = None
        self.heard: dict[str, float] = {}
        self.echo_delays_ms: list[float] = []
        self.owed_at_clear = False

    def take(self, now_ms: float, kind: str, what: object) -> None:
        if kind == "clear":
            self._queue, marks = deque(), [entry[1] for entry in self._queue if entry[0] == "mark"]
            self._plays_from_ms = None
            self.owed_at_clear = bool(self._echoes) or self._last_echo_ms > now_ms - 2 * FRAME_MS
            for _, name in self._echoes:
                self._echo(now_ms, name)
            self._echoes.clear()
            for name in marks:
                self._echo(now_ms, str(name))
            return
        if kind == "sound" and not any(entry[0] == "sound" for entry in self._queue) and self._plays_from_ms is None:
            self._plays_from_ms = now_ms + self._weather.start_ms
        self._queue.append([kind, *what] if kind == "sound" else [kind, what])

    def run(self, now_ms: float) -> None:
        while self._echoes and self._echoes[0][0] <= now_ms:
            self._come_back(now_ms)
        frame_ms = FRAME_MS / (1 + self._weather.drift_ppm / 1e6)
        while (self._ticks + 1) * frame_ms <= now_ms:
            self._ticks += 1
            self._play_frame(now_ms)
            self._up.send(now_ms, "frame", self._ticks * FRAME_MS)

    def _play_frame(self, now_ms: float) -> None:
        room = FRAME_MS if self._plays_from_ms is not None and self._plays_from_ms + FRAME_MS <= now_ms else 0
        while self._queue and (self._queue[0][0] == "mark" or room):
            entry = self._queue[0]
            if entry[0] == "mark":
                late_ms = self._chance.random() * self._weather.echo_ms
                due_ms = max(now_ms + late_ms, self._echoes[-1][0] if self._echoes else 0)
                self._delays[str(entry[1])] = due_ms - now_ms
                self._echoes.append((due_ms, str(entry[1])))
                self._queue.popleft()
                continue
            took = min(room, float(entry[2]))
            self.heard[str(entry[1])] = self.heard.get(str(entry[1]), 0) + took
            entry[2], room = float(entry[2]) - took, room - took
            if not entry[2]:
                self._queue.popleft()
        if not self._queue:
            self._plays_from_ms = None
        while self._echoes and self._echoes[0][0] <= now_ms:
            self._come_back(now_ms)

    def _come_back(self, now_ms: float) -> None:
        name = self._echoes.popleft()[1]
        if self._echo(now_ms, name):
            self.echo_delays_ms.append(self._delays[name])
            self._last_echo_ms = now_ms

    def _echo(self, now_ms: float, name: str) -> bool:
        kept = name.endswith("stop") or self._chance.random() >= self._weather.lost
        if kept:
            self._up.send(now_ms, "mark", name)
        return kept


class House:
    """Our side: a ledger fed by nothing but what comes over the network."""

    def __init__(self, weather: Weather, seed: int) -> None:
        chance = random.Random(seed)
        self.up = Network(chance, weather.up_ms, weather.up_jitter_ms)
        self.down = Network(chance, weather.down_ms, weather.down_jitter_ms)
        self.carrier = Carrier(weather, chance, self.up)
        self.ledger = PlayoutLedger()
        self.wall_ms = 0
        self.line_ms = 0

    def send(self, item: str, ms: int) -> None:
        """Hand sound to the line as a call does: a mark after the first frame of a stretch, then every 200 ms."""
        first = min(ms, FRAME_MS) if self.ledger.is_idle(self.line_ms) else 0
        for piece in (first, *_pieces(ms - first)):
            if piece and self.ledger.queued(item, piece, now_ms=self.line_ms, response_id="r"):
                self.down.send(self.wall_ms, "sound", (item, piece))
                self.down.send(self.wall_ms, "mark", self.ledger.mark_name(item))

    def run(self, ms: int) -> None:
        for _ in range(ms):
            self.wall_ms += 1
            for kind, what in self.down.arrived(self.wall_ms):
                self.carrier.take(self.wall_ms, kind, what)
            self.carrier.run(self.wall_ms)
            for kind, what in self.up.arrived(self.wall_ms):
                if kind == "frame":
                    self.line_ms = int(str(what))
                else:
                    self.ledger.on_mark(str(what), self.line_ms)

    def barge_in(self) -> list[Cut]:
        self.stop()
        return self.ledger.cut()

    def stop(self) -> None:
        """Clear the line and wait until it is known where that took effect."""
        self.down.send(self.wall_ms, "mark", self.ledger.stop(self.line_ms))
        self.down.send(self.wall_ms, "clear", None)
        while not self.ledger.is_stopped:
            self.run(1)


def _pieces(ms: int) -> list[int]:
    whole, rest = divmod(ms, MARK_EVERY_MS)
    return [MARK_EVERY_MS] * whole + ([rest] if rest else [])
