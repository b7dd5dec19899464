"""What an agent may see of what others know, by the names that it `sees`."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from huntgroup.teams import VoiceAgent
from huntgroup.teams.team import AnyAgent

ALWAYS = frozenset({"ok", "error", "status"})
WITHHELD = "[withheld]"
MIN_SECRET_CHARS = 3


class Redaction:
    """Takes out of a payload, and of all that carries it, what the receiver may not see.

    A field is seen when its name, or its path such as `patient.name`, is in `sees`; `patient.*` shows all of a nested
    object, `patient` alone only its fields that are seen themselves. `visible` is what is left of the payload. Values
    that were taken out are found again in texts, and a predecessor's tool calls show only fields that are seen.
    """

    def __init__(self, receiver: AnyAgent, payload: Mapping[str, Any]) -> None:
        self._sees = receiver.sees if isinstance(receiver, VoiceAgent) else None
        self.visible: dict[str, Any] = dict(payload) if self._sees is None else self._shown(payload, "", frozenset())
        secrets = set(_leaves(payload)) - set(_leaves(self.visible))
        self._secret = _pattern(secrets)

    @property
    def strict(self) -> bool:
        """Whether the receiver sees by name only."""
        return self._sees is not None

    def text(self, text: str) -> str:
        """Return a text without the values that were taken out of the payload."""
        return self._secret.sub(WITHHELD, text) if self._secret is not None else text

    def tool_text(self, text: str) -> str:
        """Return the arguments or the output of a predecessor's tool as the receiver may read it."""
        if self._sees is None:
            return text
        try:
            body = json.loads(text or "{}")
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict):
            return json.dumps({"status": "withheld"})
        shown = self._shown(body, "", ALWAYS)
        return self.text(text if shown == body else json.dumps(shown, ensure_ascii=False))

    def _shown(self, fields: Mapping[str, Any], path: str, always: frozenset[str]) -> dict[str, Any]:
        assert self._sees is not None
        shown = {}
        for name, value in fields.items():
            at = f"{path}{name}"
            if f"{at}.*" in self._sees or name in always:
                shown[name] = value
            elif name in self._sees or any(seen.startswith(f"{at}.") or seen == at for seen in self._sees):
                shown[name] = self._nested(value, f"{at}.")
        return shown

    def _nested(self, value: Any, path: str) -> Any:
        if isinstance(value, dict):
            return self._shown(value, path, frozenset())
        if isinstance(value, list):
            return [self._nested(inner, path) for inner in value]
        return value


def _leaves(value: Any) -> Iterator[str]:
    """Yield all plain values as the texts in which they would be said or written."""
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _leaves(inner)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield str(value).strip()


def _pattern(secrets: set[str]) -> re.Pattern[str] | None:
    """Match any of these values as whole words, whatever their case; too short ones would match by chance."""
    long = sorted((value for value in secrets if len(value) >= MIN_SECRET_CHARS), key=len, reverse=True)
    if not long:
        return None
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, long)) + r")(?!\w)", re.IGNORECASE)
