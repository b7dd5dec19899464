"""Questions from process to process, by PostgreSQL's notifications.

Every process listens on one channel and answers what is for it. Nothing is kept: a question that nobody hears is
unanswered, and its asker says so. It needs a connection of its own for each process, not one of a pooler that shares
connections between transactions.
"""

import asyncio
import base64
import logging
import zlib
from collections.abc import Awaitable, Callable
from typing import Any, Literal

import msgspec
from sqlalchemy import text

from huntgroup.domain.clock import Clock
from huntgroup.domain.ids import new_id
from huntgroup.storage.base import Database
from huntgroup.storage.outage import outages_while_connecting

logger = logging.getLogger(__name__)
CHANNEL = "huntgroup_intercom"
AGAIN_MS = 2_000
# What a notification carries at most is 8000 bytes.
MAX_PAYLOAD_BYTES = 7_900
MAX_BODY_BYTES = 65_536
Answering = Callable[[bytes], Awaitable[bytes]]

_NOTIFY = text("select pg_notify(:channel, :payload)")


class _Message(msgspec.Struct, frozen=True, kw_only=True):
    """`body` is compressed and in base64; `number` ties an answer to its question."""

    kind: Literal["question", "answer"]
    to: str
    sender: str
    number: str
    body: str


class PgIntercom:
    """`server.house.Intercom` of the process `owner`. `run` is one long task of the house; an outage interrupts it."""

    def __init__(self, db: Database, owner: str, clock: Clock) -> None:
        self._db = db
        self._owner = owner
        self._clock = clock
        self._answering: Answering | None = None
        self._asked: dict[str, asyncio.Future[bytes]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.listening = asyncio.Event()

    def answer_with(self, answering: Answering) -> None:
        """Answer questions with this; it gets a question's bytes and returns the answer's."""
        self._answering = answering

    async def ask(self, owner: str, question: bytes, limit_s: float) -> bytes:
        """Return another process's answer. Raises `StoreUnavailable`, `TimeoutError`, or `ValueError` if too long."""
        number = new_id("ask")
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._asked[number] = answer
        try:
            async with asyncio.timeout(limit_s):
                await self._send("question", owner, number, question)
                return await answer
        finally:
            del self._asked[number]

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            try:
                await self._listen()
            except Exception as error:
                # Whatever stands in the way may pass; the calls of this process need no intercom.
                logger.info("the intercom is interrupted: %s", type(error).__name__)
            finally:
                self.listening.clear()
            await self._clock.sleep_ms(AGAIN_MS)

    async def _listen(self) -> None:
        async with outages_while_connecting(), self._db.engine.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            over = asyncio.Event()
            driver.add_termination_listener(lambda closed: over.set())
            await driver.add_listener(CHANNEL, self._heard)
            self.listening.set()
            try:
                await over.wait()
            finally:
                # A connection that listens is no good to anybody else.
                await connection.invalidate()

    def _heard(self, connection: object, process_id: int, channel: str, payload: str) -> None:
        try:
            message = msgspec.json.decode(payload, type=_Message)
            if message.to != self._owner:
                return
            body = _unpacked(message.body)
        except (msgspec.MsgspecError, ValueError, zlib.error):
            logger.warning("a message on the intercom could not be read")
            return
        if message.kind == "answer":
            asked = self._asked.get(message.number)
            if asked is not None and not asked.done():
                asked.set_result(body)
            return
        task = asyncio.get_running_loop().create_task(self._answer(message, body), name="an answer to another process")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, message: _Message, body: bytes) -> None:
        if self._answering is None:
            return
        try:
            answer = await self._answering(body)
            await self._send("answer", message.sender, message.number, answer)
        except Exception as error:
            # The question may quote people; whoever asked is told by the silence.
            logger.warning("a question of another process was not answered: %s", type(error).__name__)

    async def _send(self, kind: Literal["question", "answer"], to: str, number: str, body: bytes) -> None:
        packed = base64.b64encode(zlib.compress(body, 9)).decode()
        message = _Message(kind=kind, to=to, sender=self._owner, number=number, body=packed)
        payload = msgspec.json.encode(message)
        if len(payload) > MAX_PAYLOAD_BYTES:
            raise ValueError("too long for the intercom")
        async with self._db.session() as session:
            await session.execute(_NOTIFY, {"channel": CHANNEL, "payload": payload.decode()})


def _unpacked(body: str) -> bytes:
    unpacking = zlib.decompressobj()
    unpacked: bytes = unpacking.decompress(base64.b64decode(body, validate=True), MAX_BODY_BYTES)
    if unpacking.unconsumed_tail:
        raise ValueError("too long")
    return unpacked
