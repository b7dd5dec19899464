"""Understanding: the embedded dialogue manager, and a chat-completions server in its place."""

from .mind import DialogueMind, Understanding, new_mind

__all__ = ["DialogueMind", "Understanding", "new_mind"]
