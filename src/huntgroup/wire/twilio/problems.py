"""What can be wrong with a frame, as values: the stream goes on, or ends when the problem is fatal."""

from __future__ import annotations

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """One thing that was wrong. `detail` names places and numbers, never content.

    Codes: malformed_json, unknown_event, bad_base64, bad_message, frame_too_large, before_start, second_connected,
    second_start, wrong_stream, unsupported_format, bad_number, out_of_order, frames_missing, timestamp_jump,
    unexpected_track, empty_frame, bad_digit, after_stop.
    """

    code: str
    detail: str = ""
    is_fatal: bool = False


def from_decode_error(error: msgspec.DecodeError) -> Problem:
    """Name a frame that does not decode."""
    text = str(error)
    place = text.rpartition(" - at ")[2].strip("`") if " - at " in text else ""
    if not isinstance(error, msgspec.ValidationError):
        return Problem("malformed_json")
    if place == "$.event" or "`event`" in text:
        return Problem("unknown_event")
    if "base64" in text:
        return Problem("bad_base64", place)
    return Problem("bad_message", place)
