"""ICE that can begin anew below a DTLS connection that stands (RFC 8445, section 2.4)."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

from aioice import Candidate, ConnectionClosed
from aiortc import RTCIceParameters, RTCIceTransport

from huntgroup.rtc.agent import IceAgent, Network, Relay

# More than a process that stands still gets of a whole call in ten seconds; what floods us beyond that is dropped.
MOST_WAITING = 1_000


class RestartableIce:
    """Stands in for the aioice connection below an `RTCIceTransport`: one agent carries datagrams, another may follow.

    While a restart is under way the agent before goes on to carry them, and what cannot be sent is dropped like a
    packet in the network. `signs` counts whatever comes from the other side. `close` must follow.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        self._agent = IceAgent(self, network)
        self._next: IceAgent | None = None
        self._taking_over: asyncio.Task[None] | None = None
        self._watching: set[asyncio.Task[None]] = set()
        self._leaving: set[asyncio.Task[None]] = set()
        self._is_lost = False
        self._over = asyncio.Event()
        self._arrived: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.signs = 0

    def put_below(self, transport: RTCIceTransport) -> None:
        """Take the place of the connection that the transport was made with, before anything was gathered."""
        beneath: Any = transport
        beneath._connection = beneath.iceGatherer._connection = self
        beneath._recv, beneath._send = self.recv, self.send

    @property
    def relay(self) -> Relay:
        """What became of the TURN server at the last gathering."""
        return self._latest.relay

    async def restart(self, remote: RTCIceParameters, candidates: Sequence[Candidate]) -> None:
        """Gather anew under new names, which `local_username` tells from then on, and connect to the other side's.

        Returns when our candidates are known. A restart that comes before another one is done takes its place.
        """
        await self._give_up_restart()
        fresh = IceAgent(self, self._network)
        fresh.ice_controlling = self._agent.ice_controlling
        fresh.remote_is_lite = remote.iceLite
        fresh.remote_username, fresh.remote_password = remote.usernameFragment, remote.password
        try:
            await fresh.gather_candidates()
            for candidate in candidates:
                await fresh.add_remote_candidate(candidate)
        except BaseException:
            await fresh.close()
            raise
        self._next = fresh
        self._taking_over = asyncio.create_task(self._take_over(fresh), name="restart ICE")

    async def _take_over(self, fresh: IceAgent) -> None:
        try:
            await fresh.connect()
        except ConnectionError:
            await fresh.close()
            self._next = None
            if self._is_lost:
                self._end()
            return
        before, self._agent, self._next = self._agent, fresh, None
        self._is_lost = False
        self._watch(fresh)
        self._let_go(before)

    async def _give_up_restart(self) -> None:
        task, self._taking_over = self._taking_over, None
        if task is not None and not task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        fresh, self._next = self._next, None
        if fresh is not None:
            await fresh.close()

    def _let_go(self, agent: IceAgent) -> None:
        """Close an agent in a task of its own: one that is cut off while it closes keeps its sockets."""
        task = asyncio.create_task(agent.close(), name="close an ICE agent")
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    def _watch(self, agent: IceAgent) -> None:
        task = asyncio.create_task(self._until_lost(agent), name="watch an ICE agent")
        self._watching.add(task)
        task.add_done_callback(self._watching.discard)

    async def _until_lost(self, agent: IceAgent) -> None:
        with contextlib.suppress(ConnectionError):
            await agent.recv()
        if agent is self._agent:
            self._is_lost = True
            if self._next is None:
                self._end()

    def _end(self) -> None:
        self._over.set()
        self._arrived.put_nowait(None)

    # -- what the agents tell ---------------------------------------------------------------------------------------

    def arrived(self, data: bytes) -> None:
        """A datagram came, over whichever agent."""
        self.signs += 1
        if self._arrived.qsize() < MOST_WAITING:
            self._arrived.put_nowait(data)

    def sign(self) -> None:
        """The other side checked that we are there."""
        self.signs += 1

    # -- what aiortc uses of a connection ---------------------------------------------------------------------------

    @property
    def _latest(self) -> IceAgent:
        return self._next if self._next is not None else self._agent

    @property
    def local_candidates(self) -> list[Candidate]:
        return self._latest.local_candidates

    @property
    def remote_candidates(self) -> list[Candidate]:
        return self._latest.remote_candidates

    @property
    def local_username(self) -> str:
        return self._latest.local_username

    @property
    def local_password(self) -> str:
        return self._latest.local_password

    @property
    def ice_controlling(self) -> bool:
        return self._agent.ice_controlling

    @ice_controlling.setter
    def ice_controlling(self, value: bool) -> None:
        self._agent.ice_controlling = value

    @property
    def remote_is_lite(self) -> bool:
        return self._agent.remote_is_lite

    @remote_is_lite.setter
    def remote_is_lite(self, value: bool) -> None:
        self._agent.remote_is_lite = value

    @property
    def remote_username(self) -> str | None:
        return self._agent.remote_username

    @remote_username.setter
    def remote_username(self, value: str | None) -> None:
        self._agent.remote_username = value

    @property
    def remote_password(self) -> str | None:
        return self._agent.remote_password

    @remote_password.setter
    def remote_password(self, value: str | None) -> None:
        self._agent.remote_password = value

    async def gather_candidates(self) -> None:
        await self._agent.gather_candidates()

    async def add_remote_candidate(self, candidate: Candidate | None) -> None:
        """Candidates of the first offer, or one of a restart when it is under way."""
        await self._latest.add_remote_candidate(candidate)

    async def connect(self) -> None:
        await self._agent.connect()
        self._watch(self._agent)

    async def recv(self) -> bytes:
        data = None if self._over.is_set() and self._arrived.empty() else await self._arrived.get()
        if data is None:
            raise ConnectionError("ICE is over")
        return data

    async def send(self, data: bytes) -> None:
        if self._over.is_set():
            raise ConnectionError("ICE is over")
        with contextlib.suppress(ConnectionError):
            await self._agent.send(data)

    async def get_event(self) -> ConnectionClosed:
        await self._over.wait()
        return ConnectionClosed()

    async def close(self) -> None:
        await self._give_up_restart()
        await self._agent.close()
        if others := self._watching | self._leaving:
            await asyncio.wait(others)
        if not self._over.is_set():
            self._end()
