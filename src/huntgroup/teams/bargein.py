"""When the caller's voice stops the agent, and what is no reason to."""

from collections.abc import Iterable
from dataclasses import dataclass

from huntgroup.teams.backchannels import is_backchannel


@dataclass(frozen=True, kw_only=True)
class BargeInPolicy:
    """How a team lets itself be interrupted.

    While the agent speaks, a voice silences it once it has lasted `patience_ms` (0: at once); what is shorter is judged
    by its words. A voice that has lasted `certain_ms` is a turn whatever its words; before that, words decide: none (a
    cough) or back-channels ("uh-huh") let the agent go on from where it was heard, anything else is a turn. Words that
    are not there `words_ms` after the turn was committed count as said. `backchannels` are more phrases of that kind,
    `echo` says whether the line may bring the agent's own voice back.
    """

    patience_ms: int = 800
    certain_ms: int = 1_200
    words_ms: int = 1_000
    backchannels: tuple[str, ...] = ()
    echo: bool = True

    def passes_over(self, text: str, languages: Iterable[str]) -> bool:
        """Whether words are only a sign that the caller listens."""
        return is_backchannel(text, languages, self.backchannels)
