"""Errors, named for what their catcher does next.

HuntgroupError
├── RetryError            try again, or take another way to the same end
│   ├── StoreUnavailable      the database does not answer: spool and write later
│   ├── SpoolUnusable         the spool on disk cannot be written: keep in memory, and write later
│   ├── ModelUnavailable      no model session could be opened
│   └── ModelLost             an open model session is over
├── TellModel             answer the model's tool call with the reason; the agent goes on
│   ├── UnknownTool           the model named a tool that its session does not have
│   ├── BadArguments          the arguments are no JSON object or break the tool's schema
│   ├── ClaimMissing          a claim that the tool or the edge requires is not held
│   ├── ToolFailed            the tool raised
│   ├── ToolTimedOut          the tool took longer than its time-out
│   ├── TooLate               the result came when another agent had the call
│   ├── TooDeep               a consulted specialist asks one more specialist than may be asked
│   ├── ToolBlocked           a guardrail stopped the tool
│   ├── Retracted             a guardrail stopped the reply that called the tool, or asked for the transfer
│   ├── NotAuthorised         not the agent's tool, or not this team's or tenant's, when it was to run
│   ├── ApprovalRefused       a person was asked to approve the tool, and said no or nothing
│   ├── OutputTooLarge        the tool answered more than a model can use
│   └── HandoffRefused        no such edge, a limit reached, a loop, or a second transfer
├── TellCaller            the agent says so in plain words and carries on
│   └── NotSaved              a write could not be stored
├── HandOff               somebody else must take the call
├── EndCall               the call cannot go on: settle it and close
│   └── CallFailed            the call is settled, but ended by a fault of ours
└── TellDeveloper         the program or its settings are wrong: stop and say where
    ├── SettingsError         a setting has a value that cannot work
    ├── TeamError             a team, tool or manifest contradicts itself
    └── DataMissing           a file that an installation needs is missing or damaged
"""

from collections.abc import Sequence


class HuntgroupError(Exception):
    """Root of all errors that huntgroup raises on purpose. Messages never hold personal data."""


class RetryError(HuntgroupError):
    """The same thing may work when tried again or elsewhere."""


class StoreUnavailable(RetryError):
    """The database does not answer or refuses connections."""


class SpoolUnusable(RetryError):
    """Facts cannot be written to the spool on disk: it is full, or the folder may not be written."""


class ModelUnavailable(RetryError):
    """No model session could be opened. `retryable` is False for wrong keys and exhausted quotas."""

    def __init__(self, reason: str, *, retryable: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retryable = retryable


class ModelLost(RetryError):
    """An open model session is over; `reason` is a short code such as `closed` or `session_expired`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TellModel(HuntgroupError):
    """The tool call is answered with `code` and this message, and the agent goes on."""

    code = "refused"


class UnknownTool(TellModel):
    code = "unknown_tool"


class BadArguments(TellModel):
    code = "bad_arguments"


class ClaimMissing(TellModel):
    """A required claim is not held; `needs` names what is missing, for the model to obtain first."""

    code = "claim_missing"

    def __init__(self, needs: Sequence[str]) -> None:
        super().__init__(f"this needs first: {', '.join(needs)}")
        self.needs = tuple(needs)


class ToolFailed(TellModel):
    code = "tool_failed"


class ToolTimedOut(TellModel):
    code = "tool_timed_out"


class TooLate(TellModel):
    code = "too_late"


class TooDeep(TellModel):
    code = "too_deep"


class ToolBlocked(TellModel):
    code = "blocked"


class Retracted(TellModel):
    code = "retracted"


class NotAuthorised(TellModel):
    """A tool that may not run for whom it is called. `code`: not_owner, out_of_scope, wrong_team, wrong_tenant."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class ApprovalRefused(TellModel):
    """A person said no (`approval_refused`), or nothing within the deadline (`approval_timed_out`)."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class OutputTooLarge(TellModel):
    code = "output_too_large"


class HandoffRefused(TellModel):
    """A transfer that may not happen. `code` says why: ignored, no_edge, hop_limit, loop, busy."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class TellCaller(HuntgroupError):
    """The agent says this in plain words and carries on."""


class NotSaved(TellCaller):
    """A write could not be stored; the agent must not claim that it was."""


class HandOff(HuntgroupError):
    """Somebody else, a colleague or a person, must take the call."""


class EndCall(HuntgroupError):
    """The call cannot go on; its owner settles and closes it."""


class CallFailed(EndCall):
    """The call is settled, and its record complete, but it ended by a fault; the message is the reason."""


class TellDeveloper(HuntgroupError):
    """The program or its settings are wrong."""


class SettingsError(TellDeveloper):
    """A setting has a value that cannot work; the message is one line that says which and why."""


class TeamError(TellDeveloper):
    """A team, tool or manifest contradicts itself; the message names the place."""


class DataMissing(TellDeveloper):
    """A file that an installation needs is missing or has the wrong checksum."""
