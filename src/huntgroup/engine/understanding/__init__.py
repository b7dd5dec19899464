"""Understanding: the embedded dialogue manager, and a chat-completions server in its place."""

from .chat_mind import ChatMind, ChatUnavailable
from .mind import DialogueMind, Understanding, new_mind

__all__ = ["ChatMind", "ChatUnavailable", "DialogueMind", "Understanding", "new_mind"]
