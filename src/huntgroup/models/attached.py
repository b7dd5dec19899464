"""A session that a browser opened at the model's server, which we join by its call's id to run it.

What is said in it is the matter of each socket's `AttachedSession`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from urllib.parse import urlencode

from huntgroup.calls.ports import ModelSession, Profile, RealtimeModel
from huntgroup.domain.errors import ModelUnavailable
from huntgroup.domain.ids import new_id
from huntgroup.models.attachedsession import AttachedSession, Playout
from huntgroup.models.speechrate import SpeechRate
from huntgroup.wire import realtime as rt

# A session of a browser ends at its server's limit, whatever we do: another one cannot take its place.
NO_LIMIT_MS = 30 * 24 * 3_600_000
_NO_CALL = frozenset({"not_found", "policy_violation", "bad_request"})


def joining(url: str, call_id: str) -> str:
    """Return the address by which one joins a call."""
    return f"{url.partition('?')[0]}?{urlencode({'call_id': call_id})}"


class AttachedModel:
    """`RealtimeModel` of one call that is at its server already. `open` joins it, again after a loss.

    `server` must open a socket by the call's id. Joined again, the conversation is emptied first but for words of the
    caller that nobody has read: the call tells it anew from its record, with all that happened meanwhile.
    """

    def __init__(self, server: RealtimeModel, playout: Playout) -> None:
        self._server = server
        self._playout = playout
        self._items: dict[str, None] = {}
        self._unread: set[str] = set()
        self._joined = False
        self._rate = SpeechRate()
        self.profile: Profile = replace(server.profile, plays_itself=True, session_limit_ms=NO_LIMIT_MS)

    def open(self) -> AbstractAsyncContextManager[ModelSession]:
        """Join the call. Entering raises `ModelUnavailable`; not retryable, and the line over, when there is none."""
        return self._open()

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[ModelSession]:
        try:
            async with self._server.open() as socket:
                if self._joined:
                    self._empty(socket)
                self._joined = True
                session = AttachedSession(socket, self.profile, self._playout, self._rate, self._note)
                try:
                    yield session
                finally:
                    await session.close()
        except ModelUnavailable as error:
            if error.reason not in _NO_CALL:
                raise
            self._playout.end("vendor_call_over", lost=True)
            raise ModelUnavailable("call_over", retryable=False) from None

    def _empty(self, socket: ModelSession) -> None:
        socket.send(rt.ResponseCancel(event_id=new_id("cancel")))
        socket.send(rt.OutputAudioBufferClear(event_id=new_id("clear")))
        for item_id in [item_id for item_id in self._items if item_id not in self._unread]:
            del self._items[item_id]
            socket.send(rt.ConversationItemDelete(event_id=new_id("del"), item_id=item_id))

    def _note(self, event: rt.ServerEvent) -> None:
        """Keep the account of what is in the server's conversation."""
        match event:
            case rt.ConversationItemAdded() | rt.ConversationItemDone():
                if event.item.id:
                    self._items[event.item.id] = None
            case rt.ConversationItemDeleted(item_id=item_id):
                self._items.pop(item_id, None)
                self._unread.discard(item_id)
            case rt.InputAudioBufferCommitted(item_id=item_id):
                self._unread.add(item_id)
            case rt.ConversationItemInputAudioTranscriptionCompleted(item_id=item_id):
                self._unread.discard(item_id)
            case _:
                pass
