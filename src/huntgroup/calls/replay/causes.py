"""Facts in the order of cause and effect, which is the same however fast things were said and done."""

from collections.abc import Sequence

from huntgroup.calls.succession.announcer import is_of_house
from huntgroup.domain.facts import (
    AgentResumed,
    AgentSpoke,
    ApprovalAsked,
    ApprovalGiven,
    CallEnded,
    CallerSpoke,
    ClaimGranted,
    Consulted,
    EmergencyDeclared,
    Fact,
    FillerSpoken,
    GuardrailFailed,
    GuardrailTripped,
    HandoffCommitted,
    HandoffProposed,
    HandoffRefused,
    HandoffRolledBack,
    HumanRequested,
    Interrupted,
    LateResult,
    ModelLost,
    SpeechIgnored,
    ToolAnswered,
    ToolCalled,
    UsageReported,
)

_BY_TOOLS = ClaimGranted | EmergencyDeclared | HumanRequested | Consulted
_BEFORE_TOOLS = ApprovalAsked | ApprovalGiven
_OF_TOOL_CALLS = ToolAnswered | HandoffProposed | HandoffRefused | HandoffCommitted | FillerSpoken | LateResult
Key = tuple[float, ...]


class Causes:
    """Sorts the facts of one call by turn, response and tool instead of by time.

    Within a caller's turn: the turn itself, then response after response, of each its words, then its tool calls in
    the order in which the model made them, each with all that happened because of it and its answer.
    """

    def __init__(self, facts: Sequence[Fact]) -> None:
        self._log = sorted(without_house(facts), key=lambda fact: fact.seq)
        self._beyond = self._log[-1].seq + 1 if self._log else 0
        self._calls = {fact.tool_call_id: fact for fact in self._log if isinstance(fact, ToolCalled)}
        self._answers = {fact.tool_call_id: fact for fact in self._log if isinstance(fact, ToolAnswered)}
        self._inner = self._inside_consults()
        self._turns: dict[int, int] = {}
        for spoke in (fact for fact in self._log if isinstance(fact, CallerSpoke)):
            self._turns.setdefault(spoke.turn, spoke.seq)
        self._ends = [fact for fact in self._log if isinstance(fact, UsageReported)]
        self._losses = [fact for fact in self._log if isinstance(fact, ModelLost)]

    def in_order(self) -> list[Fact]:
        """Return the facts in causal order."""
        keys: dict[int, Key] = {}
        turn = 0
        for fact in self._log:
            keys[fact.seq] = self._key(fact, turn, keys)
            turn = max(turn, getattr(fact, "turn", 0))
        return sorted(self._log, key=lambda fact: (keys[fact.seq], fact.seq))

    def caller_of(self, fact: Fact) -> ToolCalled | None:
        """Return the tool call because of which a fact happened; None when it was no tool's doing."""
        if isinstance(fact, _OF_TOOL_CALLS | _BEFORE_TOOLS):
            return self._calls.get(fact.tool_call_id or "")
        if isinstance(fact, _BY_TOOLS):
            return self._running(fact)
        return self._inner.get(fact.seq)

    def answer_of(self, called: ToolCalled) -> ToolAnswered | None:
        return self._answers.get(called.tool_call_id)

    def items_of(self, response_id: str) -> list[AgentSpoke]:
        """Return what the record has of a response's words, in order."""
        return [fact for fact in self._log if isinstance(fact, AgentSpoke) and fact.response_id == response_id]

    def losses_before(self, fact: AgentSpoke | ToolCalled | GuardrailTripped | GuardrailFailed) -> int:
        """Return how often the model had been lost when the response began of which this is."""
        if not isinstance(fact, AgentSpoke):
            return sum(lost.seq < fact.seq for lost in self._losses)
        end = self.end_of(fact.response_id)
        if self._ends and end < self._beyond:
            return sum(lost.seq < end for lost in self._losses)
        return sum(fact.start_ms is not None and lost.t_ms < fact.start_ms for lost in self._losses)

    def is_broken(self, spoke: AgentSpoke) -> bool:
        """Whether the model was lost while it made these words."""
        return self.is_open(self.end_of(spoke.response_id)) and self.losses_before(spoke) < len(self._losses)

    def paused_ms(self, response_id: str, until_ms: int) -> int:
        """Return for how long an agent had been silenced in the middle of a reply."""
        resumed = (f for f in self._log if isinstance(f, AgentResumed) and f.response_id == response_id)
        return sum(fact.silent_ms for fact in resumed if fact.t_ms <= until_ms)

    def is_murmur(self, spoke: CallerSpoke) -> bool:
        """Whether the caller's speech became no turn of its own before the call was over."""
        return not spoke.text and (not spoke.turn or self._turns[spoke.turn] != spoke.seq)

    def was_interrupted(self, spoke: AgentSpoke) -> bool:
        """Whether somebody cut these words, and not the end of the call."""
        return any(isinstance(fact, Interrupted) and fact.item_id == spoke.item_id for fact in self._log)

    def is_unheard(self, spoke: CallerSpoke) -> bool:
        """Whether the words of a turn were lost with the session that heard it."""
        own = bool(spoke.turn) and self._turns[spoke.turn] == spoke.seq
        return own and not spoke.text and any(self._went_with(lost, spoke) for lost in self._losses)

    @property
    def log(self) -> Sequence[Fact]:
        """The facts in the order in which they became known."""
        return self._log

    def open_transfer(self, lost: ModelLost) -> ToolCalled | None:
        """Return the call for the handoff that was under way when the model was lost, if a model had asked for one."""
        moves = (HandoffProposed, HandoffCommitted, HandoffRolledBack, HandoffRefused)
        last = next((fact for fact in reversed(self._log) if isinstance(fact, moves) and fact.seq < lost.seq), None)
        return self._calls.get(last.tool_call_id or "") if isinstance(last, HandoffProposed) else None

    def is_inner(self, called: ToolCalled) -> bool:
        """Whether a tool was called by a specialist behind the line."""
        return called.seq in self._inner

    def end_of(self, response_id: str) -> int:
        """Return where in the log a response ended; beyond all when nothing says so."""
        return next((one.seq for one in self._ends if one.response_id == response_id), self._beyond)

    def end_after(self, called: ToolCalled) -> int:
        """Return where in the log the response of a tool call ended."""
        return next((one.seq for one in self._ends if one.seq > called.seq), self._beyond)

    def is_open(self, end: int) -> bool:
        """Whether a response whose end is at `end` never ended, in a record that tells of ends."""
        return bool(self._ends) and end >= self._beyond

    def _key(self, fact: Fact, turn: int, keys: dict[int, Key]) -> Key:
        called = self.caller_of(fact)
        if called is not None:
            return (*keys[called.seq], 2.0 if isinstance(fact, _OF_TOOL_CALLS) else 1.0, fact.seq)
        if isinstance(fact, CallEnded):
            return (float("inf"),)
        if isinstance(fact, GuardrailTripped | GuardrailFailed):
            return self._judged_at(fact, turn, keys)
        if isinstance(fact, SpeechIgnored):
            return self._ignored_at(fact, turn)
        if isinstance(fact, ModelLost):
            return self._last_turn(fact, turn), fact.seq
        return getattr(fact, "turn", turn), self._place_in_turn(fact)

    def _place_in_turn(self, fact: Fact) -> float:
        if isinstance(fact, CallerSpoke) and not self.is_murmur(fact):
            return -1.0
        return self._words_at(fact) if isinstance(fact, AgentSpoke) else fact.seq

    def _last_turn(self, lost: ModelLost, turn: int) -> int:
        """A turn whose words were lost is logged after the loss that it came before."""
        spoken = (fact for fact in self._log if isinstance(fact, CallerSpoke) and self.is_unheard(fact))
        return max([turn, *(spoke.turn for spoke in spoken if self._went_with(lost, spoke))])

    def _went_with(self, lost: ModelLost, spoke: CallerSpoke) -> bool:
        return lost.seq < spoke.seq and spoke.end_ms <= lost.t_ms

    def _words_at(self, spoke: AgentSpoke) -> float:
        """Words come before the tool calls of their response, although they are logged when they were heard."""
        return self._words_of(spoke, self.losses_before(spoke))

    def _words_of(self, fact: AgentSpoke | GuardrailTripped | GuardrailFailed, losses: int) -> float:
        end = next((one.seq for one in self._ends if one.response_id == fact.response_id), fact.seq)
        begin = max((one.seq for one in self._ends if one.seq < end and not self._behind_the_line(one)), default=-1)
        # Older records do not tell of which response a call is.
        near = (c.seq for c in self._calls.values() if not c.response_id and begin < c.seq < end)
        calls = [c.seq for c in self._calls.values() if c.response_id == fact.response_id]
        calls += [seq for seq in near if seq not in self._inner]
        lost = [one.seq for one in self._losses[losses:]]
        return min([*calls, end, fact.seq, *lost]) - 0.5

    def _behind_the_line(self, usage: UsageReported) -> bool:
        return any(low < usage.seq < high for low, high in self._consults)

    def _judged_at(self, judged: GuardrailTripped | GuardrailFailed, turn: int, keys: dict[int, Key]) -> Key:
        """A verdict comes when its check is done: it belongs behind the words that it is about."""
        if judged.response_id:
            said = self.items_of(judged.response_id)
            if said:
                return said[-1].turn, self._words_at(said[-1]), 3.0
            return turn, self._words_of(judged, self.losses_before(judged)), 3.0
        wanted: type[Fact] = CallerSpoke if judged.stage == "input" else AgentSpoke
        said_before = (fact for fact in self._log if isinstance(fact, wanted) and fact.seq < judged.seq)
        about = [fact for fact in said_before if getattr(fact, "turn", turn) == turn]
        return (*keys[about[-1].seq], 3.0) if about else (turn, judged.seq)

    def _ignored_at(self, ignored: SpeechIgnored, turn: int) -> Key:
        """What was said over an agent's words belongs behind them, although they are logged when they were heard."""
        spoken = [fact for fact in self._log if isinstance(fact, AgentSpoke) and _sounds_at(fact, ignored.start_ms)]
        if not spoken:
            return turn, ignored.seq
        last = [f for f in self._log if isinstance(f, AgentSpoke) and f.response_id == spoken[-1].response_id][-1]
        return last.turn, self._words_at(last), 2.0, ignored.seq

    def _running(self, fact: Fact) -> ToolCalled | None:
        """Return the tool that ran when something was granted or recorded: of several the one that ended first."""
        runs = [(answer, self._calls.get(answer.tool_call_id)) for answer in self._answers.values()]
        around = [(answer, call) for answer, call in runs if call is not None and call.seq < fact.seq < answer.seq]
        mine = [pair for pair in around if pair[1].agent == fact.agent] or around
        return min(mine, key=lambda pair: pair[0].seq)[1] if mine else None

    def _inside_consults(self) -> dict[int, ToolCalled]:
        inner: dict[int, ToolCalled] = {}
        self._consults: list[tuple[int, int]] = []
        for asked in (fact for fact in self._log if isinstance(fact, Consulted)):
            outer = self._running_tool(asked)
            if outer is None:
                continue
            self._consults.append((outer.seq, asked.seq))
            for fact in self._log:
                if isinstance(fact, ToolCalled) and outer.seq < fact.seq < asked.seq and fact.agent == asked.specialist:
                    inner[fact.seq] = outer
        return inner

    def _running_tool(self, asked: Consulted) -> ToolCalled | None:
        for fact in (answer for answer in self._answers.values() if answer.seq > asked.seq):
            called = self._calls.get(fact.tool_call_id)
            if called is not None and called.seq < asked.seq and called.agent == asked.agent:
                return called
        return None


def without_house(facts: Sequence[Fact]) -> list[Fact]:
    """Return the facts but for phrases that the house said: no model made them, and a replay has no house."""
    return [fact for fact in facts if not (isinstance(fact, AgentSpoke) and is_of_house(fact.item_id))]


def _sounds_at(spoke: AgentSpoke, at_ms: int) -> bool:
    return spoke.start_ms is not None and spoke.end_ms is not None and spoke.start_ms <= at_ms < spoke.end_ms
