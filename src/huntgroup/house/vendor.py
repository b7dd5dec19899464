"""Callers whose sound is at the model's server: their browser's key for it, and the line by which their call is run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from agents import RunContextWrapper

from huntgroup.calls.model.config import announced_config
from huntgroup.calls.ports import Clock
from huntgroup.calls.state.toolset import resolve
from huntgroup.engine.model import PROFILE as OFFLINE
from huntgroup.lines.vendor import VendorLine
from huntgroup.models.attached import AttachedModel, joining
from huntgroup.models.endpoint import Endpoint
from huntgroup.models.openai_realtime import OpenAIRealtimeModel
from huntgroup.models.vendor_calls import VendorCalls
from huntgroup.teams import CallContext, Team

OWN_PATH = "/v1/realtime"


@dataclass(frozen=True)
class VendorPass:
    """Where a browser offers its sound, and the key that it shows there until `expires_at`."""

    url: str
    secret: str = field(repr=False)
    expires_at: int


class AttachedLine(VendorLine):
    """A line with the model that its caller speaks to."""

    model: AttachedModel


class VendorAudio:
    """Calls at one server: that of `endpoint`, or our own engine's without one, reached at the `own` of each method."""

    def __init__(
        self,
        endpoint: Endpoint | None,
        teams: Mapping[str, Team],
        clock: Clock,
        return_ms: int,
        resources: Mapping[type, object],
    ) -> None:
        self._endpoint = endpoint
        self._teams = teams
        self._clock = clock
        self._return_ms = return_ms
        self._resources = resources

    @property
    def origin(self) -> str | None:
        """The origin that pages must be able to reach; None when it is our own."""
        return VendorCalls(self._endpoint).origin if self._endpoint is not None else None

    async def announce(self, team: str, call_id: str, own: str) -> VendorPass:
        """Return a browser's pass, with the session of the team's first agent behind it. Raises `ModelUnavailable`."""
        chosen, endpoint = self._teams[team], self._at(own)
        context = CallContext(call_id=call_id, clock=self._clock, team=team, resources=self._resources)
        toolset = await resolve(chosen, chosen.first, RunContextWrapper(context=context), [])
        calls = VendorCalls(endpoint)
        secret = await calls.mint(announced_config(chosen, toolset, self._server(endpoint).profile))
        # A page reaches our own engine as it reached us.
        url = calls.calls_url if self._endpoint is not None else f"{OWN_PATH}/calls"
        return VendorPass(url, secret.value, secret.expires_at)

    def line(self, vendor_call: str, own: str) -> AttachedLine:
        """Return the line of a call that a browser holds with the server."""
        endpoint = self._at(own)
        leave = partial(VendorCalls(endpoint).hang_up, vendor_call)
        line = AttachedLine(self._clock, leave, return_ms=self._return_ms)
        server = self._server(replace(endpoint, url=joining(endpoint.url, vendor_call)))
        line.model = AttachedModel(server, line)
        return line

    def _at(self, own: str) -> Endpoint:
        if self._endpoint is not None:
            return self._endpoint
        return Endpoint(url=own + OWN_PATH, model=OFFLINE.model, is_own=True)

    def _server(self, endpoint: Endpoint) -> OpenAIRealtimeModel:
        server = OpenAIRealtimeModel(endpoint, joins=True)
        if self._endpoint is None:
            server.profile = OFFLINE
        return server
