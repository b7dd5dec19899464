"""Claims: what has been proven about the caller, and about whom."""

from collections.abc import Callable, Iterable, Mapping

from huntgroup.domain.errors import ClaimMissing


class Claims:
    """The claims of one call.

    Tools grant them, never the model; nothing removes or widens them at a handoff. A claim holds for one `subject`
    (a patient's id, say), and tools take identity from there and from no argument. `on_grant` is told of each grant.
    """

    def __init__(self, on_grant: Callable[[str, str], None] | None = None) -> None:
        self._subjects: dict[str, str] = {}
        self._on_grant = on_grant

    def grant(self, name: str, subject: str) -> None:
        """Hold `name` for `subject`; a later grant of the same name replaces the subject."""
        self._subjects[name] = subject
        if self._on_grant is not None:
            self._on_grant(name, subject)

    def restore(self, subjects: Mapping[str, str]) -> None:
        """Hold claims that were granted earlier in the same call; nobody is told of them again."""
        self._subjects.update(subjects)

    def has(self, name: str) -> bool:
        return name in self._subjects

    def subject(self, name: str) -> str:
        """Return whom the claim is about. Raises `ClaimMissing` when it is not held."""
        try:
            return self._subjects[name]
        except KeyError:
            raise ClaimMissing([name]) from None

    def names(self) -> frozenset[str]:
        return frozenset(self._subjects)

    def require(self, names: Iterable[str]) -> None:
        """Raise `ClaimMissing` with all of `names` that are not held."""
        missing = [name for name in names if name not in self._subjects]
        if missing:
            raise ClaimMissing(missing)
