"""Bytes to events and back, for both sides of the protocol.

The audio events take one typed pass; only other client events are looked at twice, for keys nobody knows.
"""

from __future__ import annotations

import re
from typing import Any, get_args

import msgspec

from huntgroup.wire.realtime import response_events, server_events
from huntgroup.wire.realtime.base import MalformedEvent, UnknownServerEvent
from huntgroup.wire.realtime.client_events import ClientEvent, InputAudioBufferAppend
from huntgroup.wire.realtime.unknown_keys import first_unknown_key

KnownServerEvent = (
    server_events.Error
    | server_events.SessionCreated
    | server_events.SessionUpdated
    | server_events.ConversationCreated
    | server_events.ConversationItemCreated
    | server_events.ConversationItemAdded
    | server_events.ConversationItemDone
    | server_events.ConversationItemRetrieved
    | server_events.ConversationItemDeleted
    | server_events.ConversationItemTruncated
    | server_events.ConversationItemInputAudioTranscriptionDelta
    | server_events.ConversationItemInputAudioTranscriptionCompleted
    | server_events.ConversationItemInputAudioTranscriptionFailed
    | server_events.ConversationItemInputAudioTranscriptionSegment
    | server_events.InputAudioBufferCommitted
    | server_events.InputAudioBufferCleared
    | server_events.InputAudioBufferSpeechStarted
    | server_events.InputAudioBufferSpeechStopped
    | server_events.InputAudioBufferTimeoutTriggered
    | server_events.InputAudioBufferDtmfEventReceived
    | server_events.RateLimitsUpdated
    | server_events.McpListToolsInProgress
    | server_events.McpListToolsCompleted
    | server_events.McpListToolsFailed
    | response_events.ResponseCreated
    | response_events.ResponseDone
    | response_events.ResponseOutputItemAdded
    | response_events.ResponseOutputItemDone
    | response_events.ResponseContentPartAdded
    | response_events.ResponseContentPartDone
    | response_events.ResponseOutputTextDelta
    | response_events.ResponseOutputTextDone
    | response_events.ResponseOutputAudioDelta
    | response_events.ResponseOutputAudioDone
    | response_events.ResponseOutputAudioTranscriptDelta
    | response_events.ResponseOutputAudioTranscriptDone
    | response_events.ResponseFunctionCallArgumentsDelta
    | response_events.ResponseFunctionCallArgumentsDone
    | response_events.ResponseMcpCallArgumentsDelta
    | response_events.ResponseMcpCallArgumentsDone
    | response_events.ResponseMcpCallInProgress
    | response_events.ResponseMcpCallCompleted
    | response_events.ResponseMcpCallFailed
    | response_events.OutputAudioBufferStarted
    | response_events.OutputAudioBufferStopped
    | response_events.OutputAudioBufferCleared
)
ServerEvent = KnownServerEvent | UnknownServerEvent

_CLIENT: msgspec.json.Decoder[ClientEvent] = msgspec.json.Decoder(ClientEvent)
_SERVER: msgspec.json.Decoder[KnownServerEvent] = msgspec.json.Decoder(KnownServerEvent)
_ENCODER = msgspec.json.Encoder()
_CLIENT_TYPES: dict[str, type[msgspec.Struct]] = {c.__struct_config__.tag: c for c in get_args(ClientEvent)}
_SERVER_TYPES: dict[str, type[msgspec.Struct]] = {c.__struct_config__.tag: c for c in get_args(KnownServerEvent)}
_PATH = re.compile(r" - at `\$\.?([^`]*)`$")
_MISSING = re.compile(r"missing required field `([^`]+)`")


def encode(event: ClientEvent | ServerEvent) -> bytes:
    """One JSON message. Bytes fields become base64, UNSET fields are left out, None is written as null."""
    if isinstance(event, UnknownServerEvent):
        return _ENCODER.encode(event.raw)
    return _ENCODER.encode(event)


def event_type(event: ClientEvent | ServerEvent) -> str:
    """The protocol's name of an event, such as `session.update`."""
    if isinstance(event, UnknownServerEvent):
        return event.type
    return str(event.__struct_config__.tag)


def decode_client(data: bytes | str) -> ClientEvent:
    """Read one client event. Raises MalformedEvent with the protocol's error code and the path of the bad field."""
    try:
        event = _CLIENT.decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise _explain_client(data, error) from None
    if not isinstance(event, InputAudioBufferAppend):
        _refuse_unknown_keys(event, msgspec.json.decode(data))
    return event


def decode_server(data: bytes | str) -> ServerEvent:
    """Read one server event; keys that are new are ignored. Raises MalformedEvent when a known type cannot be read."""
    try:
        return _SERVER.decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raw = _generic(data)
        kind = raw.get("type")
        if isinstance(kind, str) and kind not in _SERVER_TYPES:
            return UnknownServerEvent(type=kind, raw=raw)
        raise _malformed(error, _event_id(raw)) from None


def _refuse_unknown_keys(event: ClientEvent, raw: dict[str, Any]) -> None:
    if path := first_unknown_key(raw, type(event)):
        raise MalformedEvent("unknown_parameter", path, f"Unknown parameter: '{path}'.", _event_id(raw))
    session = raw.get("session")
    if isinstance(session, dict) and "type" not in session:
        raise _missing("session.type", _event_id(raw))


def _explain_client(data: bytes | str, error: Exception) -> MalformedEvent:
    try:
        raw = _generic(data)
    except MalformedEvent as malformed:
        return malformed
    event_id, kind = _event_id(raw), raw.get("type")
    if kind is None:
        return _missing("type", event_id)
    if not isinstance(kind, str) or kind not in _CLIENT_TYPES:
        supported = ", ".join(f"'{name}'" for name in _CLIENT_TYPES)
        return MalformedEvent("invalid_value", "type", f"Invalid 'type'. Supported values are: {supported}.", event_id)
    if path := first_unknown_key(raw, _CLIENT_TYPES[kind]):
        return MalformedEvent("unknown_parameter", path, f"Unknown parameter: '{path}'.", event_id)
    return _malformed(error, event_id)


def _generic(data: bytes | str) -> dict[str, Any]:
    try:
        raw = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise MalformedEvent("invalid_event", None, "The event is not valid JSON.") from None
    if not isinstance(raw, dict):
        raise MalformedEvent("invalid_event", None, "The event must be a JSON object.")
    return raw


def _event_id(raw: dict[str, Any]) -> str | None:
    event_id = raw.get("event_id")
    return event_id if isinstance(event_id, str) else None


def _missing(path: str, event_id: str | None) -> MalformedEvent:
    text = f"Missing required parameter: '{path}'."
    return MalformedEvent("missing_required_parameter", path, text, event_id)


def _malformed(error: Exception, event_id: str | None) -> MalformedEvent:
    """Turn msgspec's message into code and path; its texts for values it saw are not passed on."""
    text = str(error)
    found = _PATH.search(text)
    path = found.group(1) if found else ""
    if missing := _MISSING.search(text):
        return _missing(f"{path}.{missing.group(1)}".lstrip("."), event_id)
    if "base64" in text:
        return MalformedEvent("invalid_value", path, f"Invalid '{path}': expected base64-encoded bytes.", event_id)
    if text.startswith("Invalid value"):
        return MalformedEvent("invalid_value", path, f"Invalid value for '{path}'.", event_id)
    expected = text.partition(" - at ")[0].replace("`", "'")
    return MalformedEvent("invalid_type", path, f"Invalid type for '{path}'. {expected}.", event_id)
