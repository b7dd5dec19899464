"""One ICE agent: its sockets in the operator's port range, its candidates within a short time, its signs of life."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from aioice import Candidate, Connection, TransportPolicy, stun
from aioice.candidate import candidate_foundation, candidate_priority
from aioice.ice import StunProtocol, relayed_candidate, server_reflexive_candidate
from aiortc import RTCIceServer
from aiortc.rtcicetransport import connection_kwargs

log = logging.getLogger(__name__)

# A page waits for the answer meanwhile; who is not there by then is not needed for a call that stands without it.
GATHER_LIMIT_S = 1.5

Relay = Literal["none", "ready", "refused", "unreachable"]


@dataclass(frozen=True)
class Network:
    """How peers reach the network.

    Of `ice_servers`, in the form of a browser's, the first STUN and the first TURN server are used. `ports` are the UDP
    ports for our own candidates, of which each peer takes one per address; None leaves them to the system. With
    `relay_only` everything goes over the TURN server.
    """

    ice_servers: Sequence[Mapping[str, Any]] = ()
    ports: range | None = None
    relay_only: bool = False


class AgentEvents(Protocol):
    """Who takes what an agent receives. Every method must be quick."""

    def arrived(self, data: bytes) -> None:
        """A datagram that is none of ICE's own."""
        ...

    def sign(self) -> None:
        """The other side asked or answered an ICE check."""
        ...


class IceAgent(Connection):
    """An aioice connection whose datagrams go to `events` as they come: its own `recv` only tells that it is over.

    `relay` says after `gather_candidates` what became of the TURN server.
    """

    def __init__(self, events: AgentEvents, network: Network) -> None:
        policy = TransportPolicy.RELAY if network.relay_only else TransportPolicy.ALL
        servers = connection_kwargs([RTCIceServer(**server) for server in network.ice_servers])
        super().__init__(ice_controlling=False, transport_policy=policy, **servers)
        self._events = events
        self._ports = network.ports
        self._relay_only = network.relay_only
        self.relay: Relay = "unreachable" if self.turn_server is not None else "none"

    def data_received(self, data: bytes, component: int) -> None:
        """Hand a datagram on."""
        self._events.arrived(data)

    def request_received(self, message: stun.Message, addr: tuple[str, int], protocol: StunProtocol) -> None:
        """Answer a check; one that knows both names of this session shows that its sender is there."""
        super().request_received(message, addr, protocol)
        if message.attributes.get("USERNAME") == f"{self.local_username}:{self.remote_username}":
            self._events.sign()

    async def get_component_candidates(
        self,
        component: int,
        addresses: list[str],
        timeout: float = GATHER_LIMIT_S,  # noqa: ASYNC109 - the name is aioice's
    ) -> list[Candidate]:
        """Return our candidates; servers that do not answer in time cost their own only."""
        hosts = [one for address in addresses if (one := await self._bound(address, component)) is not None]
        self._protocols += hosts
        found = [one.local_candidate for one in hosts]
        asked: list[Awaitable[Candidate | None]] = [
            self._reflexive(one)
            for one in hosts
            if self.stun_server is not None and ":" not in one.local_candidate.host
        ]
        if self.turn_server is not None:
            asked.append(self._relayed(component))
        if asked:
            found += await _within(asked, timeout)
        return found

    async def _bound(self, address: str, component: int) -> StunProtocol | None:
        loop = asyncio.get_running_loop()
        for port in _shuffled(self._ports):
            with contextlib.suppress(OSError):
                _, protocol = await loop.create_datagram_endpoint(
                    lambda: StunProtocol(self), local_addr=(address, port)
                )
                protocol.local_candidate = _host_candidate(protocol, component)
                return protocol
        if self._ports is not None:
            log.warning("no UDP port of %d to %d is free for a candidate", self._ports[0], self._ports[-1])
        return None

    async def _reflexive(self, host: StunProtocol) -> Candidate | None:
        assert self.stun_server is not None
        try:
            candidate, _ = await server_reflexive_candidate(host, self.stun_server)
        except (stun.TransactionError, OSError, LookupError):
            log.warning("the STUN server %s:%d does not answer", *self.stun_server)
            return None
        return candidate

    async def _relayed(self, component: int) -> Candidate | None:
        assert self.turn_server is not None
        try:
            candidate, protocol = await relayed_candidate(
                component=component,
                hide_related_address=self._relay_only,
                protocol_factory=lambda: StunProtocol(self),
                turn_server=self.turn_server,
                turn_username=self.turn_username,
                turn_password=self.turn_password,
                turn_ssl=self.turn_ssl,
                turn_transport=self.turn_transport,
            )
        except stun.TransactionFailed as failed:
            self.relay = "refused"
            log.warning("the TURN server %s:%d refuses us with error %s", *self.turn_server, failed.response.error_code)
        except (stun.TransactionError, OSError):
            log.warning("the TURN server %s:%d cannot be reached", *self.turn_server)
        else:
            self.relay = "ready"
            self._protocols.append(protocol)
            return candidate
        return None


async def _within(asked: Sequence[Awaitable[Candidate | None]], limit_s: float) -> list[Candidate]:
    tasks = [asyncio.ensure_future(one) for one in asked]
    try:
        done, late = await asyncio.wait(tasks, timeout=limit_s)
    except asyncio.CancelledError:
        done, late = set(), set(tasks)
        raise
    finally:
        # Whoever is given up on closes its sockets, and does so before we go on.
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
    if late:
        log.warning("%d ICE servers did not answer within %.1f s", len(late), limit_s)
    return [candidate for task in tasks if task in done and (candidate := task.result()) is not None]


def _shuffled(ports: range | None) -> Sequence[int]:
    # Trying from a random place on keeps a busy range from being walked from its beginning for each call.
    if ports is None:
        return (0,)
    first = secrets.randbelow(len(ports))
    return (*ports[first:], *ports[:first])


def _host_candidate(protocol: StunProtocol, component: int) -> Candidate:
    host, port = protocol.transport.get_extra_info("sockname")[:2]
    return Candidate(
        foundation=candidate_foundation("host", "udp", host),
        component=component,
        transport="udp",
        priority=candidate_priority(component, "host"),
        host=host,
        port=port,
        type="host",
    )
